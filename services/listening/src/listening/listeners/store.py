"""Who played an album or an artist, read from the sums of each of them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Integer, Text, Uuid, bindparam, exists, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.caller import Caller, audiences
from listening.models import MessyTrack, PieceName
from listening.models.sums import ALBUM, ARTIST

# Days that nobody can have heard are in the sums of their listener: what was played on them is taken off here. Only
# of those who have such days the days are looked at, and only of those on the page the months.
_LISTENERS = """
    WITH played AS MATERIALIZED (
        SELECT user_id, sum(plays) AS plays, sum(ms) AS ms
        FROM user_items WHERE kind = {kind} AND item_id = ANY(:items) GROUP BY user_id
    ), heard AS MATERIALIZED (
        SELECT played.* FROM played JOIN users AS u ON u.id = played.user_id
        WHERE u.id = :reader OR coalesce(u.privacy->>'listening', 'public') = ANY(:audiences)
    ), doubtful AS MATERIALIZED (
        SELECT DISTINCT d.user_id FROM days AS d JOIN heard USING (user_id) WHERE d.left_out IS NOT NULL
    ), doubted AS MATERIALIZED (
        SELECT doubtful.user_id, of.month, of.plays, of.ms
        FROM doubtful CROSS JOIN LATERAL (
            SELECT date_trunc('month', t.day)::date AS month, sum(t.plays) AS plays, sum(t.ms) AS ms
            FROM messy_tracks AS m
            JOIN day_tracks AS t ON t.messy_id = m.id AND t.user_id = doubtful.user_id
            JOIN days AS d ON d.user_id = t.user_id AND d.day = t.day
            WHERE m.{piece} = ANY(:items) AND d.left_out IS NOT NULL
            GROUP BY 1
        ) AS of
    ), believed AS MATERIALIZED (
        SELECT h.user_id, h.plays - coalesce(x.plays, 0) AS plays, h.ms - coalesce(x.ms, 0) AS ms
        FROM heard AS h
        LEFT JOIN (SELECT user_id, sum(plays) AS plays, sum(ms) AS ms FROM doubted GROUP BY 1) AS x USING (user_id)
        WHERE h.plays > coalesce(x.plays, 0)
    ), page AS MATERIALIZED (
        SELECT * FROM believed
        WHERE CAST(:plays AS bigint) IS NULL OR plays < :plays OR (plays = :plays AND user_id > :last)
        ORDER BY plays DESC, user_id LIMIT :most
    )
    SELECT total.*, u.id, u.display_name, u.handle, u.avatar_url, u.discord_id,
        page.plays::bigint AS plays, page.ms::bigint AS ms, months.first_month, months.last_month
    FROM (
        SELECT count(*) AS people, coalesce(sum(plays), 0)::bigint AS all_plays, coalesce(sum(ms), 0)::bigint AS all_ms
        FROM believed
    ) AS total
    LEFT JOIN (page JOIN users AS u ON u.id = page.user_id) ON true
    LEFT JOIN LATERAL (
        SELECT min(each.month)::date AS first_month, max(each.month)::date AS last_month
        FROM (SELECT min(day)::timestamp AS first, max(day)::timestamp AS last FROM days WHERE user_id = u.id) AS span
        CROSS JOIN LATERAL generate_series(date_trunc('month', span.first), span.last, '1 month') AS each(month)
        CROSS JOIN LATERAL (
            SELECT sum(i.plays) AS plays FROM month_items AS i
            WHERE i.user_id = u.id AND i.month = each.month::date AND i.kind = {kind} AND i.item_id = ANY(:items)
        ) AS month
        WHERE month.plays > 0 AND month.plays > coalesce(
            (SELECT x.plays FROM doubted AS x WHERE x.user_id = u.id AND x.month = each.month::date), 0
        )
    ) AS months ON true
    ORDER BY page.plays DESC, page.user_id
"""
_TOLD = (
    bindparam("items", type_=ARRAY(Uuid)),
    bindparam("reader", type_=Uuid),
    bindparam("audiences", type_=ARRAY(Text)),
    bindparam("plays", type_=BigInteger),
    bindparam("last", type_=Uuid),
    bindparam("most", type_=Integer),
)
# The kind stands in the statement itself, for the index has no others.
_OF = {
    kind: text(_LISTENERS.format(kind=kind, piece=piece)).bindparams(*_TOLD)
    for kind, piece in ((ALBUM, "album_id"), (ARTIST, "artist_id"))
}


async def is_named(tx: AsyncSession, ids: Sequence[UUID]) -> bool:
    """Whether somebody, or the catalogue, has ever said what one of them is called."""
    return bool(await tx.scalar(select(exists().where(PieceName.id.in_(ids)))))


async def is_an_artist(tx: AsyncSession, ids: Sequence[UUID]) -> bool:
    """Whether a track counts for one of them; the catalogue tells of artists without their names."""
    return bool(await tx.scalar(select(exists().where(MessyTrack.artist_id.in_(ids)))))


async def listeners(  # noqa: PLR0913, PLR0917 — of what, for whom, and where to begin
    tx: AsyncSession, kind: int, ids: Sequence[UUID], caller: Caller, after: tuple[int, UUID] | None, most: int
) -> tuple[Any, Sequence[Any]]:
    """All of them together (people, all_plays, all_ms), and each who comes `after` some plays and id.

    Of each (id, display_name, handle, avatar_url, discord_id, plays, ms, first_month, last_month).
    """
    plays, last = after or (None, None)
    told = {"items": list(ids), "reader": caller.user_id, "audiences": [*audiences(caller)]}
    rows = (await tx.execute(_OF[kind], told | {"plays": plays, "last": last, "most": most})).all()
    return rows[0], [row for row in rows if row.id is not None]
