"""Who listened to a week's winner, and when."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.caller import Caller
from chassis.errors import NotFound
from contracts.album_listening import WeekListener, WeekListening, WeekPlays
from contracts.identity import Person
from contracts.ids import TrackId, UserId, WeekId
from listening.clubs.rules import Heard, progress
from listening.clubs.store import album_meant, plays_of_album
from listening.models import Day, Nomination, Rating, User, Week
from listening.sight import sees

A_WEEK, FOUR_WEEKS = timedelta(days=7), timedelta(days=28)


class NoWinnerYet(NotFound):
    sentence = "This week has no winner that anybody could have listened to."


async def week_listening(tx: AsyncSession, week_id: WeekId, caller: Caller) -> WeekListening:
    """As far as each listener shows it to the caller; raises NoWinnerYet."""
    week = await tx.get(Week, week_id)
    if week is None or week.album_id is None:
        raise NoWinnerYet
    albums, tracks = await album_meant(tx, week.album_id)
    people = await _shown(tx, await plays_of_album(tx, albums, tracks), caller)
    rated = await _rated(tx, week_id)
    told = [_listener(user, plays, tracks, rated.get(user.id)) for user, plays in people]
    put_up = await tx.get(Nomination, week.nomination_id) if week.nomination_id else None
    everybody = [play for _, plays in people for play in plays]
    return WeekListening(
        week_id=week_id,
        album_id=albums[0],
        tracks=len(set(tracks)) or None,
        listeners=sorted(told, key=lambda each: (-each.heard, -each.plays, each.user.display_name)),
        plays=_by_time(everybody, put_up.created_at if put_up else None, week),
    )


async def _shown(tx: AsyncSession, plays: Sequence[Heard], caller: Caller) -> list[tuple[User, list[Heard]]]:
    """Of each who shows it; days that nobody can have heard count for nobody but their listener."""
    by_user: dict[UserId, list[Heard]] = {}
    for play in plays:
        by_user.setdefault(play.user_id, []).append(play)
    left_out = select(Day.user_id, Day.day).where(Day.user_id.in_(by_user), Day.left_out.is_not(None))
    hidden = {(row.user_id, row.day) for row in await tx.execute(left_out)}
    users = await tx.scalars(select(User).where(User.id.in_(by_user)).order_by(User.id))
    believed = [
        (user, [play for play in by_user[user.id] if (user.id, play.started_at.date()) not in hidden])
        for user in users
        if sees(caller, user)
    ]
    return [(user, theirs) for user, theirs in believed if theirs]


async def _rated(tx: AsyncSession, week_id: WeekId) -> Mapping[UserId, datetime]:
    given = select(Rating).where(Rating.week_id == week_id, Rating.withdrawn.is_(False))
    return {row.user_id: row.given_at for row in await tx.scalars(given)}


def _listener(user: User, plays: Sequence[Heard], tracks: Sequence[TrackId], rated_at: datetime | None) -> WeekListener:
    whole = progress(tracks, plays)
    before = progress(tracks, [each for each in plays if rated_at and each.started_at < rated_at])
    return WeekListener(
        user=Person(id=user.id, display_name=user.display_name, handle=user.handle, avatar_url=user.avatar_url),
        heard=whole.heard,
        heard_before_rating=before.heard if rated_at else None,
        plays=whole.plays,
        completed_at=whole.completed_at,
    )


def _by_time(plays: Sequence[Heard], put_up: datetime | None, week: Week) -> WeekPlays:
    moments = [play.started_at for play in plays]
    discussed = week.date_discussion and datetime.combine(week.date_discussion, time(), UTC) + timedelta(days=1)
    start = put_up or (discussed - A_WEEK if discussed else datetime.now(UTC))
    end = discussed if discussed and discussed > start else start + A_WEEK
    return WeekPlays(
        before=sum(each < start for each in moments),
        during=sum(start <= each < end for each in moments),
        after=sum(end <= each < end + FOUR_WEEKS for each in moments),
    )
