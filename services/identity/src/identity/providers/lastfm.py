"""Last.fm: its own kind of sign-in, whose session has no end until the member ends it there."""

import hashlib
from collections.abc import Mapping
from urllib.parse import urlencode

from chassis.providers import USUAL_COOLDOWN, ProviderAway, ProviderBusy
from chassis.wire import Wire
from identity.providers.grants import Account, Grant, named_account
from identity.providers.rules import NotAccepted, account_of, text_of
from identity.providers.settings import ProviderSettings, client_of

# Authentication failed, token not authorised, token expired: all of them mean that one has to begin anew.
_BEGIN_ANEW, _TOO_OFTEN = {4, 14, 15}, 29
_UNSIGNED = {"format", "callback"}


class LastFm:
    """Raises ProviderNotConfigured when it is made without an API key and its secret."""

    def __init__(self, settings: ProviderSettings) -> None:
        self._settings = settings
        self._client = client_of(settings.lastfm_api_key, settings.lastfm_secret)
        self._wire = Wire("lastfm", settings.provider_timeout)

    def authorize_url(self, state: str) -> str:
        """Last.fm hands no state through: ours is part of the address it sends the browser back to."""
        back = f"{self._settings.callback('lastfm')}?{urlencode({'state': state})}"
        return f"{self._settings.lastfm_url}/api/auth/?{urlencode({'api_key': self._client.id, 'cb': back})}"

    async def arrive(self, token: str) -> tuple[Account, Grant]:
        """Who came back with this token, which is good for an hour and once. Raises NotAccepted."""
        asked = {"method": "auth.getSession", "api_key": self._client.id, "token": token, "format": "json"}
        signed = asked | {"api_sig": signature(asked, self._client.secret)}
        told = await self._wire.ask("POST", f"{self._settings.lastfm_api_url}/2.0/", data=signed)
        # It says so in the body, often with a 200.
        if (error := told.answer.get("error")) is not None:
            raise NotAccepted if error in _BEGIN_ANEW else _failure(error)
        session = told.answer.get("session")
        if not isinstance(session, dict):
            raise ProviderAway
        return named_account("lastfm", account_of(session, "name")), Grant({"session_key": text_of(session, "key")})


def signature(asked: Mapping[str, str], secret: str) -> str:
    """As https://www.last.fm/api/authspec asks for; MD5 is its choice."""
    told = "".join(name + asked[name] for name in sorted(asked) if name not in _UNSIGNED)
    return hashlib.md5((told + secret).encode(), usedforsecurity=False).hexdigest()


def _failure(error: object) -> Exception:
    return ProviderBusy(USUAL_COOLDOWN) if error == _TOO_OFTEN else ProviderAway()
