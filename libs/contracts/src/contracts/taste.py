"""What the taste service answers of one person. It announces nothing yet but parts of exports."""

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from contracts.event import Message
from contracts.ids import AlbumId, ArtistId, TrackId, UserId

AxisName = Literal["energy", "valence", "acousticness", "density", "tempo"]
MoodBasis = Literal["measured", "estimated", "mixed"]

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _day(value: Any) -> Any:
    # To Python, 0 is a day of 1970; to a reader it is a mistake.
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("A day is written as 2025-11-24.")
    return value


PlainDay = Annotated[date, BeforeValidator(_day)]


class GenreShare(Message):
    """`parents` are the genres that it is a kind of."""

    name: str
    share: float
    parents: list[str] = Field(default_factory=list)


class FamilyShare(Message):
    """A genre without parents, with all that descends from it."""

    name: str
    share: float


class MoodAxis(Message):
    """`value` and `spread` (a standard deviation) from 0 to 1, of tempo in beats a minute.

    `coverage` is which part of what was played it is known of; `confidence` grows with that, and with how many albums.
    """

    axis: AxisName
    value: float
    spread: float
    coverage: float
    confidence: float
    basis: MoodBasis


class DecadeShare(Message):
    decade: int = Field(examples=[1970])
    share: float


class CountryShare(Message):
    country: str = Field(description="ISO 3166-1 alpha-2.")
    share: float


class Diversity(Message):
    """Shannon's entropy in bits; `effective` is how many alike-loved ones would be as diverse; `evenness` 0 to 1."""

    entropy: float
    effective: float
    evenness: float


class ArtistShare(Message):
    id: ArtistId
    name: str
    share: float


class AlbumShare(Message):
    id: AlbumId
    title: str
    artist: str
    share: float


class TrackShare(Message):
    id: TrackId
    title: str
    artist: str
    share: float


class JudgedAlbum(Message):
    """An album somebody rated; the names are null while the catalogue has not told them."""

    id: AlbumId
    title: str | None
    artist: str | None
    rating: float


class TasteWindow(Message):
    """The days that were looked at, the newest counting most; null where there is none."""

    first_day: date | None
    last_day: date | None
    half_life_days: int
    plays: int


class TimeOfDay(Message):
    """Shares of 24 hours and of seven weekdays from Monday, on the listener's own clock."""

    hours: list[float]
    weekdays: list[float]
    timezone: str


class TasteProfile(Message):
    """What somebody likes, as far as what they did tells. Shares are parts of 1, weighted by plays and how recent.

    `enough` is whether that is enough to tell more than what was played most: else `sentence` says what is missing, and
    genres, families, mood, time_of_day, decades, countries and diversity are empty. What this reader may not see is
    empty, too, and named in `withheld`.
    """

    user_id: UserId
    enough: bool
    sentence: str
    genres: list[GenreShare]
    families: list[FamilyShare]
    genre_coverage: float = Field(description="Which part of what was played has genres that are known.")
    mood: list[MoodAxis]
    time_of_day: TimeOfDay | None
    decades: list[DecadeShare]
    countries: list[CountryShare]
    diversity: Diversity | None = Field(description="Of artists.")
    top_artists: list[ArtistShare]
    top_albums: list[AlbumShare]
    top_tracks: list[TrackShare] = Field(default_factory=list)
    obscurity: float | None = Field(
        default=None,
        description="From 0, what everybody here plays, to 1, what only they do. Null where too little is known of "
        "them or of others, of the past, and of what a worker told.",
    )
    loved: list[JudgedAlbum] = Field(description="Rated 4.5 or more.")
    disliked: list[JudgedAlbum] = Field(description="Rated 2.0 or less.")
    rated: int
    withheld: list[Literal["listening", "ratings"]] = Field(default_factory=list)
    window: TasteWindow
    formula_version: int
    inputs_hash: str = Field(description="Of all it was computed of: alike where nothing changed.")
    origin: str = Field(description="`computed`: by the service itself; else the name of the worker that told it.")
    origins: list[str] = Field(default_factory=list, description="All there is a profile by.")
    computed_at: datetime | None = Field(
        default=None, description="Null before it was for the first time, and of a day in the past."
    )
