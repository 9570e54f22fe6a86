"""Days of plays: in a row of buckets, on a calendar, in streaks."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Date, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import Invalid
from contracts.ids import UserId
from contracts.summaries import Bucket, Streak, Streaks, TimelinePoint
from listening.reading.periods import ONE, Period

MOST_POINTS = 3_700


class TooManyPoints(Invalid):
    sentence = "This would be too many points; please ask for a shorter period or a larger bucket."


_USER = bindparam("user", type_=Uuid)
_RANGE = "user_id = :user AND plays > 0 AND (CAST(:first AS date) IS NULL OR day BETWEEN :first AND :last)"
_BOUNDS = bindparam("first", type_=Date), bindparam("last", type_=Date)
_DAYS = text(f"SELECT day, plays, ms FROM days WHERE {_RANGE} ORDER BY day").bindparams(_USER, *_BOUNDS)  # noqa: S608 — our own words
_HOURS = text(f"""
    SELECT extract(isodow FROM day)::int - 1 AS weekday, hour, sum(plays)::int AS plays
    FROM hours WHERE {_RANGE} GROUP BY 1, 2
""").bindparams(_USER, *_BOUNDS)  # noqa: S608 — our own words


async def days_of(tx: AsyncSession, user_id: UserId, period: Period) -> Sequence[Any]:
    """(day, plays, ms) of each day with plays, in order."""
    return (await tx.execute(_DAYS, _told(user_id, period))).all()


async def hours_of(tx: AsyncSession, user_id: UserId, period: Period) -> list[list[int]]:
    """Plays by weekday, from Monday, and hour."""
    table = [[0] * 24 for _ in range(7)]
    for row in await tx.execute(_HOURS, _told(user_id, period)):
        table[row.weekday][row.hour] = row.plays
    return table


def _told(user_id: UserId, period: Period) -> dict[str, Any]:
    return {"user": user_id, "first": period.first, "last": period.last}


def timeline(days: Sequence[Any], period: Period, bucket: Bucket) -> list[TimelinePoint]:
    """Of `days` in order, all buckets from the first to the last; raises TooManyPoints."""
    if not days and period.first is None:
        return []
    first, last = period.first or days[0].day, period.last or days[-1].day
    sums = {start: [0, 0] for start in _starts(first, last, bucket)}
    for row in days:
        of = sums[_start_of(row.day, bucket)]
        of[0] += row.plays
        of[1] += row.ms
    return [TimelinePoint(day=day, plays=p, ms=ms) for day, (p, ms) in sums.items()]


def _starts(first: date, last: date, bucket: Bucket) -> list[date]:
    starts, at = [], _start_of(first, bucket)
    while at <= last:
        starts.append(at)
        at = _start_of(at + timedelta(days={"day": 1, "week": 7, "month": 32}[bucket]), bucket)
        if len(starts) > MOST_POINTS:
            raise TooManyPoints
    return starts


def _start_of(day: date, bucket: Bucket) -> date:
    if bucket == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if bucket == "month" else day


def streaks(days: Sequence[date], today: date) -> Streaks:
    """Of days in order, each once."""
    runs: list[tuple[date, date]] = []
    for day in days:
        if runs and day == runs[-1][1] + ONE:
            runs[-1] = runs[-1][0], day
        else:
            runs.append((day, day))
    longest = max(runs, key=lambda run: (run[1] - run[0], run[1]), default=None)
    current = runs[-1] if runs and runs[-1][1] >= today - ONE else None
    return Streaks(current=_streak(current), longest=_streak(longest))


def _streak(run: tuple[date, date] | None) -> Streak:
    if run is None:
        return Streak(days=0, first_day=None, last_day=None)
    return Streak(days=(run[1] - run[0]).days + 1, first_day=run[0], last_day=run[1])
