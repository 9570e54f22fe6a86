"""The cookie by which a browser is known again that is not signed in yet. The gateway hands it on as a header."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request, Response

from chassis.tokens import SignedCaller
from identity.credentials.secret import new_secret
from identity.oauth.rules import BROWSER, LASTS
from identity.providers.settings import ProviderSettings

HEADER = "x-sidetrack-oauth"
NAME = "sidetrack_oauth"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
NO_STORE = {"Cache-Control": "no-store"}


class Browser:
    """`known` is what it presented; None from one that was not here in the last ten minutes.

    `value` is what it is marked with, or shall be.
    """

    def __init__(self, known: str | None, *, secure: bool) -> None:
        self.known, self.value, self._secure = known, known or new_secret(), secure

    def mark(self, response: Response) -> None:
        """Another begun sign-in in another tab stays good: the value is the same."""
        response.set_cookie(
            _name(secure=self._secure),
            self.value,
            max_age=int(LASTS.total_seconds()),
            # A __Host- cookie, which no neighbouring site can plant, is for every path.
            path="/" if self._secure else "/auth",
            secure=self._secure,
            httponly=True,
            samesite="lax",
        )


async def _browser(request: Request, _: SignedCaller) -> Browser:
    # Believed because the request is signed: nobody but the gateway signs for people, and it drops what a client says.
    secure = _is_secure(ProviderSettings().public_url)
    pairs = [each.strip().partition("=") for each in request.headers.get(HEADER, "").split(";")]
    own = [value for name, _, value in pairs if name == _name(secure=secure) and BROWSER.fullmatch(value)]
    return Browser(own[0] if len(own) == 1 else None, secure=secure)


PresentBrowser = Annotated[Browser, Depends(_browser)]


def _is_secure(public_url: str) -> bool:
    address = urlsplit(public_url)
    return not (address.scheme == "http" and address.hostname in LOOPBACK)


def _name(*, secure: bool) -> str:
    return f"__Host-{NAME}" if secure else NAME
