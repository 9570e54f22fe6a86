"""A season in PostgreSQL: a fixed number of queries, whatever the number of weeks and members."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import BigInteger, Row, Uuid, and_, func, literal, or_, select, true, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from club.albums.redirects import meant
from club.memory.acclaim import Ratings
from club.memory.scope import Scope, over
from club.memory.season import History, Season, SeasonWeek
from club.memory.whose import counts, decided_votes, rated, standing_votes, whose
from club.models import Album, Ballot, Nomination, Rating, Week
from contracts.ids import NominationId, UserId

Histories: TypeAlias = defaultdict[UserId, History]


async def season(tx: AsyncSession, scope: Scope) -> Season:
    """The weeks, and what the members did in them."""
    seen = await _weeks(tx, scope)
    members: Histories = defaultdict(History)
    for remember in (_nominated, _won, _chosen, _voted, _rated):
        await remember(tx, scope, members)
    return Season(seen, members)


async def _weeks(tx: AsyncSession, scope: Scope) -> list[SeasonWeek]:
    given, each = rated(), aliased(Nomination)
    stands = or_(each.withdrawn_at.is_(None), each.id == Week.winner_nomination_id)
    nominations = select(func.count()).where(each.week_id == Week.id, stands)
    ballots = select(func.count()).where(Ballot.week_id == Week.id)
    tags = (Nomination.genre, Nomination.decade, Nomination.country)
    totals = (nominations.scalar_subquery().label("nominations"), ballots.scalar_subquery().label("ballots"))
    found = (
        select(Week, Album, *tags, scope.asked().label("asked"), over.label("over"), *totals, *given.c)
        .select_from(Week)
        .outerjoin(Album, Album.id == meant(Week.winner_album_id))
        .outerjoin(Nomination, Nomination.id == Week.winner_nomination_id)
        .join(given, true())
    )
    rows = await tx.execute(found.where(*scope.seen).order_by(Week.number))
    return [
        SeasonWeek(
            week=row.Week,
            winner=row.Album,
            genre=row.genre,
            decade=row.decade,
            country=row.country,
            asked=row.asked,
            over=row.over,
            nominations=row.nominations,
            ballots=row.ballots,
            ratings=Ratings(*row[-3:]),
        )
        for row in rows
    ]


async def _nominated(tx: AsyncSession, scope: Scope, members: Histories) -> None:
    season, theirs = scope.weeks(), whose()
    asked = season.c.asked
    found = (
        select(
            theirs.c.user_id,
            func.count().filter(asked).label("nominations"),
            func.count().filter(asked, season.c.winner_album_id.is_not(None)).label("decided"),
            func.min(season.c.number).filter(asked).label("first"),
            *_span(season.c.number),
        )
        .join(season, season.c.id == theirs.c.week_id)
        .where(scope.whom(theirs.c.user_id))
    )
    for row in await tx.execute(found.group_by(theirs.c.user_id)):
        history = _seen(members, row)
        history.nominations, history.decided, history.first_nomination = row.nominations, row.decided, row.first or 0


async def _won(tx: AsyncSession, scope: Scope, members: Histories) -> None:
    season, theirs = scope.weeks(), whose()
    found = (
        select(theirs.c.user_id, _numbers(season.c.number).label("wins"))
        .join(season, season.c.winner_nomination_id == theirs.c.nomination_id)
        .where(season.c.asked, scope.whom(theirs.c.user_id))
    )
    for row in await tx.execute(found.group_by(theirs.c.user_id)):
        members[row.user_id].wins = row.wins


async def _chosen(tx: AsyncSession, scope: Scope, members: Histories) -> None:
    for votes in (decided_votes(), standing_votes(scope.seen)):
        season, theirs = scope.weeks(), whose()
        found = (
            select(
                theirs.c.user_id,
                func.sum(votes.c.points).label("points"),
                func.sum(votes.c.first_votes).label("first_votes"),
            )
            .join(votes, votes.c.nomination_id == theirs.c.nomination_id)
            .join(season, and_(season.c.id == theirs.c.week_id, season.c.id == votes.c.week_id))
            .where(season.c.asked, scope.whom(theirs.c.user_id))
        )
        for row in await tx.execute(found.group_by(theirs.c.user_id)):
            members[row.user_id].points += row.points
            members[row.user_id].first_votes += row.first_votes


async def _voted(tx: AsyncSession, scope: Scope, members: Histories) -> None:
    season = scope.weeks()
    found = (
        select(Ballot.user_id, _numbers(season.c.number).filter(season.c.asked).label("weeks"), *_span(season.c.number))
        .join(season, season.c.id == Ballot.week_id)
        .where(season.c.over, scope.whom(Ballot.user_id))
    )
    for row in await tx.execute(found.group_by(Ballot.user_id)):
        _seen(members, row).voted = frozenset(row.weeks or ())


async def _rated(tx: AsyncSession, scope: Scope, members: Histories) -> None:
    season = scope.weeks()
    found = (
        select(
            Rating.user_id,
            _numbers(season.c.number).filter(season.c.asked).label("weeks"),
            func.coalesce(func.sum(Rating.half_steps).filter(season.c.asked), 0).label("half_steps"),
            *_span(season.c.number),
        )
        .join(season, and_(season.c.id == Rating.week_id, season.c.winner_album_id == Rating.album_id))
        .where(counts(), scope.whom(Rating.user_id))
    )
    for row in await tx.execute(found.group_by(Rating.user_id)):
        history = _seen(members, row)
        history.rated, history.half_steps = frozenset(row.weeks or ()), row.half_steps


async def fields(tx: AsyncSession, scope: Scope) -> list[tuple[UserId, int, int]]:
    """In how many weeks that a nomination won (last) each member was among how many nominators (second)."""
    season, theirs = scope.weeks(), whose()
    each = (
        select(theirs.c.week_id, theirs.c.user_id)
        .distinct()
        .join(season, season.c.id == theirs.c.week_id)
        .where(season.c.asked, season.c.winner_nomination_id.is_not(None))
        .subquery()
    )
    among = select(each.c.user_id, func.count().over(partition_by=each.c.week_id).label("nominators")).subquery()
    found = select(among.c.user_id, among.c.nominators, func.count())
    return [(*row,) for row in await tx.execute(found.group_by(among.c.user_id, among.c.nominators))]


async def nominations(
    tx: AsyncSession, scope: Scope, before: tuple[int, UUID] | None, limit: int
) -> Sequence[Row[NominationId, Week, Album]]:
    """What the scope's one member nominated, latest week first; one more than `limit`, if there are more."""
    theirs = whose()
    found = (
        select(Nomination.id, Week, Album)
        .join(theirs, theirs.c.nomination_id == Nomination.id)
        .join(Week, Week.id == Nomination.week_id)
        .join(Album, Album.id == meant(Nomination.album_id))
        .where(scope.whom(theirs.c.user_id), *scope.seen)
        .order_by(Week.number.desc(), Nomination.id.desc())
    )
    if before is not None:
        number, nomination_id = before
        place = tuple_(literal(number, BigInteger), literal(nomination_id, Uuid))
        found = found.where(tuple_(Week.number, Nomination.id) < place)
    return (await tx.execute(found.limit(limit + 1))).all()


def _numbers(number: Any) -> Any:
    return func.array_agg(number)


def _span(number: Any) -> tuple[Any, Any]:
    return func.min(number).label("from_week"), func.max(number).label("to_week")


def _seen(members: Histories, row: Row[Any]) -> History:
    history = members[row.user_id]
    history.saw(row.from_week, row.to_week)
    return history
