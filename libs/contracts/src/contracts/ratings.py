"""What the club service accepts, answers and announces about ratings."""

import re
from datetime import datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from contracts.event import Event, Message, Request
from contracts.identity import WREN, Person, UserIn
from contracts.ids import AlbumId, UserId, WeekId
from contracts.text import Review, Title

_TYPED_RATING = re.compile(r"[1-5](?:[.,][05]0*)?")


def half_steps(value: Any) -> int:
    """A rating as half steps 2..10, from a number 1.0 to 5.0 in halves or the string a person would type for one."""
    if isinstance(value, str) and _TYPED_RATING.fullmatch(value.strip()):
        value = float(value.strip().replace(",", "."))
    if isinstance(value, bool) or not isinstance(value, int | float) or value * 2 not in range(2, 11):
        raise ValueError("A rating is a number from 1.0 to 5.0 in half steps.")
    return int(value * 2)


# Half steps inside, so that no float is ever compared or summed; 1.0 to 5.0 on the wire.
Rating = Annotated[
    int,
    BeforeValidator(half_steps),
    PlainSerializer(lambda halves: halves / 2, return_type=float),
    WithJsonSchema({"type": "number", "minimum": 1, "maximum": 5, "multipleOf": 0.5}),
]


class NewRating(Request, json_schema_extra={"examples": [{"user": WREN, "rating": 4.5, "review": "Honest."}]}):
    user: UserIn | None = None
    rating: Rating
    favorite_track: Title | None = None
    review: Review | None = None


class GivenRating(Message):
    """`user` is left out of anonymous listings."""

    id: UUID
    week_id: WeekId
    album_id: AlbumId
    user: Person | None = None
    rating: Rating
    favorite_track: str | None
    review: str | None
    late: bool = False
    created_at: datetime
    updated_at: datetime


class Bin(Message):
    rating: float
    count: int


class RatingSummary(Message):
    """`average` is rounded to two places; null, like `median`, while there is no rating. Nine bins, 1.0 to 5.0."""

    average: float | None
    count: int
    median: float | None
    histogram: list[Bin]


class RatingGiven(Event):
    """A member's rating of the week's winner as it now stands; to be shown to others from `visible_from` on."""

    topic: ClassVar[str] = "club.rating.given"
    consumers: ClassVar[tuple[str, ...]] = ("taste.learn_from_rating",)

    week_id: WeekId
    user_id: UserId
    album_id: AlbumId
    rating: Rating
    favorite_track: str | None
    review: str | None
    visible_from: datetime | None
    withdrawn: bool = False
    given_at: datetime
