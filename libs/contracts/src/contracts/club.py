"""What the club service accepts and answers about weeks."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from contracts.catalog import BLUE, Album
from contracts.event import Message, Request
from contracts.identity import Person
from contracts.ids import AlbumId, ClubId, WeekId
from contracts.nominations import Nomination
from contracts.phases import Deadlines, DefaultDeadlines, NewDeadlines, Phase, WeekKind
from contracts.ratings import RatingSummary
from contracts.refs import Day, Ref, Tags
from contracts.text import Name
from contracts.votes import Choice, VoteSummary

WeekNumber = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]


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


class NewWinner(Choice, json_schema_extra={"examples": [{"album": BLUE}]}):
    pass


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


class WeekItem(Week):
    """A week in the gallery: tags and nominators are those of the winner.

    `ratings_hidden`: the club does not show its ratings to this reader yet, so there is no average.
    """

    winner: Album | None
    average: float | None
    ratings: int
    ratings_hidden: bool = False
    tags: Tags
    nominator: Person | None
    co_nominators: list[Person] = Field(default_factory=list)


class WeekDocument(Week):
    """A whole week in one answer. `commit` is what the draw of its poll was committed to.

    `overridden`: an admin has set another winner than the result did.
    """

    commit: str | None = None
    overridden: bool = False
    winner: Album | None
    nominator: Person | None
    co_nominators: list[Person] = Field(default_factory=list)
    nominations: list[Nomination]
    votes: VoteSummary
    ratings: RatingSummary
