"""Where the providers are, who we are there, and how often we ask."""

from typing import Literal

from pydantic import field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from contracts.syncing import SyncProvider
from listening.sync.rules import PROVIDERS


class SyncSettings(BaseSettings):
    """`SIDETRACK_…`; times are seconds. `providers`: `off` calls nobody.

    `sync_pace` is how long nobody here asks a provider after somebody did.
    """

    model_config = SettingsConfigDict(env_prefix="SIDETRACK_", env_ignore_empty=True, frozen=True)

    providers: Literal["on", "off"] = "on"
    provider_timeout: float = 6
    lastfm_api_key: str | None = None
    lastfm_api_url: str = "https://ws.audioscrobbler.com"
    listenbrainz_url: str = "https://api.listenbrainz.org"
    spotify_api_url: str = "https://api.spotify.com"
    sync_pace: float = 0.25

    @field_validator("lastfm_api_url", "listenbrainz_url", "spotify_api_url")
    @classmethod
    def _without_a_slash(cls, given: str) -> str:
        return given.rstrip("/")

    @property
    def askable(self) -> set[SyncProvider]:
        """Those that we may ask. Spotify is asked with the tokens of members."""
        if self.providers == "off":
            return set()
        return {*PROVIDERS} - (set() if self.lastfm_api_key else {"lastfm"})
