"""What somebody listens to, over HTTP."""

from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import Depends, Query
from sqlalchemy import func, select

from chassis.db import Read
from chassis.http import router as routes
from chassis.paging import Cursor, Limit, encode_cursor, place_of
from contracts.listens import Source, When
from contracts.paging import Page
from contracts.plays import Milestone, Milestones, PlayingNow, PlayTold
from contracts.summaries import Bucket, Heatmap, Streaks, Summary, Timeline
from listening.models import NowPlaying
from listening.reading import days, plays
from listening.reading.milestones import next_milestone, reached
from listening.reading.periods import Period, read_period
from listening.reading.store import totals
from listening.reading.summary import summarise
from listening.sight import SeenListener
from listening.sums.deltas import local

router = routes(prefix="/users/{user_id}", tags=["listening"])


def _today(user: SeenListener) -> date:
    """On the listener's own calendar."""
    return local(datetime.now(UTC), user.timezone).date()


Today = Annotated[date, Depends(_today)]


def _period(today: Today, spelled: Annotated[str, Query(alias="period", max_length=30)] = "30d") -> Period:
    return read_period(spelled, today)


InPeriod = Annotated[Period, Depends(_period)]


@router.get("/listens/recent")
async def read_recent_listens(  # noqa: PLR0913 — what may be asked
    *,
    user: SeenListener,
    tx: Read,
    source: Annotated[Source | None, Query()] = None,
    since: Annotated[When | None, Query()] = None,
    limit: Limit = 25,
    cursor: Cursor = None,
) -> Page[PlayTold]:
    """Plays, the latest first; of one source, or since a moment."""
    rows = await plays.latest(tx, user.id, before=place_of(cursor), since=since, source=source, most=limit + 1)
    more = encode_cursor(str(rows[limit - 1].id)) if len(rows) > limit else None
    return Page(items=await plays.told(tx, user.id, rows[:limit]), next_cursor=more)


@router.get("/summary")
async def read_summary(
    user: SeenListener, period: InPeriod, tx: Read, top: Annotated[int, Query(ge=1, le=100)] = 10
) -> Summary:
    """Plays, artists, albums and tracks of a period, its top lists, and how the period before was."""
    return await summarise(tx, user.id, period, top)


@router.get("/timeline")
async def read_timeline(user: SeenListener, period: InPeriod, tx: Read, bucket: Bucket = "day") -> Timeline:
    """Plays by day, week or month."""
    return Timeline(bucket=bucket, points=days.timeline(await days.days_of(tx, user.id, period), period, bucket))


@router.get("/heatmap")
async def read_heatmap(user: SeenListener, period: InPeriod, tx: Read) -> Heatmap:
    """Plays on the calendar, and by weekday and hour."""
    by_day = {row.day: row.plays for row in await days.days_of(tx, user.id, period)}
    hours = await days.hours_of(tx, user.id, period)
    return Heatmap(days=by_day, hours=hours, timezone=user.timezone or "UTC")


@router.get("/streaks")
async def read_streaks(user: SeenListener, today: Today, tx: Read) -> Streaks:
    """Days in a row with plays: now, and the most there were."""
    return days.streaks([row.day for row in await days.days_of(tx, user.id, Period("all"))], today)


@router.get("/milestones")
async def read_milestones(user: SeenListener, tx: Read) -> Milestones:
    """Plays with round numbers, the first among them."""
    count = (await totals(tx, user.id, Period("all"))).plays
    told = []
    for number in reached(count):
        row = await plays.nth(tx, user.id, number)
        told.append(Milestone(plays=number, at=row.started_at, track=plays.piece_of(row)))
    upcoming = next_milestone(count)
    return Milestones(reached=told, next=upcoming, missing=upcoming - count)


@router.get("/now-playing")
async def read_now_playing(user: SeenListener, tx: Read) -> PlayingNow:
    """What somebody listens to just now."""
    columns = NowPlaying.source, NowPlaying.started_at, NowPlaying.expires_at
    query = plays.with_names(select(*columns, *plays.PIECE), NowPlaying.messy_id)
    row = (await tx.execute(query.where(NowPlaying.user_id == user.id, NowPlaying.expires_at > func.now()))).first()
    if row is None:
        return PlayingNow(playing=None)
    return PlayingNow(
        playing=plays.piece_of(row), source=row.source, started_at=row.started_at, expires_at=row.expires_at
    )
