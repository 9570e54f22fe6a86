"""What the club service accepts and answers about ballots and results, and what a result proves."""

from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, model_validator

from contracts.catalog import BLUE, Album
from contracts.event import Event, Message, Request
from contracts.identity import Person
from contracts.ids import AlbumId, NominationId, UserId, WeekId
from contracts.text import Reason
from contracts.votes import Choice

# Stands for the id of a nomination, which no example can know.
NOMINATION = "019ab6f1-2222-7222-8222-222222222222"

Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="32 bytes in lower-case hex.")]
Criterion = Literal["points", "first_votes", "head_to_head", "draw"]
TiePolicy = Literal["draw", "host"]


class NewBallot(Request, json_schema_extra={"examples": [{"first": NOMINATION}]}):
    """A whole ballot: the first choice (2 points) and, where there is one, another as the second (1 point)."""

    first: NominationId
    second: NominationId | None = None

    @model_validator(mode="after")
    def _of_two(self) -> Any:
        if self.first == self.second:
            raise ValueError("Your first and second choice must differ.")
        return self


class Placed(Message):
    """One nomination in the result; `ahead_by` is what puts it ahead of the next one, null for the last."""

    position: int
    nomination_id: NominationId
    points: int
    first_votes: int
    second_votes: int
    ahead_by: Criterion | None


class Tie(Message):
    """What decided between those `among`, who were level until then; `host` when the draw was left to the host."""

    broken_by: Literal["first_votes", "head_to_head", "draw", "host"]
    among: list[NominationId]


class Alternatives(Message):
    """Whom other ways to count would have picked from the same ballots: several when level, none when nobody."""

    plurality: list[NominationId]
    approval: list[NominationId]
    condorcet: list[NominationId]


class Outcome(Message):
    """What the ballots decide. `void` are those on ballots that do not stand: withdrawn, their votes count nothing."""

    items: list[Placed]
    winner: NominationId | None
    tie: Tie | None
    alternatives: Alternatives
    void: list[NominationId]


class Leaf(Message):
    """A ballot as it was counted, without the voter: `salt` and `choices` open what the chain had sealed."""

    number: int = Field(description="Of its link in the chain; 0 for a ballot that is in none, which proves a forgery.")
    ballot_ref: UUID
    salt: Hash
    first: NominationId | None
    second: NominationId | None
    cast_at: AwareDatetime


class Link(Message):
    """One change of one ballot, sealed; its number is its place in the chain, from 1."""

    ballot_ref: UUID
    leaf: Hash


class Step(Message):
    """A neighbour on the way from a leaf of the Merkle tree to its root."""

    side: Literal["left", "right"]
    hash: Hash


class Proof(Message):
    root: Hash
    path: list[Step]


class Receipt(Leaf):
    """A voter's own last change, and the chain's head after it; after the close the proof that it was counted."""

    week_id: WeekId
    leaf: Hash
    head: Hash
    proof: Proof | None


class Participation(Message):
    voted: int
    members: int


class Item(Placed):
    album: Album
    nominator: Person
    co_nominators: list[Person] = Field(default_factory=list)


class Commitment(Message):
    """Before the close: the draw's commitment, and the chain so far, for whoever wants to write its head down."""

    week_id: WeekId
    commit: Hash | None
    number: int
    head: Hash | None


class NewOverride(Choice, json_schema_extra={"examples": [{"album": BLUE, "reason": "The poll was brigaded."}]}):
    reason: Reason


class Override(Message):
    """A winner that an admin set beside the result; without a nomination where nobody had put the album up."""

    nomination_id: NominationId | None
    album: Album
    reason: str
    at: datetime


class Result(Message):
    """How a poll ended, for ever; saved as it is, `sidetrack verify` proves it without the server.

    `overrides` stand beside it, oldest first: they change nothing of what the ballots decided, and are not proved.
    """

    week_id: WeekId
    items: list[Item]
    winner: NominationId | None
    tie: Tie | None
    tie_policy: TiePolicy
    alternatives: Alternatives
    void: list[NominationId]
    ballots: int
    participation: Participation
    commit: Hash
    seed: Hash
    root: Hash
    number: int
    head: Hash
    computed_at: datetime
    leaves: list[Leaf]
    links: list[Link]
    overrides: list[Override] = Field(default=[])


class PlacedAlbum(Placed):
    album_id: AlbumId
    user_id: UserId


class ResultComputed(Event):
    """How a poll ended, whole. It is computed once; `winner` is null without votes, or when left to the host."""

    topic: ClassVar[str] = "club.result.computed"
    consumers: ClassVar[tuple[str, ...]] = ("identity.note_result",)

    week_id: WeekId
    items: list[PlacedAlbum]
    winner: NominationId | None
    winner_album_id: AlbumId | None
    tie: Tie | None
    ballots: int
    participation: Participation
    commit: Hash
    seed: Hash
    root: Hash
    head: Hash
    computed_at: datetime
