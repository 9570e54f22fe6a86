"""What the club service accepts, answers and announces about ratings."""

import re
from datetime import datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

from contracts.event import Event, Message, Request
from contracts.identity import WREN, Person, UserIn
from contracts.ids import AlbumId, UserId, WeekId
from contracts.refs import Ref
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
    ref: Ref | None = None


class GivenRating(Message):
    """`user` is left out of anonymous listings.

    `review_hidden`: a moderator hid the review, which is null to all but its author, bots, hosts and admins.
    """

    id: UUID
    week_id: WeekId
    album_id: AlbumId
    user: Person | None = None
    rating: Rating
    favorite_track: str | None
    review: str | None
    review_hidden: bool = False
    late: bool = False
    created_at: datetime
    updated_at: datetime


class DiaryEntry(Message):
    """What a member made of the album later, when the week had closed; the week's rating stays as it is."""

    rating: Rating
    favorite_track: str | None
    review: str | None
    at: datetime


class Rated(GivenRating):
    """A member's rating as it stands, and their diary, oldest entry first."""

    diary: list[DiaryEntry] = Field(default_factory=list)


class RatingState(Message):
    """What a rating was from `at` on."""

    album_id: AlbumId
    rating: Rating
    favorite_track: str | None
    review: str | None
    late: bool
    withdrawn: bool
    ref: Ref | None
    at: datetime


class OneRating(Rated):
    """`history` has every state of the rating, oldest first; null to all but its author, bots, hosts and admins."""

    history: list[RatingState] | None = None


class Bin(Message):
    rating: float
    count: int


class RatingParticipation(Message):
    """How many have rated, and how many members there are; guests may rate too, so it may be more than all."""

    rated: int
    members: int


class RatingSummary(Message):
    """Figures are rounded to two places, and null while there is no rating. Nine bins, 1.0 to 5.0.

    `hidden`: the club does not show them to this reader yet, so all is empty but the count and the participation.
    """

    average: float | None
    bayesian_average: float | None = None
    count: int
    median: float | None
    deviation: float | None = None
    divisiveness: float | None = None
    histogram: list[Bin]
    participation: RatingParticipation | None = None
    hidden: bool = False


class RatingGiven(Event):
    """A member's rating of the week's winner as it now stands; to be shown to others from `visible_from` on.

    Null means not yet. A review that a moderator hid is not told.
    """

    topic: ClassVar[str] = "club.rating.given"
    consumers: ClassVar[tuple[str, ...]] = ("taste.learn_from_rating", "identity.note_rating", "listening.note_rating")

    week_id: WeekId
    user_id: UserId
    album_id: AlbumId
    rating: Rating
    favorite_track: str | None
    review: str | None
    review_hidden: bool = False
    visible_from: datetime | None
    withdrawn: bool = False
    given_at: datetime
