"""A week's phases: their deadlines, moving on, what is due, and the week as it is announced."""

import re
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from contracts.event import Event, Message, Request
from contracts.identity import Person
from contracts.ids import AlbumId, ClubId, NominationId, WeekId
from contracts.text import Reason

Phase = Literal["open", "draft", "nominating", "voting", "discussing", "rating", "closed"]
# The phases that end at a deadline.
TimedPhase = Literal["nominating", "voting", "discussing", "rating"]
WeekKind = Literal["album", "special", "skipped"]

# Three digits after a 2: neither end of the calendar overflows in any zone.
_MOMENT = r"2[0-9]{3}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(?:Z|[+-][0-9]{2}:[0-9]{2})?"


def _moment(value: Any) -> Any:
    if isinstance(value, datetime):
        return value
    # To Python, 0 is a moment of 1970; to a member it is a mistake.
    if not isinstance(value, str) or not re.fullmatch(_MOMENT, value):
        raise ValueError("A moment is written as 2025-11-24T20:00:00Z, or without the Z in the club's own time.")
    return value


Moment = Annotated[
    datetime,
    BeforeValidator(_moment),
    WithJsonSchema({"type": "string", "pattern": f"^{_MOMENT}$", "examples": ["2025-11-21T20:00:00Z"]}),
]


class NewDeadlines(Request):
    """When each phase ends. Without an offset a moment is in the club's own time zone."""

    nominating: Moment | None = None
    voting: Moment | None = None
    discussing: Moment | None = None
    rating: Moment | None = None


DefaultDeadlines = Annotated[
    bool,
    Field(strict=True, description="Take those of the club's rhythm; what `deadlines` names is as it says there."),
]


class Deadlines(Message):
    """When each phase ends; null where it ends only once a host moves the week on."""

    nominating: datetime | None = None
    voting: datetime | None = None
    discussing: datetime | None = None
    rating: datetime | None = None


class Advance(Request, json_schema_extra={"examples": [{"to": "voting"}]}):
    """Move a week on. With `from` only if it is still there; the `reason` is kept with the move."""

    to: Phase
    since: Phase | None = Field(default=None, alias="from")
    reason: Reason | None = None


class Due(Message):
    """A phase that ends at a deadline. `missing` are the members who have not done what it is for.

    `missing` is null for whoever may not see it, and for phases that have not begun.
    """

    week_id: WeekId
    number: int
    label: str
    phase: TimedPhase
    to: Phase
    due_at: datetime
    remind_at: datetime
    missing: list[Person] | None


class WeekChanged(Event):
    """A week as it now is."""

    topic: ClassVar[str] = "club.week.changed"
    consumers: ClassVar[tuple[str, ...]] = (
        "identity.note_week",
        "catalog.note_week",
        "listening.note_week",
        "taste.note_week",
    )

    week_id: WeekId
    club_id: ClubId
    club_slug: str | None = None
    number: int
    label: str
    kind: WeekKind
    phase: Phase
    date_discussion: date | None
    deadlines: Deadlines
    winner_album_id: AlbumId | None
    winner_nomination_id: NominationId | None
