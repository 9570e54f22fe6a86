"""One member's page: what they did in the season, what they made of it, and what they nominated."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.paging import BadCursor, decode_cursor, encode_cursor
from club.memory import acclaim, rules, store
from club.memory.acclaim import Opinion
from club.memory.scope import Scope
from club.memory.season import History, Season
from club.memory.whose import counts
from club.models import Album, Rating, Week
from club.ratings.statistics import rounded
from club.weeks.store import named
from contracts import catalog
from contracts.ids import NominationId
from contracts.memory import Counted, Nominated, Verdict
from contracts.paging import Page


async def opinions(tx: AsyncSession, scope: Scope, season: Season) -> list[Opinion]:
    """What the scope's one member made of the winners."""
    given = (
        select(Week.number, Rating.half_steps)
        .join(Week, and_(Week.id == Rating.week_id, Week.winner_album_id == Rating.album_id))
        .where(counts(), scope.whom(Rating.user_id), *scope.seen)
    )
    return [
        Opinion(number, week.winner.title, half_steps, week.ratings)
        for number, half_steps in await tx.execute(given)
        if (week := season.by_number.get(number)) and week.winner
    ]


def figures(season: Season, history: History, given: Sequence[Opinion]) -> dict[str, Any]:
    """What `MemberPage` says beside who it is and what they nominated."""
    liked = [season.by_number[each.number] for each in given if each.likes]
    return {
        "nominated": history.nominations,
        "wins": len(history.wins),
        "win_rate": rules.share(len(history.wins), history.decided),
        "drought": season.drought(history),
        "averages": season.averages(history),
        "attendance": season.attendance(history),
        "favorite_genre": _favourite(each.genre for each in liked),
        "favorite_decade": _favourite(each.released for each in liked),
        "most_generous": _verdict(season, acclaim.most_generous(given)),
        "harshest": _verdict(season, acclaim.harshest(given)),
    }


def _favourite(names: Iterable[str | None]) -> Counted | None:
    return next((Counted(name=name, count=count) for name, count in rules.counted(names)), None)


def _verdict(season: Season, opinion: Opinion | None) -> Verdict | None:
    if opinion is None:
        return None
    week = season.by_number[opinion.number]
    return Verdict(
        week_id=week.week.id,
        number=opinion.number,
        label=named(week.week),
        album=catalog.Album.model_validate(week.winner),
        rating=opinion.half_steps / 2,
        others=rounded(opinion.others.mean),
    )


async def nominations(tx: AsyncSession, scope: Scope, cursor: str | None, limit: int) -> Page[Nominated]:
    """What the scope's one member nominated, latest week first."""
    found = await store.nominations(tx, scope, _place(cursor), limit)
    items = [_nominated(*row) for row in found[:limit]]
    more = len(found) > limit
    return Page(
        items=items, next_cursor=encode_cursor(items[-1].number, str(items[-1].nomination_id)) if more else None
    )


def _place(cursor: str | None) -> tuple[int, UUID] | None:
    if cursor is None:
        return None
    number, nomination_id = decode_cursor(cursor, int, str)
    try:
        return number, UUID(nomination_id)
    except ValueError as error:
        raise BadCursor from error


def _nominated(nomination_id: NominationId, week: Week, album: Album) -> Nominated:
    return Nominated(
        nomination_id=nomination_id,
        week_id=week.id,
        number=week.number,
        label=named(week),
        album=catalog.Album.model_validate(album),
        won=None if week.winner_album_id is None else week.winner_nomination_id == nomination_id,
    )
