"""Marks of who is to be compared anew: written in one transaction with what changed."""

from sqlalchemy import ARRAY, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.ids import UserId

# An update that changes nothing waits for whoever takes the mark away just now; then it is made anew.
_UNMATCHED = text("""
    INSERT INTO unmatched AS t (user_id) SELECT id FROM unnest(:ids) AS id ORDER BY id
    ON CONFLICT (user_id) DO UPDATE SET since = t.since
""").bindparams(bindparam("ids", type_=ARRAY(Uuid)))


async def mark_unmatched(tx: AsyncSession, *users: UserId) -> None:
    if users:
        await tx.execute(_UNMATCHED, {"ids": [*set(users)]})
