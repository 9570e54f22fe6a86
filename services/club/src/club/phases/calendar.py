"""Deadlines on a club's own clock: 20:00 stays 20:00 when the clocks change. No I/O here."""

from datetime import UTC, date, datetime, time, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

from club.phases.rules import TIMED
from contracts.clubs import Rhythm, Weekday
from contracts.phases import Deadlines, NewDeadlines


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """When the club's clocks show that. A time they skip is as much later; of one they show twice, the first."""
    return datetime.combine(day, at, zone).astimezone(UTC)


def placed(deadlines: NewDeadlines, zone: ZoneInfo) -> Deadlines:
    """The same as instants: what came without an offset is the club's local time."""
    given = ((each, getattr(deadlines, each)) for each in deadlines.model_fields_set)
    return Deadlines.model_validate({each: _placed(end, zone) for each, end in given})


def _placed(end: datetime | None, zone: ZoneInfo) -> datetime | None:
    if end is None or end.tzinfo is not None:
        return end and end.astimezone(UTC)
    return instant(end.date(), end.time(), zone)


def discussion_day(rhythm: Rhythm, today: date) -> date:
    """The first day of discussion before which there is time enough to nominate, vote and listen."""
    soonest = today + timedelta(days=rhythm.nominating_days + rhythm.voting_days + rhythm.discussing_days)
    weekday = get_args(Weekday).index(rhythm.weekday)
    return soonest + timedelta(days=(weekday - soonest.weekday()) % 7)


def default_deadlines(day: date, rhythm: Rhythm, zone: ZoneInfo) -> Deadlines:
    """All phases of a week that discusses on `day`, in the club's rhythm."""
    voting = day - timedelta(days=rhythm.discussing_days)
    nominating = voting - timedelta(days=rhythm.voting_days)
    days = (nominating, voting, day, day + timedelta(days=rhythm.rating_days))
    at = time.fromisoformat(rhythm.time)
    return Deadlines.model_validate({each: instant(on, at, zone) for each, on in zip(TIMED, days, strict=True)})
