"""The albums that a club has met, in PostgreSQL: the very name first, what was featured next, then what is alike."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, TypeAlias

from sqlalchemy import CTE, BigInteger, ColumnElement, Row, Select, case, func, literal, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from club.albums.redirects import meant
from club.gallery.store import plain
from club.members.store import people
from club.memory.whose import rated, standing
from club.models import Album, Nomination, Week
from club.ratings.statistics import average
from club.weeks.store import named
from contracts import catalog
from contracts.ids import AlbumId
from contracts.memory import FeaturedWeek, KnownAlbum

# Which part of a query's trigrams must be found together. One wrong letter in a word of five leaves half of them.
ALIKE = 0.45

# An album, in how many weeks it was nominated, and in how many it won.
Met: TypeAlias = Row[Album, int, int]
Seen: TypeAlias = Sequence[ColumnElement[bool]]


async def page(tx: AsyncSession, seen: Seen, q: str | None, passed: int, limit: int) -> Sequence[Met]:
    """Those that match `q`, best first, or all, the last featured first."""
    met = _met(seen) if q is None else _alike(_met(seen), plain(literal(q)))
    rank = () if q is None else (met.c.named.desc(), met.c.last.is_not(None).desc(), met.c.alike.desc())
    found = select(Album, met.c.nominated, met.c.won).join(met, met.c.album_id == Album.id)
    if q is not None:
        found = found.where(met.c.alike >= ALIKE)
    best = found.order_by(*rank, met.c.last.desc().nulls_last(), met.c.title, Album.id)
    return (await tx.execute(best.offset(literal(passed, BigInteger)).limit(limit))).all()


def _met(seen: Seen) -> CTE:
    """What was nominated or featured, as a search compares it."""
    weeks = func.count(Nomination.week_id.distinct()).label("weeks")
    # Rows of albums that turned out to be one are counted together.
    of, won = meant(Nomination.album_id).label("album_id"), meant(Week.winner_album_id).label("album_id")
    nominated = select(of, weeks).join(Week, Week.id == Nomination.week_id).where(standing(), *seen)
    put_up = nominated.group_by(of).subquery()
    featured = (
        select(
            won,
            func.count(Week.winner_nomination_id).label("won"),
            func.max(Week.number).label("last"),
        )
        .where(Week.winner_album_id.is_not(None), *seen)
        .group_by(won)
        .subquery()
    )
    whole = put_up.join(featured, featured.c.album_id == put_up.c.album_id, full=True)
    found = select(
        Album.id.label("album_id"),
        func.coalesce(put_up.c.weeks, 0).label("nominated"),
        func.coalesce(featured.c.won, 0).label("won"),
        featured.c.last,
        plain(Album.title).label("title"),
        plain(func.concat_ws(" ", Album.title, Album.artist)).label("words"),
    )
    either = func.coalesce(put_up.c.album_id, featured.c.album_id)
    return _once(found.select_from(whole).join(Album, Album.id == either), "met")


def _alike(met: CTE, sought: ColumnElement[str]) -> CTE:
    """How like each is to what is sought: 2 where it begins so, 1 where it holds it, else as trigrams have it."""
    # Trigrams know letters and digits only: `!!!` is found as it stands. They are also what takes the time.
    alike = case(
        (func.starts_with(met.c.words, sought), 2),
        (func.strpos(met.c.words, sought) > 0, 1),
        else_=func.word_similarity(sought, met.c.words),
    )
    named = or_(met.c.title == sought, met.c.words == sought)
    return _once(select(met, named.label("named"), alike.label("alike")), "alike")


def _once(found: Select[Any], name: str) -> CTE:
    """Computed once for each row, however often it is spoken of."""
    return found.cte(name).prefix_with("MATERIALIZED", dialect="postgresql")


async def items(tx: AsyncSession, seen: Seen, rows: Sequence[Met], *, with_discord: bool) -> list[KnownAlbum]:
    weeks = await _featured(tx, seen, [album.id for album, *_ in rows], with_discord=with_discord)
    return [
        KnownAlbum(
            album=catalog.Album.model_validate(album),
            featured=weeks[album.id],
            times_nominated=nominated,
            times_won=won,
        )
        for album, nominated, won in rows
    ]


async def _featured(
    tx: AsyncSession, seen: Seen, albums: Sequence[AlbumId], *, with_discord: bool
) -> defaultdict[AlbumId | None, list[FeaturedWeek]]:
    """The albums' weeks, newest first."""
    given, won = rated(), meant(Week.winner_album_id)
    found = (
        select(Week, won.label("album_id"), Nomination.user_id, given.c.count, given.c.half_steps)
        .outerjoin(Nomination, Nomination.id == Week.winner_nomination_id)
        .join(given, true())
        .where(won.in_(albums), *seen)
    )
    rows = (await tx.execute(found.order_by(Week.number.desc()))).all()
    persons = await people(tx, {user_id for _, _, user_id, *_ in rows if user_id}, with_discord=with_discord)
    weeks: defaultdict[AlbumId | None, list[FeaturedWeek]] = defaultdict(list)
    for week, album_id, user_id, count, half_steps in rows:
        told = FeaturedWeek(
            week_id=week.id,
            number=week.number,
            label=named(week),
            won=user_id is not None,
            average=average(half_steps, count),
            nominator=persons.get(user_id),
        )
        weeks[album_id].append(told)
    return weeks
