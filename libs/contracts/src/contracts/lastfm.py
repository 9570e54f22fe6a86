"""What listening asks identity of clients that speak Last.fm's protocol: who they are, and whether they signed."""

from typing import Literal

from pydantic import Field

from contracts.event import Message, Request
from contracts.ids import UserId

# Why nobody is known by what was shown.
Fault = Literal[
    "invalid_api_key",
    "invalid_signature",
    "invalid_session",
    "authentication_failed",
    "token_not_approved",
    "token_expired",
]


class SignedCall(Request, json_schema_extra={"examples": [{"api_key": "0" * 32, "said": "", "signature": "0" * 32}]}):
    """`said` is the text that was signed, without the secret that follows it; without a `signature`, nothing was."""

    api_key: str = Field(max_length=100)
    said: str = ""
    signature: str | None = Field(default=None, max_length=100)
    session: str | None = Field(default=None, max_length=100)


class SigningIn(SignedCall):
    """With a token that was approved; or with a name and a password, which is a key, or the proof of knowing it."""

    token: str | None = Field(default=None, max_length=100)
    username: str | None = Field(default=None, max_length=200)
    password: str | None = Field(default=None, max_length=300)
    auth_token: str | None = Field(default=None, max_length=100)


class Known(Message):
    """Whose call it is, or the fault. `name` is their handle, else their id."""

    fault: Fault | None = None
    user_id: UserId | None = None
    name: str | None = None


class Token(Message):
    fault: Fault | None = None
    token: str | None = None


class SignedIn(Known):
    """`session` is shown this once: only its hash is kept."""

    session: str | None = None


class Approval(Request, json_schema_extra={"examples": [{"api_key": "0" * 32, "token": "0" * 32}]}):
    """What the address of the page holds that a scrobbler has opened."""

    api_key: str = Field(pattern=r"^[0-9a-f]{32}$")
    token: str = Field(pattern=r"^[0-9a-f]{32}$")
