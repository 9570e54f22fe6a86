"""Spotify: what somebody has lately played. An authorisation ends six months after the member gave it."""

from http import HTTPStatus

from chassis.providers import ProviderAway
from chassis.wire import Wire
from identity.providers.grants import Account, Grant
from identity.providers.oauth2 import TokenEndpoint, authorize_url
from identity.providers.rules import account_of, display_name, picture
from identity.providers.settings import ProviderSettings, client_of

# To sign in, an account's id is enough, which needs no scope.
SCOPE_TO_LINK, SCOPE_TO_SIGN_IN = "user-read-recently-played", ""


class Spotify:
    """Raises ProviderNotConfigured when it is made without a client's id and secret."""

    def __init__(self, settings: ProviderSettings) -> None:
        self._settings = settings
        self._client = client_of(settings.spotify_client_id, settings.spotify_client_secret)
        self._wire = Wire("spotify", settings.provider_timeout)
        self._tokens = TokenEndpoint(f"{settings.spotify_accounts_url}/api/token", self._client, self._wire)

    def authorize_url(self, state: str, verifier: str, scope: str) -> str:
        page, back = f"{self._settings.spotify_accounts_url}/authorize", self._settings.callback("spotify")
        return authorize_url(page, self._client, state, verifier, scope=scope, redirect_uri=back)

    async def arrive(self, code: str, verifier: str) -> tuple[Account, Grant]:
        """Who came back with this code, and what they allowed."""
        grant = await self._tokens.exchange(code, verifier, self._settings.callback("spotify"))
        bearer = {"Authorization": f"Bearer {grant.secrets['access_token']}"}
        told = await self._wire.ask("GET", f"{self._settings.spotify_api_url}/v1/me", headers=bearer)
        if told.status != HTTPStatus.OK:
            raise ProviderAway
        images = told.answer.get("images")
        first = images[0] if isinstance(images, list) and images and isinstance(images[0], dict) else {}
        shown = {
            "display_name": display_name(told.answer.get("display_name")),
            "avatar_url": picture(first.get("url")),
        }
        profile = {name: value for name, value in shown.items() if value is not None}
        return Account("spotify", account_of(told.answer, "id"), profile), grant

    async def refresh(self, refresh_token: str) -> Grant:
        """Raises GrantEnded, ProviderBusy, ProviderAway."""
        return await self._tokens.refresh(refresh_token)
