"""Which phase takes which write, in what order phases follow, and what is due when. No I/O here."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Literal, get_args

from chassis.errors import Conflict, Invalid
from contracts.phases import Deadlines, Phase, TimedPhase, WeekKind

Write = Literal["nominate", "withdraw", "vote", "rate"]

# `open` stands before all: from it a week may go anywhere.
ORDER: tuple[Phase, ...] = ("open", "draft", "nominating", "voting", "discussing", "rating", "closed")
TIMED: tuple[TimedPhase, ...] = get_args(TimedPhase)
TAKEN: dict[Write, frozenset[Phase]] = {
    "nominate": frozenset({"open", "nominating"}),
    "withdraw": frozenset({"open", "nominating", "voting"}),
    "vote": frozenset({"open", "voting"}),
    "rate": frozenset({"open", "discussing", "rating"}),
}
REMINDED = timedelta(hours=1)
FIRST, LAST = date(2000, 1, 1), date(3000, 1, 1)


class PhaseClosed(Conflict):
    sentence = "The week does not take this any more, or not yet."


class PhaseChanged(Conflict):
    sentence = "The week is in another phase by now."


class OnlyForward(Conflict):
    sentence = "A week only moves forward; an admin can reopen it."


class NoAlbumWeek(Conflict):
    sentence = "This week is without an album, so there is nothing to nominate, vote on or rate."


class DeadlinesOutOfOrder(Invalid):
    sentence = "Each phase must end after the one before it: nominating, voting, discussing, rating."


class DayOutOfReach(Invalid):
    sentence = "Deadlines around this day cannot be reckoned."


def accepts(phase: Phase, write: Write) -> bool:
    return phase in TAKEN[write]


def check_accepts(phase: Phase, write: Write, kind: WeekKind = "album") -> None:
    check_has_album(kind)
    if not accepts(phase, write):
        raise PhaseClosed


def check_has_album(kind: WeekKind) -> None:
    if kind != "album":
        raise NoAlbumWeek


def ends(deadlines: Deadlines, phase: Phase) -> list[tuple[TimedPhase, datetime]]:
    """The deadlines that still lie before a week in `phase`, whether or not their time has come; soonest first."""
    if phase not in TIMED:
        return []
    given = [(each, getattr(deadlines, each)) for each in TIMED[TIMED.index(phase) :]]
    return [(each, end) for each, end in given if end is not None]


def after(phase: Phase) -> Phase:
    return ORDER[ORDER.index(phase) + 1]


def phase_at(phase: Phase, deadlines: Deadlines, now: datetime) -> Phase:
    """The phase of a week that stands in `phase`, once what is due by `now` is done."""
    passed = [each for each, end in ends(deadlines, phase) if end <= now]
    return after(passed[-1]) if passed else phase


def first_phase(deadlines: Deadlines) -> Phase | None:
    """Where a week begins that is given these deadlines; None without any."""
    return next((each for each in TIMED if getattr(deadlines, each) is not None), None)


def leaves_voting(before: Phase, to: Phase) -> bool:
    """Whether such a move ends the poll, or passes over it."""
    return ORDER.index(before) <= ORDER.index("voting") < ORDER.index(to)


def reopens_voting(before: Phase, to: Phase) -> bool:
    """Whether such a move goes back to the poll, or to before it."""
    return leaves_voting(to, before)


def check_move(before: Phase, to: Phase, since: Phase | None, *, may_reopen: bool) -> None:
    """Whether a week may go from `before` to `to`, for somebody who thinks that it is in `since`."""
    if since is not None and since != before:
        raise PhaseChanged(f"The week is in the phase “{before}”, not “{since}”.")
    # A draft may also become an open week, which is what it stands for when it is published.
    backward = ORDER.index(to) < ORDER.index(before) and before != "draft"
    if backward and not may_reopen:
        raise OnlyForward


def check_day(day: date) -> None:
    """Whether the weeks around a day are on the calendar, and on that of every zone."""
    if not FIRST <= day < LAST:
        raise DayOutOfReach


def check_order(deadlines: Deadlines) -> None:
    given = [end for each in TIMED if (end := getattr(deadlines, each)) is not None]
    if any(later <= sooner for sooner, later in pairwise(given)):
        raise DeadlinesOutOfOrder
