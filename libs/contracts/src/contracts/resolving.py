"""Which album is meant: what may be asked of the catalogue, and how sure its answer is."""

from typing import Annotated, Literal, TypeAlias
from uuid import UUID

from pydantic import Field, model_validator

from contracts.catalog import Album, AlbumLink, Year
from contracts.event import Message, Request
from contracts.ids import SpotifyId
from contracts.text import Tidy, Title

Typed = Annotated[str, Tidy, Field(min_length=1, max_length=2000)]
Mbid = Annotated[UUID, Field(description="MusicBrainz's id of the release group, or of one of its releases.")]
Confidence = Annotated[
    float, Field(ge=0, le=1, description="1 leaves no doubt; below 0.8, ask before you believe it.", examples=[0.98])
]
Told: TypeAlias = Literal["title", "artist", "year", "mbid", "spotify_id", "url"]

EXAMPLES = [
    {"text": "Joni Mitchell - Blue (1971)"},
    {"title": "Blue", "artist": "Joni Mitchell", "year": 1971},
]


class AlbumQuestion(Request, json_schema_extra={"examples": EXAMPLES}):
    """One line as it was typed, or what is known of the album in fields; ids and a link beside either."""

    text: Typed | None = None
    title: Title | None = None
    artist: Title | None = None
    year: Year | None = None
    mbid: Mbid | None = None
    spotify_id: SpotifyId | None = None
    url: AlbumLink | None = None

    @model_validator(mode="after")
    def _asks_something(self) -> "AlbumQuestion":
        if self.text and (self.title or self.artist or self.year):
            raise ValueError("Say it in one line of text, or in fields, not in both.")
        if (self.artist or self.year) and not self.title and not (self.mbid or self.spotify_id or self.url):
            raise ValueError("An artist or a year alone names no album.")
        if not (self.text or self.title or self.mbid or self.spotify_id or self.url):
            raise ValueError("Say what is looked for: text, url, title, mbid or spotify_id.")
        return self


class Candidate(Message):
    """An album that may be meant. `matched` and `differs` are of what was asked; a field in neither said nothing."""

    album: Album
    confidence: Confidence
    matched: list[Told]
    differs: list[Told]
