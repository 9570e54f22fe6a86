"""Discord: who somebody is there, and nothing else. Its tokens are used once and not kept."""

import re
from http import HTTPStatus

from chassis.providers import ProviderAway
from chassis.wire import Wire
from identity.providers.grants import Account, Grant
from identity.providers.oauth2 import TokenEndpoint, authorize_url
from identity.providers.rules import account_of, display_name
from identity.providers.settings import ProviderSettings, client_of

SCOPE = "identify"
_SNOWFLAKE = re.compile(r"[1-9][0-9]{0,19}")
_AVATAR = re.compile(r"(?:a_)?[0-9a-f]{32}")


class Discord:
    """Raises ProviderNotConfigured when it is made without a client's id and secret."""

    def __init__(self, settings: ProviderSettings) -> None:
        self._settings = settings
        self._client = client_of(settings.discord_client_id, settings.discord_client_secret)
        self._wire = Wire("discord", settings.provider_timeout)
        self._tokens = TokenEndpoint(f"{settings.discord_url}/api/v10/oauth2/token", self._client, self._wire)

    def authorize_url(self, state: str, verifier: str) -> str:
        page = f"{self._settings.discord_url}/oauth2/authorize"
        back = self._settings.callback("discord")
        return authorize_url(page, self._client, state, verifier, scope=SCOPE, redirect_uri=back)

    async def arrive(self, code: str, verifier: str) -> tuple[Account, Grant]:
        """Who came back with this code; of the grant only the scopes are told on."""
        grant = await self._tokens.exchange(code, verifier, self._settings.callback("discord"))
        bearer = {"Authorization": f"Bearer {grant.secrets['access_token']}"}
        told = await self._wire.ask("GET", f"{self._settings.discord_url}/api/v10/users/@me", headers=bearer)
        snowflake = account_of(told.answer, "id") if told.status == HTTPStatus.OK else ""
        if not _SNOWFLAKE.fullmatch(snowflake):
            raise ProviderAway
        shown = {
            "display_name": display_name(told.answer.get("global_name"), told.answer.get("username")),
            "avatar_url": _avatar(snowflake, told.answer.get("avatar")),
        }
        profile = {name: value for name, value in shown.items() if value is not None}
        return Account("discord", snowflake, profile), Grant({}, grant.scopes)


def _avatar(snowflake: str, name: object) -> str | None:
    if not isinstance(name, str) or not _AVATAR.fullmatch(name):
        return None
    return f"https://cdn.discordapp.com/avatars/{snowflake}/{name}.{'gif' if name.startswith('a_') else 'png'}"
