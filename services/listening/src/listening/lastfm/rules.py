"""Calls of Last.fm's protocol: what one says, what of it is signed, and how one fails. No I/O here."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from contracts.lastfm import Fault

# Of fifty scrobbles with all that each may say, and some more.
MOST_PARAMETERS = 1000
NOT_SIGNED = frozenset({"format", "callback", "api_sig"})

MESSAGES = {
    3: "Invalid Method - No method with that name in this package",
    4: "Authentication Failed - You do not have permissions to access the service",
    6: "Invalid parameters - Your request is missing a required parameter",
    9: "Invalid session key - Please re-authenticate",
    10: "Invalid API key - You must be granted a valid key by last.fm",
    13: "Invalid method signature supplied",
    14: "Unauthorized Token - This token has not been authorized",
    15: "This token has expired",
    16: "There was a temporary error processing your request. Please try again",
    17: "Login: User required to be logged in",
}
STATUS = {4: 403, 9: 403, 10: 403, 13: 403, 14: 403, 15: 403, 16: 503, 17: 403}
FAULTS: Mapping[Fault, int] = {
    "invalid_api_key": 10,
    "invalid_signature": 13,
    "invalid_session": 9,
    "authentication_failed": 4,
    "token_not_approved": 14,
    "token_expired": 15,
}


class Failed(Exception):
    """By its number clients know what to do: 9 is to sign in anew, 16 to come again, with all others it is lost."""

    def __init__(self, number: int, message: str | None = None) -> None:
        super().__init__(message or MESSAGES[number])
        self.number, self.status = number, STATUS.get(number, 400)


@dataclass(frozen=True)
class Call:
    """`method` is in lower case: some write `track.updatenowplaying`."""

    method: str
    parameters: Mapping[str, str]
    writes: bool

    def get(self, name: str) -> str:
        return self.parameters.get(name, "")

    @property
    def said(self) -> str:
        """What is signed, in the order of the parameters' names as bytes: `artist[10]` comes before `artist[1]`."""
        signed = sorted(name for name in self.parameters if name not in NOT_SIGNED)
        return "".join(f"{name}{self.parameters[name]}" for name in signed)


def read_parameters(query: bytes, form: bytes) -> dict[str, str]:
    """Some send a part of them in the address; what the form says counts more. Raises Failed."""
    told: dict[str, str] = {}
    try:
        for part in (query, form):
            pairs = parse_qsl(part.decode(), True, errors="strict", max_num_fields=MOST_PARAMETERS)  # noqa: FBT003 — what is blank was said, too
            told |= dict(reversed(pairs))
    except ValueError as error:
        raise Failed(6) from error
    return told


def wants_json(parameters: Mapping[str, str]) -> bool:
    return parameters.get("format", "").lower() == "json"
