"""Where the sources are, who we are there, and how patient we are."""

from typing import Literal

from pydantic import SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from chassis.health import version


class SourceSettings(BaseSettings):
    """`SIDETRACK_…`; times are seconds. `providers`: `off` calls nobody.

    `musicbrainz_pace` is how long nobody here asks MusicBrainz after somebody did; its rule is one request a second.
    `enrichment_ladder` says how long an album waits after a failure, the last step again and again; past its end what
    a source answers wrongly has failed for good, while a source that is away is only waited for.
    """

    model_config = SettingsConfigDict(env_prefix="SIDETRACK_", env_ignore_empty=True, frozen=True)

    providers: Literal["on", "off"] = "on"
    public_url: str = "http://127.0.0.1:8000"
    contact: str | None = None
    provider_timeout: float = 6
    musicbrainz_url: str = "https://musicbrainz.org"
    musicbrainz_pace: float = 1.0
    cover_art_url: str = "https://coverartarchive.org"
    spotify_accounts_url: str = "https://accounts.spotify.com"
    spotify_api_url: str = "https://api.spotify.com"
    spotify_client_id: str | None = None
    spotify_client_secret: SecretStr | None = None
    enrichment_ladder: tuple[float, ...] = (60, 600, 3600, 21600, 86400)

    @field_validator("public_url", "musicbrainz_url", "cover_art_url", "spotify_accounts_url", "spotify_api_url")
    @classmethod
    def _without_a_slash(cls, given: str) -> str:
        return given.rstrip("/")

    @property
    def user_agent(self) -> str:
        """As MusicBrainz asks for it: who we are, and where whoever runs this can be reached."""
        return f"Sidetrack/{version()} ( {self.contact or self.public_url} )"
