"""What the taste service answers of a club: how alike its members are."""

from datetime import datetime

from pydantic import Field

from contracts.event import Message
from contracts.ids import ClubId, UserId


class Member(Message):
    id: UserId
    display_name: str
    handle: str | None


class Alike(Message):
    """How alike somebody is, as `GET /users/{a}/compatibility/{b}` explains, by what both show to members."""

    user: Member
    score: float
    confidence: float


class MatrixRow(Message):
    """Somebody beside every member of `members`, in their order.

    A score is null with oneself, where there is not enough to say, and until it is computed. `twin` and `opposite` are
    who is most and least alike of those with a confidence of 0.1 or more; null where nobody is, or only one.
    """

    user: Member
    scores: list[float | None]
    confidences: list[float]
    twin: Alike | None
    opposite: Alike | None


class ClubMatrix(Message):
    """Everybody beside everybody, some rows at a time. `hidden` members show their taste to nobody."""

    club_id: ClubId
    members: list[Member]
    hidden: int
    rows: list[MatrixRow]
    computed_at: datetime | None = Field(description="Of the row that was computed last; null before any was.")
    waiting: int = Field(description="How many members are to be compared anew, since something of theirs changed.")
    next_cursor: str | None = None


class Neighbours(Message):
    """The most alike of the members of all one's clubs, nearest first, and how many there are to choose from."""

    among: int
    items: list[Alike]
