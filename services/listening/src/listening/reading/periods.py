"""Periods of somebody's days, and how they are made of whole months and single days. No I/O here."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from chassis.errors import Invalid

ONE = timedelta(days=1)
LAST_DAYS = {"7d": 7, "30d": 30, "90d": 90, "365d": 365}
FIRST_YEAR, LAST_YEAR = 2002, 2999
_YEAR, _MONTH = re.compile(r"\d{4}"), re.compile(r"(\d{4})-(\d{2})")


class BadPeriod(Invalid):
    sentence = "A period is 7d, 30d, 90d, 365d, all, a year, a month (2025-11), or two days (2025-11-01..2025-11-30)."


@dataclass(frozen=True)
class Period:
    """From one day to another, both in it; all time where there are none."""

    name: str
    first: date | None = None
    last: date | None = None

    @property
    def before(self) -> "Period | None":
        """As many days that end the day before."""
        if self.first is None or self.last is None:
            return None
        last = self.first - ONE
        return Period("before", last - (self.last - self.first), last)


def read_period(spelled: str, today: date) -> Period:
    """Raises BadPeriod."""
    if spelled == "all":
        return Period(spelled)
    if spelled in LAST_DAYS:
        return Period(spelled, today - (LAST_DAYS[spelled] - 1) * ONE, today)
    try:
        first, last = _bounds(spelled)
    except ValueError as error:
        raise BadPeriod from error
    if first > last or not FIRST_YEAR <= first.year <= last.year <= LAST_YEAR:
        raise BadPeriod
    return Period(spelled, first, last)


def _bounds(spelled: str) -> tuple[date, date]:
    if _YEAR.fullmatch(spelled):
        return date(int(spelled), 1, 1), date(int(spelled), 12, 31)
    if found := _MONTH.fullmatch(spelled):
        year, month = int(found[1]), int(found[2])
        first = date(year, month, 1)
        return first, first.replace(day=calendar.monthrange(year, month)[1])
    start, _, end = spelled.partition("..")
    return date.fromisoformat(start), date.fromisoformat(end)


@dataclass(frozen=True)
class Pieces:
    """Whole months, by their first days from one to before another, and single days at both ends."""

    months: tuple[date, date]
    days: tuple[tuple[date, date], ...]


def pieces(first: date, last: date) -> Pieces:
    """A period as sums are kept: `months` is empty, the same day twice, where no month is whole."""
    start = first if first.day == 1 else _next_month(first)
    end = (last + ONE).replace(day=1)
    if start >= end:
        return Pieces((start, start), ((first, last),))
    edges = ((first, start - ONE), (end, last))
    return Pieces((start, end), tuple(edge for edge in edges if edge[0] <= edge[1]))


def _next_month(day: date) -> date:
    return (day.replace(day=1) + 32 * ONE).replace(day=1)
