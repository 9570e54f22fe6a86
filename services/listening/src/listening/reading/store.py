"""Reads of the sums. What is top is decided by plays, then by time, then by id, so that it is always the same."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ARRAY, Date, Integer, SmallInteger, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.ids import UserId
from listening.models.sums import ALBUM, ARTIST, TRACK
from listening.reading.periods import Period, pieces

# By kind: what there is of it. Albums that turned out to be one are read as one.
_OF_SOME = "SELECT item_id, sum(plays) AS plays, sum(ms) AS ms FROM chosen WHERE kind = {kind} GROUP BY 1"
_MEANT = """
    SELECT coalesce(a.survivor_id, item_id) AS item_id, sum(plays) AS plays, sum(ms) AS ms
    FROM ({items}) AS item LEFT JOIN album_aliases AS a ON a.old_id = item_id GROUP BY 1
"""
_COUNTED = "SELECT count(*) FROM ({items}) AS every"
_SOME = """
    chosen AS MATERIALIZED (
        SELECT kind, item_id, plays, ms FROM month_items WHERE user_id = :user AND month >= :start AND month < :end
        UNION ALL
        SELECT of.kind, of.item_id, d.plays, d.ms
        FROM unnest(:firsts, :lasts) AS edge(first, last)
        JOIN day_tracks AS d ON d.user_id = :user AND d.day BETWEEN edge.first AND edge.last
        JOIN messy_tracks AS m ON m.id = d.messy_id
        CROSS JOIN LATERAL (VALUES (1, m.artist_id), (2, m.album_id), (3, m.track_id)) AS of(kind, item_id)
        WHERE of.item_id IS NOT NULL
    )
"""
# Of all time there may be very much. What may be among the first is all that is as high as the last of them, by tier;
# albums that are several are first made one, and looked at however high they are.
_SEVERAL = """
    several AS MATERIALIZED (
        SELECT i.item_id, coalesce(a.survivor_id, i.item_id) AS meant, i.plays, i.ms
        FROM (SELECT old_id AS id FROM album_aliases UNION SELECT survivor_id FROM album_aliases) AS named
        JOIN user_items AS i ON i.user_id = :user AND i.kind = 2 AND i.item_id = named.id
        LEFT JOIN album_aliases AS a ON a.old_id = i.item_id
    )
"""
_LEAST = """
    (SELECT tier FROM user_items WHERE user_id = :user AND kind = {kind} AND tier > 0
    ORDER BY tier DESC LIMIT 1 OFFSET :{most} - 1 + {merged}) AS {name}
"""
_MERGED = "(SELECT count(*) FROM several)"
_HIGH = """
    SELECT item_id, plays, ms FROM user_items WHERE user_id = :user AND kind = {kind} AND tier > 0
        AND tier >= coalesce((SELECT {name} FROM least), 1)
    UNION ALL
    SELECT item_id, plays, ms FROM user_items WHERE user_id = :user AND kind = {kind} AND tier = 0
        AND (SELECT {name} FROM least) IS NULL
"""
_HIGH_ALBUMS = """
    SELECT * FROM ({high}) AS high WHERE item_id NOT IN (SELECT item_id FROM several)
    UNION ALL SELECT meant, sum(plays), sum(ms) FROM several GROUP BY meant
"""
_KEPT_COUNT = "SELECT items FROM item_counts WHERE user_id = :user AND kind = {kind}"
_ALBUM_COUNT = "({count}) - (SELECT count(*) - count(DISTINCT meant) FROM several)"
# The first of a kind are found without sorting the rest of it.
_FIRST = """
    SELECT {kind} AS kind, row_number() OVER (ORDER BY plays DESC, ms DESC, item_id) AS rank, first.*, ({of}) AS of
    FROM (SELECT * FROM ({items}) AS item ORDER BY plays DESC, ms DESC, item_id LIMIT :{most}) AS first
"""
_NAMED = """
    WITH {before} SELECT r.kind, r.rank, r.item_id AS id, r.plays, r.ms, r.of, n.name, n.artist
    FROM ({first}) AS r LEFT JOIN piece_names AS n ON n.id = CASE WHEN r.rank <= :most THEN r.item_id END
    ORDER BY r.kind, r.rank
