"""What the catalog service accepts, answers and announces."""

from datetime import datetime
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from contracts.event import Event, Message, Request
from contracts.genres import AlbumMood
from contracts.ids import AlbumId, ArtistId, ClubId, SpotifyId, TrackId, WeekId
from contracts.sound import AlbumFeatures
from contracts.text import CoverUrl, Tidy, Title

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
    cover_url: CoverUrl | None = None


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


class JoinedCredit(Credit):
    """A part of the line as a source divides it; `join_phrase` is what stands between it and the next."""

    join_phrase: str = ""


class ListedTrack(Message):
    """A track where it stands on an album, by the title it has there."""

    id: TrackId
    disc: int
    position: int
    title: str
    artist: str
    artists: list[JoinedCredit]
    duration_ms: int | None = None
    mbid: UUID | None = None


class Tracklist(Message):
    """That of the edition which stands for the album; empty while no source has told one."""

    album_id: AlbumId
    edition: UUID | None = Field(default=None, description="MusicBrainz's id of the release it is of.")
    tracks: list[ListedTrack]


class Tagging(Message):
    """`weight` is its share of what is said most of the piece, above 0 and at most 1."""

    name: str
    weight: float
    source: str


class OtherName(Message):
    """A name it has besides, as `source` says; `merge` is the name of what was merged into it."""

    name: str
    source: str


class Edition(Message):
    """A release of the album. `released` is a year, a month or a day; `representative`: it stands for the album."""

    mbid: UUID
    title: str
    disambiguation: str | None = None
    released: str | None = None
    country: str | None = None
    format: str | None = None
    tracks: int
    representative: bool


class Covers(Message):
    """The front in three sizes, in pixels; the same picture in all where there is only one."""

    small: str = Field(description="250")
    medium: str = Field(description="500")
    large: str = Field(description="1200")


class Featured(Message):
    """A week that the album won."""

    club_id: ClubId
    week_id: WeekId
    number: int
    label: str


class AlbumDetails(Album):
    """All that is known of an album. What only sources tell is empty until they were asked, and found to know it.

    `features` were measured, `mood` is estimated of its genres: it stands for them where there are none.
    """

    credits: list[JoinedCredit]
    aliases: list[OtherName]
    countries: list[str] = Field(description="Where its artists are from, as far as it is known: ISO 3166-1 alpha-2.")
    kind: str | None = Field(default=None, examples=["Album"])
    secondary_kinds: list[str]
    first_release: str | None = Field(default=None, description="A year, a month or a day.", examples=["1971-06-22"])
    covers: Covers | None = None
    genres: list[Tagging]
    tags: list[Tagging]
    mood: AlbumMood | None = None
    features: AlbumFeatures | None = None
    editions: list[Edition]
    tracks: list[ListedTrack]
    featured: list[Featured]
    enriched_at: datetime | None = None


class AlbumChanges(Request, json_schema_extra={"examples": [{"year": 1971}]}):
    """Only what is given changes; null empties `year`, `mbid`, `spotify_id` and `cover_url`."""

    title: Title | None = None
    artist: Title | None = None
    year: Year | None = None
    mbid: ReleaseGroup | None = None
    spotify_id: SpotifyId | None = None
    cover_url: CoverUrl | None = None

    @model_validator(mode="after")
    def _keeps_its_names(self) -> "AlbumChanges":
        if any(getattr(self, name) is None for name in {"title", "artist"} & self.model_fields_set):
            raise ValueError("An album cannot be without title or artist.")
        return self


class Artist(Message):
    id: ArtistId
    name: str
    mbid: UUID | None = None
    spotify_id: str | None = None
    sort_name: str | None = None
    country: str | None = Field(default=None, description="ISO 3166-1 alpha-2.")
    disambiguation: str | None = None


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
    """An album as it now is. What only sources tell, from `countries` on, is empty until they did."""

    topic: ClassVar[str] = "catalog.album.changed"
    consumers: ClassVar[tuple[str, ...]] = ("club.copy_album", "listening.copy_album", "taste.copy_album")

    album_id: AlbumId
    title: str
    artist: str
    artists: list[Credit]
    year: int | None
    mbid: UUID | None
    spotify_id: str | None
    cover_url: str | None
    updated_at: datetime
    countries: list[str] = Field(default_factory=list, description="Where its artists are from: ISO 3166-1 alpha-2.")
    genres: list[Tagging] = Field(default_factory=list)
    genre_parents: dict[str, list[str]] = Field(
        default_factory=dict, description="Of its genres, and of all they descend from: those each is a kind of."
    )
    mood: AlbumMood | None = None
    features: AlbumFeatures | None = None
    tracks: list[TrackId] = Field(default_factory=list, description="Its tracklist, in order.")
