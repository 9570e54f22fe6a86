"""Profiles in PostgreSQL."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, case, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.ids import UserId
from identity.models import User
from identity.users.store import lock_names, user_by_id

# Which part of a query's trigrams must be found together. One wrong letter in a word of five leaves half of them.
ALIKE = 0.45


async def user_named(tx: AsyncSession, whom: UUID | str) -> User | None:
    if isinstance(whom, UUID):
        return await user_by_id(tx, whom)
    return await tx.scalar(select(User).where(User.handle == whom))


async def take_user(tx: AsyncSession, user_id: UserId) -> User | None:
    """The person for oneself, until `tx` ends."""
    return await tx.get(User, user_id, with_for_update=True, populate_existing=True)


async def handle_is_taken(tx: AsyncSession, looks: str, by_other_than: UserId) -> bool:
    """Whether somebody else has the handle, or one that looks like it; until `tx` ends nobody else takes it."""
    await lock_names(tx, [f"handle:{looks}"])
    other = select(User.id).where(User.handle_looks == looks, User.id != by_other_than)
    return await tx.scalar(other) is not None


async def page(
    tx: AsyncSession, q: str, among: Sequence[ColumnElement[bool]], passed: int, limit: int
) -> Sequence[User]:
    """Who is called `q`, or nearly, best first; one more than `limit`, if there are more."""
    sought, name = _plain(literal(q)), _plain(User.display_name)
    handle = func.coalesce(User.handle, "")
    alike = func.word_similarity(sought, name)
    rank = case(
        (or_(handle == sought, name == sought), 3),
        (or_(func.starts_with(handle, sought), func.starts_with(name, sought)), 2),
        (or_(func.strpos(handle, sought) > 0, func.strpos(name, sought) > 0), 1),
        else_=0,
    )
    found = select(User).where(func.length(sought) > 0, or_(rank > 0, alike >= ALIKE), *among)
    best = found.order_by(rank.desc(), alike.desc(), name, User.id)
    return (await tx.scalars(best.offset(literal(passed, BigInteger)).limit(limit + 1))).all()


def _plain(text: Any) -> ColumnElement[str]:
    return func.lower(func.unaccent(text))
