"""What a worker outside tells the taste service of one person: checked, for whatever is kept is shown to members."""

import math
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from contracts.event import Request
from contracts.ids import AlbumId, ArtistId, TrackId
from contracts.phases import Moment
from contracts.refs import Day
from contracts.taste import AxisName, MoodBasis
from contracts.text import Name, Title

COMPUTED = "computed"
# What rounding may add to shares that are all of it.
ROUNDING = 0.01
EXAMPLE = {
    "origin": "essentia-worker",
    "formula_version": 3,
    "computed_at": "2025-11-18T04:00:00Z",
    "genres": [{"name": "folk", "share": 0.7, "parents": []}, {"name": "trip hop", "share": 0.3}],
    "mood": [
        {"axis": "tempo", "value": 104.5, "spread": 18.0, "coverage": 0.9, "confidence": 0.8, "basis": "measured"}
    ],
}

Origin = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$"), Field(examples=["essentia-worker"])]
Share = Annotated[float, Field(strict=True, ge=0, le=1, allow_inf_nan=False)]
# Of tempo in beats a minute.
AxisValue = Annotated[float, Field(strict=True, ge=0, le=1000, allow_inf_nan=False)]
Count = Annotated[int, Field(strict=True, ge=0, le=1_000_000_000)]


def _not_ours(origin: str) -> str:
    if origin == COMPUTED:
        raise ValueError("`computed` is what the service itself draws: a worker has another name.")
    return origin


def _with_offset(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("When it was computed needs its offset: 2025-11-18T04:00:00Z.")
    return at


def _check_sum(shares: Iterable[float]) -> None:
    if math.fsum(shares) > 1 + ROUNDING:
        raise ValueError("Shares are parts of 1: together they are no more than that.")


def _parts(shares: list[float]) -> list[float]:
    _check_sum(shares)
    return shares


def _once(name: str) -> Callable[[list[Any]], list[Any]]:
    """Nothing is told twice; where each has a share, they are parts of 1."""

    def check(told: list[Any]) -> list[Any]:
        if len({getattr(each, name) for each in told}) < len(told):
            raise ValueError(f"Each {name} is told once.")
        _check_sum(each.share for each in told if hasattr(each, "share"))
        return told

    return check


class ToldGenre(Request):
    name: Name
    share: Share
    parents: list[Name] = Field(default_factory=list, max_length=20)


class ToldFamily(Request):
    name: Name
    share: Share


class ToldAxis(Request):
    """`value` and `spread` from 0 to 1, of tempo in beats a minute."""

    axis: AxisName
    value: AxisValue
    spread: AxisValue
    coverage: Share
    confidence: Share
    basis: MoodBasis = "measured"

    @model_validator(mode="after")
    def _of_the_axis(self) -> "ToldAxis":
        if self.axis != "tempo" and max(self.value, self.spread) > 1:
            raise ValueError("Value and spread of any axis but tempo go from 0 to 1.")
        return self


class ToldTimes(Request):
    hours: Annotated[list[Share], Field(min_length=24, max_length=24), AfterValidator(_parts)]
    weekdays: Annotated[list[Share], Field(min_length=7, max_length=7), AfterValidator(_parts)]
    timezone: Name


class ToldDecade(Request):
    decade: Annotated[int, Field(strict=True, ge=1000, le=2100, multiple_of=10)]
    share: Share


class ToldCountry(Request):
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    share: Share


class ToldDiversity(Request):
    entropy: Annotated[float, Field(strict=True, ge=0, le=64, allow_inf_nan=False)]
    effective: Annotated[float, Field(strict=True, ge=0, le=1e9, allow_inf_nan=False)]
    evenness: Share


class ToldArtist(Request):
    id: ArtistId
    name: Title
    share: Share


class ToldAlbum(Request):
    id: AlbumId
    title: Title
    artist: Title
    share: Share


class ToldTrack(Request):
    id: TrackId
    title: Title
    artist: Title
    share: Share


class ToldWindow(Request):
    """What the worker looked at; `half_life_days` is 0 where nothing counts less for being old."""

    first_day: Day | None = None
    last_day: Day | None = None
    half_life_days: Count = 0
    plays: Count = 0


class OutsideTaste(Request, json_schema_extra={"examples": [EXAMPLE]}):
    """A profile as a worker drew it; what it leaves out it does not know.

    Of two by one worker the one that was computed later stays; of two of one moment, that of the higher formula.
    """

    origin: Annotated[Origin, AfterValidator(_not_ours)] = Field(description="The worker's name.")
    formula_version: Annotated[int, Field(strict=True, ge=1, le=2_147_483_647)]
    computed_at: Annotated[Moment, AfterValidator(_with_offset)]
    enough: bool = Field(default=True, strict=True, description="Whether the worker had enough to go by.")
    genres: Annotated[list[ToldGenre], Field(max_length=500), AfterValidator(_once("name"))] = Field(
        default_factory=list
    )
    families: Annotated[list[ToldFamily], Field(max_length=100), AfterValidator(_once("name"))] = Field(
        default_factory=list
    )
    genre_coverage: Share = 0.0
    mood: Annotated[list[ToldAxis], Field(max_length=5), AfterValidator(_once("axis"))] = Field(default_factory=list)
    time_of_day: ToldTimes | None = None
    decades: Annotated[list[ToldDecade], Field(max_length=120), AfterValidator(_once("decade"))] = Field(
        default_factory=list
    )
    countries: Annotated[list[ToldCountry], Field(max_length=250), AfterValidator(_once("country"))] = Field(
        default_factory=list
    )
    diversity: ToldDiversity | None = None
    top_artists: Annotated[list[ToldArtist], Field(max_length=100), AfterValidator(_once("id"))] = Field(
        default_factory=list
    )
    top_albums: Annotated[list[ToldAlbum], Field(max_length=50), AfterValidator(_once("id"))] = Field(
        default_factory=list
    )
    top_tracks: Annotated[list[ToldTrack], Field(max_length=50), AfterValidator(_once("id"))] = Field(
        default_factory=list
    )
    window: ToldWindow = ToldWindow()
