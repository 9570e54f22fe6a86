"""What the club service accepts, answers and announces."""

import re
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema, model_validator

from contracts.catalog import BLUE, Album, AlbumIn
from contracts.event import Event, Message, Request
from contracts.identity import OSKAR, WREN, Person, UserIn
from contracts.ids import AlbumId, ClubId, NominationId, Snowflake, UserId, WeekId
from contracts.phases import Deadlines, DefaultDeadlines, NewDeadlines, Phase, WeekKind
from contracts.text import Name, Pitch, Review, Tag, Title, Url


def _no_truth(value: Any) -> Any:
    # To Python, true is 1; to a member it is a mistake.
    if isinstance(value, bool):
        raise ValueError("A number, not true or false.")  # noqa: TRY004 — pydantic reports ValueError as a problem
    return value


Rank = Annotated[Literal[1, 2], BeforeValidator(_no_truth)]
WeekNumber = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]
_TYPED_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ][0-9]{2}:[0-9]{2}.*)?")
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


def _day(value: Any) -> Any:
    if isinstance(value, date):
        return value
    # To Python, 0 is a day of 1970; to a member it is a mistake.
    if not isinstance(value, str) or not (found := _TYPED_DAY.fullmatch(value)):
        raise ValueError("A day is written as 2025-11-24.")
    # Bots send what they have: of a moment, the day it names in its own zone is kept.
    return found[1]


Day = Annotated[date, BeforeValidator(_day)]


class Ref(Request):
    """Where something stands on Discord."""

    provider: Literal["discord"] = "discord"
    kind: Literal["category", "nominations", "poll", "winner", "ratings", "message"]
    id: Snowflake
    guild_id: Snowflake | None = None


class Tags(Request):
    genre: Tag | None = None
    decade: Tag | None = None
    country: Tag | None = None


class NewWeek(Request, json_schema_extra={"examples": [{"number": 3, "date_discussion": "2025-11-24"}]}):
    """A replay sets only the fields it carries, and empties none; `phase` is only for a week that is new."""

    number: WeekNumber
    label: Name | None = None
    date_discussion: Day | None = None
    kind: WeekKind | None = None
    phase: Literal["draft"] | None = None
    deadlines: NewDeadlines | None = None
    default_deadlines: DefaultDeadlines = False
    refs: list[Ref] | None = Field(default=None, max_length=50)


class WeekChanges(Request, json_schema_extra={"examples": [{"label": "WEEK 003: Blue"}]}):
    """Only what is given changes. Null empties `date_discussion`, `deadlines`, each of them, and `winner_album_id`.

    A `label` that is null gets its default.
    """

    number: WeekNumber | None = None
    label: Name | None = None
    date_discussion: Day | None = None
    kind: WeekKind | None = None
    deadlines: NewDeadlines | None = None
    default_deadlines: DefaultDeadlines = False
    winner_album_id: AlbumId | None = None
    refs: list[Ref] | None = Field(default=None, max_length=50)


class NewNomination(Request, json_schema_extra={"examples": [{"user": WREN, "album": BLUE, "pitch": "Still new."}]}):
    user: UserIn | None = None
    album: AlbumIn
    pitch: Pitch | None = None
    pitch_track_url: Url | None = None
    tags: Tags | None = None
    ref: Ref | None = None


class _Choice(Request):
    nomination_id: NominationId | None = None
    album: AlbumIn | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Any:
        if (self.nomination_id is None) == (self.album is None):
            raise ValueError("Name the nomination_id or the album, one of the two.")
        return self


class NewVote(_Choice, json_schema_extra={"examples": [{"user": OSKAR, "album": BLUE, "rank": 1}]}):
    """One rank of a ballot: 1 is the first choice (2 points), 2 the second (1 point)."""

    user: UserIn | None = None
    rank: Rank


class NewWinner(_Choice, json_schema_extra={"examples": [{"album": BLUE}]}):
    pass


class NewRating(Request, json_schema_extra={"examples": [{"user": WREN, "rating": 4.5, "review": "Honest."}]}):
    user: UserIn | None = None
    rating: Rating
    favorite_track: Title | None = None
    review: Review | None = None


class Week(Message):
    id: WeekId
    club_id: ClubId
    number: int
    label: str
    kind: WeekKind
    phase: Phase
    date_discussion: date | None
    deadlines: Deadlines
    winner_album_id: AlbumId | None
    refs: list[Ref]
    created_at: datetime
    updated_at: datetime


class Nomination(Message):
    id: NominationId
    week_id: WeekId
    album: Album
    nominator: Person
    pitch: str | None
    pitch_track_url: str | None
    tags: Tags
    ref: Ref | None
    created_at: datetime
    updated_at: datetime


class Ballot(Message):
    """A member's choices in a week, as they now stand.

    `number` and `head` are those of the week's chain after this ballot's last change: who keeps them can show later
    that nothing up to then was rewritten.
    """

    week_id: WeekId
    user: Person
    first: NominationId | None
    second: NominationId | None
    cast_at: datetime
    number: int | None = None
    head: str | None = None


class Standing(Message):
    """One nomination in the poll. Those level in points and first votes share a position."""

    position: int
    nomination_id: NominationId
    album: Album
    nominator: Person
    points: int
    first_votes: int
    second_votes: int


class VoteSummary(Message):
    """`winner` leads in points, then in first votes; null while nobody has a vote or several are level, who are `tie`.

    Votes for a withdrawn nomination are void; `ballots` are those cast, also where every vote became void.
    """

    ballots: int
    items: list[Standing]
    winner: NominationId | None
    tie: list[NominationId]


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


class WeekItem(Week):
    """A week in the gallery: tags and nominator are those of the winner."""

    winner: Album | None
    average: float | None
    ratings: int
    tags: Tags
    nominator: Person | None


class WeekDocument(Week):
    """A whole week in one answer. `commit` is what the draw of its poll was committed to."""

    commit: str | None = None
    winner: Album | None
    nominator: Person | None
    nominations: list[Nomination]
    votes: VoteSummary
    ratings: RatingSummary


class VoteCast(Event):
    """A member's whole ballot as it now stands."""

    topic: ClassVar[str] = "club.vote.cast"
    consumers: ClassVar[tuple[str, ...]] = ("taste.learn_from_vote",)

    week_id: WeekId
    user_id: UserId
    first: NominationId | None
    first_album_id: AlbumId | None
    second: NominationId | None
    second_album_id: AlbumId | None
    cast_at: datetime


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
