"""How members will like an album, as taste foresees it, and how well it foresaw."""

from typing import Literal

from pydantic import Field

from contracts.event import Message
from contracts.ids import AlbumId, ClubId, WeekId
from contracts.taste_club import Member

ReasonName = Literal["habit", "album", "likeness", "nominated", "first_choice", "second_choice"]


class Reason(Message):
    """What moves a prediction away from the club's mean, by how much."""

    name: ReasonName
    effect: float
    sentence: str


class Prediction(Message):
    """A rating from 1 to 5, and the bounds that four of five are to lie between. At most three reasons."""

    user: Member
    rating: float
    low: float
    high: float
    reasons: list[Reason]
    rated: float | None = Field(description="What they gave, once that is to be seen.")


class ForecastAlbum(Message):
    """The names are null while the catalogue has not told them."""

    id: AlbumId
    title: str | None
    artist: str | None


class Errors(Message):
    """How far predictions lay off: the mean of the absolute errors, and the root of the mean of their squares."""

    mae: float
    rmse: float


class Calibration(Message):
    """What came of predictions, beside two that know less: each member's own mean, and the club's.

    `covered` is which part of the ratings lay within the bounds; about 0.8 is what they promise.
    """

    ratings: int
    forecast: Errors
    member_mean: Errors
    club_mean: Errors
    covered: float


class Forecast(Message):
    """What the members of a club are expected to give an album, by the weeks before.

    `average` and `divisiveness` are of those predicted; null where there is nobody. `hidden` members show others
    neither taste nor ratings. `weeks` is how many earlier ones it is drawn from. `calibration` comes with the ratings.
    """

    week_id: WeekId
    album: ForecastAlbum
    weeks: int
    predictions: list[Prediction]
    average: float | None
    divisiveness: float | None
    hidden: int
    calibration: Calibration | None
    formula_version: int


class BacktestedWeek(Message):
    """A week foreseen from the weeks before it; null where nobody's rating could be compared."""

    week_id: WeekId
    number: int
    album: ForecastAlbum
    calibration: Calibration | None


class Backtest(Message):
    """All weeks of a club, each foreseen from those before it."""

    club_id: ClubId
    weeks: list[BacktestedWeek]
    whole: Calibration | None
    formula_version: int
