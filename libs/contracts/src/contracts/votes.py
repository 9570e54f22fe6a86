"""What the club service accepts, answers and announces about votes."""

from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, model_validator

from contracts.catalog import BLUE, Album, AlbumIn
from contracts.event import Event, Message, Request
from contracts.identity import OSKAR, Person, UserIn
from contracts.ids import AlbumId, NominationId, UserId, WeekId


def _no_truth(value: Any) -> Any:
    # To Python, true is 1; to a member it is a mistake.
    if isinstance(value, bool):
        raise ValueError("A number, not true or false.")  # noqa: TRY004 — pydantic reports ValueError as a problem
    return value


Rank = Annotated[Literal[1, 2], BeforeValidator(_no_truth)]


class Choice(Request):
    nomination_id: NominationId | None = None
    album: AlbumIn | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Any:
        if (self.nomination_id is None) == (self.album is None):
            raise ValueError("Name the nomination_id or the album, one of the two.")
        return self


class NewVote(Choice, json_schema_extra={"examples": [{"user": OSKAR, "album": BLUE, "rank": 1}]}):
    """One rank of a ballot: 1 is the first choice (2 points), 2 the second (1 point)."""

    user: UserIn | None = None
    rank: Rank


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
    co_nominators: list[Person] = Field(default_factory=list)
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


class VoteCast(Event):
    """A member's whole ballot as it now stands.

    While it is `secret`, what was chosen is null: before the close, and for ever where the club shows counts only.
    """

    topic: ClassVar[str] = "club.vote.cast"
    consumers: ClassVar[tuple[str, ...]] = ("taste.learn_from_vote",)

    week_id: WeekId
    user_id: UserId
    first: NominationId | None
    first_album_id: AlbumId | None
    second: NominationId | None
    second_album_id: AlbumId | None
    cast_at: datetime
    secret: bool = False
