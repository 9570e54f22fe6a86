"""A week's ballots read whole, thousands at once: in plain rows, which are a tenth of the work of objects."""

from collections.abc import Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from club.proof import rules
from contracts.ids import NominationId, WeekId

UNSEALED = bytes(32)

# A look into an index for each ballot, not joins: how many there are is unknown to a planner that has not yet seen
# tonight's votes, and joins planned for a few take seconds for thousands.
_CAST = text("""
SELECT l.number, coalesce(l.ballot_ref, b.id), l.salt_key,
    (SELECT v.nomination_id FROM votes v WHERE (v.week_id, v.user_id, v.rank) = (b.week_id, b.user_id, 1)),
    (SELECT v.nomination_id FROM votes v WHERE (v.week_id, v.user_id, v.rank) = (b.week_id, b.user_id, 2)),
    b.cast_at, l.leaf
FROM ballots b
LEFT JOIN LATERAL (
    SELECT s.ballot_ref, s.salt_key, last.number, last.leaf
    FROM ballot_secrets s LEFT JOIN ballot_links last USING (ballot_ref)
    WHERE (s.week_id, s.user_id) = (b.week_id, b.user_id)
    ORDER BY last.number DESC NULLS LAST LIMIT 1
) l ON true
WHERE b.week_id = :week
UNION ALL
SELECT l.number, s.ballot_ref, s.salt_key, NULL, NULL, l.cast_at, l.leaf
FROM ballot_links l JOIN ballot_secrets s USING (ballot_ref)
WHERE l.week_id = :week AND l.first IS NULL AND l.second IS NULL
AND NOT EXISTS (SELECT FROM ballots b WHERE (b.week_id, b.user_id) = (s.week_id, s.user_id))
AND NOT EXISTS (SELECT FROM ballot_links later WHERE later.ballot_ref = l.ballot_ref AND later.number > l.number)
ORDER BY 1 NULLS FIRST, 2
""")
_CHAIN = text("""
SELECT l.number, l.ballot_ref::text, encode(l.leaf, 'hex'), l.first::text, l.second::text, l.cast_at, s.salt_key
FROM ballot_links l JOIN ballot_secrets s USING (ballot_ref)
WHERE l.week_id = :week
ORDER BY l.number
""")
_LAST = text("""
SELECT number, leaf FROM (
    SELECT DISTINCT ON (ballot_ref) number, leaf FROM ballot_links WHERE week_id = :week
    ORDER BY ballot_ref, number DESC
) l
ORDER BY number
""")


class Cast(NamedTuple):
    """A ballot of an open poll as its votes have it, and what its last link sealed; null where it is in none."""

    number: int | None
    ballot_ref: UUID
    salt_key: bytes | None
    first: NominationId | None
    second: NominationId | None
    cast_at: datetime
    sealed: bytes | None

    @property
    def empty(self) -> bool:
        return self.first is None and self.second is None

    def leaf(self) -> bytes:
        """The leaf of what the votes hold; whatever was changed on one side alone has another than was sealed."""
        salt = UNSEALED if self.salt_key is None or self.number is None else rules.salt(self.salt_key, self.number)
        return rules.leaf(self.ballot_ref, salt, self.first, self.second, self.cast_at)


async def ballots(tx: AsyncSession, week_id: WeekId) -> list[Cast]:
    """Every ballot of a poll that nobody has counted yet, in the order of the chain; those struck are empty."""
    return [Cast(*row) for row in await tx.execute(_CAST, {"week": week_id})]


async def opened(tx: AsyncSession, week_id: WeekId) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The last link of each ballot, opened, and the whole chain: as the contracts have `Leaf` and `Link` in JSON."""
    rows = (await tx.execute(_CHAIN, {"week": week_id})).all()
    last = sorted({row[1]: row for row in rows}.values(), key=itemgetter(0))
    return [_leaf(*row) for row in last], [{"ballot_ref": row[1], "leaf": row[2]} for row in rows]


def _leaf(  # noqa: PLR0913, PLR0917 — a row of `_CHAIN`
    number: int, ballot_ref: str, _: str, first: str | None, second: str | None, cast_at: datetime, salt_key: bytes
) -> dict[str, Any]:
    return {
        "number": number,
        "ballot_ref": ballot_ref,
        "salt": rules.salt(salt_key, number).hex(),
        "first": first,
        "second": second,
        "cast_at": cast_at,
    }


async def last(tx: AsyncSession, week_id: WeekId) -> tuple[Sequence[int], Sequence[bytes]]:
    """The numbers of the links that count, and their leaves."""
    rows = (await tx.execute(_LAST, {"week": week_id})).all()
    return [row[0] for row in rows], [row[1] for row in rows]
