"""What the catalog service accepts, answers and announces."""

from datetime import datetime
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from contracts.event import Event, Message, Request
from contracts.ids import AlbumId, ArtistId, SpotifyId, TrackId
from contracts.text import Tidy, Title, Url

BLUE = {"title": "Blue", "artist": "Joni Mitchell", "year": 1971}

Year = Annotated[int, Field(strict=True, ge=1000, le=2999)]
AlbumLink = Annotated[
    str,
    StringConstraints(pattern=r"^(https?://[^\s]+|spotify:album:[0-9A-Za-z]{22})$", max_length=2048),
    Tidy,
    Field(description="Where the album can be found; an id of Spotify or MusicBrainz in it counts as given."),
]
ReleaseGroup = Annotated[UUID, Field(description="MusicBrainz's id of the release group, not of one release.")]


class AlbumDescription(Request, json_schema_extra={"examples": [BLUE]}):
    """An album as somebody describes it."""

    title: Title
    artist: Title
    year: Year | None = None
    mbid: ReleaseGroup | None = None
    spotify_id: SpotifyId | None = None
    url: AlbumLink | None = None
    cover_url: Url | None = None


class AlbumIn(Request, json_schema_extra={"examples": [BLUE]}):
    """An album in a body: by id, or by title and artist (made when first seen)."""

    album_id: AlbumId | None = None
    title: Title | None = None
    artist: Title | None = None
    year: Year | None = None
    mbid: ReleaseGroup | None = None
    spotify_id: SpotifyId | None = None
    url: AlbumLink | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> "AlbumIn":
        described = self.model_fields_set - {"album_id"}
        if self.album_id is not None and described:
            raise ValueError("Name the album by album_id alone, or describe it.")
        if self.album_id is None and not (self.title and self.artist):
            raise ValueError("Name the album by album_id, or by title and artist.")
        return self

    @property
    def description(self) -> AlbumDescription:
        """What was typed; raises ValueError for an album named by id."""
        return AlbumDescription.model_validate(self.model_dump(exclude={"album_id"}))


class Credit(Message):
    """An artist's part in the artist line."""

    id: ArtistId
    name: str


class Album(Message):
    """An album in an answer: `artist` is the whole line, `artists` its parts in order.

    A `cover_url` that nobody gave is the one the Cover Art Archive has, or would have, for `mbid`.
    """

    id: AlbumId
    title: str
    artist: str
    artists: list[Credit]
    year: int | None = None
    mbid: ReleaseGroup | None = None
    spotify_id: str | None = None
    cover_url: str | None = None


class AlbumChanges(Request, json_schema_extra={"examples": [{"year": 1971}]}):
    """Only what is given changes; null empties `year`, `mbid`, `spotify_id` and `cover_url`."""

    title: Title | None = None
    artist: Title | None = None
    year: Year | None = None
    mbid: ReleaseGroup | None = None
    spotify_id: SpotifyId | None = None
    cover_url: Url | None = None

    @model_validator(mode="after")
    def _keeps_its_names(self) -> "AlbumChanges":
        if any(getattr(self, name) is None for name in {"title", "artist"} & self.model_fields_set):
            raise ValueError("An album cannot be without title or artist.")
        return self


class AdoptedCredit(Request):
    id: ArtistId
    name: Title


class AlbumToAdopt(Request):
    """An album that comes from elsewhere with the id it has there."""

    id: AlbumId
    title: Title
    artist: Title
    artists: list[AdoptedCredit] = Field(min_length=1, max_length=100)
    year: Year | None = None
    mbid: ReleaseGroup | None = None
    spotify_id: SpotifyId | None = None
    cover_url: Url | None = None


class AlbumsToAdopt(Request):
    """Those of one request may be alike. `only_ask`: say whether it could be done, and do nothing."""

    albums: list[AlbumToAdopt] = Field(min_length=1, max_length=500)
    only_ask: bool = False


class Artist(Message):
    id: ArtistId
    name: str
    mbid: UUID | None = None
    spotify_id: str | None = None


class Track(Message):
    id: TrackId
    title: str
    album_id: AlbumId | None = None
    artist: str
    artists: list[Credit]
    duration_ms: int | None = None
    mbid: UUID | None = None
    spotify_id: str | None = None


class AlbumChanged(Event):
    """An album as it now is."""

    topic: ClassVar[str] = "catalog.album.changed"
    consumers: ClassVar[tuple[str, ...]] = ("club.copy_album",)

    album_id: AlbumId
    title: str
    artist: str
    artists: list[Credit]
    year: int | None
    mbid: UUID | None
    spotify_id: str | None
    cover_url: str | None
    updated_at: datetime


class AdoptedAlbums(Message):
    """Every album of the request that is there now, as announced, in its order."""

    albums: list[AlbumChanged]