"""
# Of each kind what its sums are called, and how many of it are wanted.
_KINDS = {ARTIST: ("artists", "most"), ALBUM: ("albums", "albums"), TRACK: ("tracks", "most")}


def _of_some() -> str:
    parts = []
    for kind, (_, most) in _KINDS.items():
        of = _OF_SOME.format(kind=kind)
        items = _MEANT.format(items=of) if kind == ALBUM else of
        parts.append(_FIRST.format(kind=kind, items=items, of=_COUNTED.format(items=items), most=most))
    return _NAMED.format(before=_SOME, first=" UNION ALL ".join(parts))


def _of_all() -> str:
    parts, least = [], []
    for kind, (name, most) in _KINDS.items():
        albums = kind == ALBUM
        least.append(_LEAST.format(kind=kind, name=name, most=most, merged=_MERGED if albums else 0))
        high, count = _HIGH.format(kind=kind, name=name), _KEPT_COUNT.format(kind=kind)
        items, of = (_HIGH_ALBUMS.format(high=high), _ALBUM_COUNT.format(count=count)) if albums else (high, count)
        parts.append(_FIRST.format(kind=kind, items=items, of=of, most=most))
    before = f"{_SEVERAL}, least AS MATERIALIZED (SELECT {', '.join(least)})"
    return _NAMED.format(before=before, first=" UNION ALL ".join(parts))


_USER = bindparam("user", type_=Uuid)
_EDGES = (
    bindparam("start", type_=Date),
    bindparam("end", type_=Date),
    bindparam("firsts", type_=ARRAY(Date)),
    bindparam("lasts", type_=ARRAY(Date)),
)
_MOST = bindparam("most", type_=SmallInteger), bindparam("albums", type_=SmallInteger)
TOP_OF_ALL = text(_of_all()).bindparams(_USER, *_MOST)
TOP_OF_SOME = text(_of_some()).bindparams(_USER, *_EDGES, *_MOST)

_TOTALS = text("""
    SELECT coalesce(sum(plays), 0) AS plays, coalesce(sum(ms), 0) AS ms,
        count(*) FILTER (WHERE left_out = 'too_many_plays') AS too_many_plays,
        count(*) FILTER (WHERE left_out = 'too_many_hours') AS too_many_hours
    FROM days WHERE user_id = :user AND (CAST(:first AS date) IS NULL OR day BETWEEN :first AND :last)
""").bindparams(_USER, bindparam("first", type_=Date), bindparam("last", type_=Date))


async def top(tx: AsyncSession, user_id: UserId, period: Period, most: int, albums: int) -> Sequence[Any]:
    """The `most` played artists and tracks, and so many albums, of which no more than `most` with their names.

    Of each (kind, rank, id, plays, ms, of, name, artist), where `of` is how many of its kind there are.
    """
    told: dict[str, Any] = {"user": user_id, "most": most, "albums": albums}
    if period.first is None or period.last is None:
        return (await tx.execute(TOP_OF_ALL, told)).all()
    parts = pieces(period.first, period.last)
    start, end = parts.months
    told |= {
        "start": start,
        "end": end,
        "firsts": [f for f, _ in parts.days],
        "lasts": [last for _, last in parts.days],
    }
    return (await tx.execute(TOP_OF_SOME, told)).all()


_GENRES = text("""
    SELECT g->>'name' AS genre, sum(t.plays * (g->>'weight')::float8) AS weight
    FROM unnest(:albums, :plays) AS t(album_id, plays) JOIN albums AS a ON a.id = t.album_id,
        LATERAL jsonb_array_elements(a.genres) AS g
    GROUP BY 1 ORDER BY weight DESC, genre
""").bindparams(bindparam("albums", type_=ARRAY(Uuid)), bindparam("plays", type_=ARRAY(Integer)))


async def genres(tx: AsyncSession, albums: Sequence[Any]) -> Sequence[Any]:
    """(genre, weight) of rows of albums: how much each stands for, among those whose genres are known."""
    told = {"albums": [row.id for row in albums], "plays": [row.plays for row in albums]}
    return (await tx.execute(_GENRES, told)).all()


async def totals(tx: AsyncSession, user_id: UserId, period: Period) -> Any:
    """(plays, ms, too_many_plays, too_many_hours): the last two are days that nobody can have listened to."""
    told = {"user": user_id, "first": period.first, "last": period.last}
    return (await tx.execute(_TOTALS, told)).one()
