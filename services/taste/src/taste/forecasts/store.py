"""A club's weeks in PostgreSQL, as forecasts are drawn from them."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.aliases import survivors_of
from contracts.ids import AlbumId, ClubId, NominationId, UserId, WeekId
from taste.compatibility.measures import normalised
from taste.forecasts.season import Foreseen, Season, SeasonWeek
from taste.models import Album, AlbumAlias, Nomination, Nominator, Rating, UserAlias, Vote, Week
from taste.profiles.store import SHOWN, genres_of

Who = frozenset[UserId]


async def season_of(tx: AsyncSession, club_id: ClubId, *, before: int | None = None, but: Who = frozenset()) -> Season:
    """The weeks of a club that an album won, in their order: those `before` a number, without what `but` these say."""
    won = select(Week).where(Week.club_id == club_id, Week.album_id.is_not(None)).order_by(Week.number)
    if before is not None:
        won = won.where(Week.number < before)
    weeks = (await tx.scalars(won)).all()
    return await _told(tx, {week: (week.album_id, week.nomination_id) for week in weeks}, but)


async def week_with(tx: AsyncSession, week: Week, album_id: AlbumId, *, but: Who = frozenset()) -> SeasonWeek:
    """A week, as if that album won it or since it did."""
    nomination_id = week.nomination_id if week.album_id == album_id else await nomination_of(tx, week, album_id)
    (told,) = await _told(tx, {week: (album_id, nomination_id)}, but)
    return told


async def nomination_of(tx: AsyncSession, week: Week, album_id: AlbumId) -> NominationId | None:
    """By which the album, or one that turned out to be it, stands in the week's poll."""
    meant = func.coalesce(AlbumAlias.survivor_id, Nomination.album_id)
    put_up = (
        select(Nomination.nomination_id)
        .outerjoin(AlbumAlias, AlbumAlias.id == Nomination.album_id)
        .where(Nomination.week_id == week.week_id, Nomination.withdrawn.is_(False), meant == album_id)
    )
    return await tx.scalar(put_up.order_by(Nomination.nomination_id).limit(1))


async def _told(tx: AsyncSession, won: Mapping[Week, tuple[Any, Any]], but: Who) -> list[SeasonWeek]:
    ids = [week.week_id for week in won]
    ratings = await _ratings(tx, {week.week_id: album_id for week, (album_id, _) in won.items()}, but)
    chosen = {nomination_id for _, nomination_id in won.values() if nomination_id}
    behind = select(Nominator.nomination_id, Nominator.user_id).where(Nominator.nomination_id.in_(chosen))
    nominated = await _who(tx, behind, but)
    first, second = [
        await _who(tx, select(choice, Vote.user_id).where(Vote.week_id.in_(ids), choice.in_(chosen)), but)
        for choice in (Vote.first, Vote.second)
    ]
    albums = await albums_of(tx, [album_id for album_id, _ in won.values()])
    return [
        SeasonWeek(
            week_id=week.week_id,
            number=week.number,
            album=albums[album_id],
            ratings=ratings.get(week.week_id, {}),
            nominated=nominated.get(nomination_id, frozenset()),
            first=first.get(nomination_id, frozenset()),
            second=second.get(nomination_id, frozenset()),
        )
        for week, (album_id, nomination_id) in won.items()
    ]


async def _ratings(tx: AsyncSession, albums: Mapping[WeekId, AlbumId], but: Who) -> dict[WeekId, dict[UserId, int]]:
    """Of the album that is asked of: another may have won before."""
    now = func.coalesce(UserAlias.survivor_id, Rating.user_id)
    rows = (
        select(Rating.week_id, now.label("user_id"), Rating.album_id, Rating.half_steps)
        .outerjoin(UserAlias, UserAlias.id == Rating.user_id)
        .where(Rating.week_id.in_(albums), SHOWN)
    )
    found: dict[WeekId, dict[UserId, int]] = {}
    for week_id, user_id, album_id, half_steps in await tx.execute(rows):
        if album_id == albums[week_id] and user_id not in but:
            found.setdefault(week_id, {})[UserId(user_id)] = half_steps
    return found


async def _who(tx: AsyncSession, of: Select[Any, UserId], but: Who) -> dict[NominationId, Who]:
    rows = [(key, UserId(user_id)) for key, user_id in await tx.execute(of)]
    now = await survivors_of(tx, UserAlias, {user_id for _, user_id in rows})
    found: dict[NominationId, set[UserId]] = {}
    for key, user_id in rows:
        found.setdefault(key, set()).add(now.get(user_id, user_id))
    return {key: frozenset(users - but) for key, users in found.items()}


async def albums_of(tx: AsyncSession, ids: Iterable[AlbumId]) -> dict[AlbumId, Foreseen]:
    """By the ids that were asked; each as the one it means now."""
    asked = [*ids]
    now = await survivors_of(tx, AlbumAlias, asked)
    meant = {each: now.get(each, each) for each in asked}
    rows = {row.id: row for row in await tx.scalars(select(Album).where(Album.id.in_({*meant.values()})))}
    return {each: _album(means, rows.get(means)) for each, means in meant.items()}


def _album(album_id: AlbumId, row: Album | None) -> Foreseen:
    if row is None:
        return Foreseen(album_id)
    return Foreseen(album_id, row.title, row.artist, row.year, normalised(genres_of(row)))
