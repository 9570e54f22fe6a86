"""Where the providers are, and who we are there."""

from typing import NamedTuple

from pydantic import SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from identity.providers.rules import ProviderNotConfigured


class Client(NamedTuple):
    """Our own name and secret at a provider."""

    id: str
    secret: str


class ProviderSettings(BaseSettings):
    """`SIDETRACK_…`; timeouts are seconds. `public_url` is the address that browsers know us by."""

    model_config = SettingsConfigDict(env_prefix="SIDETRACK_", env_ignore_empty=True, frozen=True)

    public_url: str = "http://127.0.0.1:8000"
    provider_timeout: float = 6
    discord_client_id: str | None = None
    discord_client_secret: SecretStr | None = None
    spotify_client_id: str | None = None
    spotify_client_secret: SecretStr | None = None
    lastfm_api_key: str | None = None
    lastfm_secret: SecretStr | None = None

    discord_url: str = "https://discord.com"
    spotify_accounts_url: str = "https://accounts.spotify.com"
    spotify_api_url: str = "https://api.spotify.com"
    lastfm_url: str = "https://www.last.fm"
    lastfm_api_url: str = "https://ws.audioscrobbler.com"
    listenbrainz_url: str = "https://api.listenbrainz.org"

    @field_validator(
        "public_url",
        "discord_url",
        "spotify_accounts_url",
        "spotify_api_url",
        "lastfm_url",
        "lastfm_api_url",
        "listenbrainz_url",
    )
    @classmethod
    def _without_a_slash(cls, given: str) -> str:
        return given.rstrip("/")

    def callback(self, provider: str) -> str:
        """Where the provider sends the browser back to; at Discord and Spotify it is registered letter by letter."""
        return f"{self.public_url}/auth/{provider}/callback"


def client_of(name: str | None, secret: SecretStr | None) -> Client:
    """Raises ProviderNotConfigured unless both are there."""
    if not name or not secret:
        raise ProviderNotConfigured
    return Client(name, secret.get_secret_value())
