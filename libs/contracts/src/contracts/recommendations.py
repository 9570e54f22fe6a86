"""Albums that somebody may like and has not heard."""

from typing import Literal

from pydantic import Field

from contracts.event import Message
from contracts.forecasts import ForecastAlbum
from contracts.taste_club import Member


class Recommendation(Message):
    """`neighbours`: those whose taste is near like it; `missed`: it won a week of one's club. `by` are those who do."""

    album: ForecastAlbum
    kind: Literal["neighbours", "missed"]
    weight: float = Field(description="From 0 to 1; the higher, the surer.")
    sentence: str
    by: list[Member]


class Recommendations(Message):
    """The surest first. `neighbours` is how many of those whose taste is near were asked."""

    neighbours: int
    items: list[Recommendation]
