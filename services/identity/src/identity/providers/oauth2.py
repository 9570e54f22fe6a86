"""What Discord and Spotify have in common: RFC 6749 with PKCE, and our secret in the Authorization header."""

import base64
import hashlib
from http import HTTPStatus
from typing import Any
from urllib.parse import quote_plus, urlencode

from chassis.providers import ProviderAway
from chassis.wire import Told, Wire
from identity.providers.grants import Grant
from identity.providers.rules import GrantEnded, NotAccepted, seconds_of, text_of
from identity.providers.settings import Client


class TokenEndpoint:
    def __init__(self, url: str, client: Client, wire: Wire) -> None:
        self._url, self._client, self._wire = url, client, wire

    async def exchange(self, code: str, verifier: str, callback: str) -> Grant:
        """Raises NotAccepted for a code that is wrong, used or old."""
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": callback, "code_verifier": verifier}
        try:
            return _grant(await self._post(form))
        except GrantEnded as error:
            raise NotAccepted from error

    async def refresh(self, refresh_token: str) -> Grant:
        """With a new refresh token only where the provider gave one. Raises GrantEnded."""
        return _grant(await self._post({"grant_type": "refresh_token", "refresh_token": refresh_token}))

    async def _post(self, form: dict[str, str]) -> Told:
        return await self._wire.ask("POST", self._url, data=form, headers={"Authorization": self._basic})

    @property
    def _basic(self) -> str:
        # RFC 6749 2.3.1: encoded as in a form before they are joined.
        pair = ":".join(map(quote_plus, self._client))
        return "Basic " + base64.b64encode(pair.encode()).decode()


def authorize_url(url: str, client: Client, state: str, verifier: str, **parameters: str) -> str:
    """The provider's page, for a browser."""
    ours = {
        "response_type": "code",
        "client_id": client.id,
        "state": state,
        "code_challenge": challenge(verifier),
        "code_challenge_method": "S256",
    }
    return f"{url}?{urlencode(ours | parameters)}"


def challenge(verifier: str) -> str:
    """RFC 7636, S256."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _grant(told: Told) -> Grant:
    answer = told.answer
    # Also when it comes with a 200, which some proxies make of everything.
    if answer.get("error") == "invalid_grant":
        raise GrantEnded
    if told.status != HTTPStatus.OK or "error" in answer:
        raise ProviderAway
    secrets = {"access_token": text_of(answer, "access_token")}
    if "refresh_token" in answer:
        secrets["refresh_token"] = text_of(answer, "refresh_token")
    return Grant(secrets, _scopes(answer), seconds_of(answer, "expires_in"))


def _scopes(answer: dict[str, Any]) -> tuple[str, ...]:
    said = answer.get("scope")
    return tuple(sorted(set(said.split()))) if isinstance(said, str) else ()
