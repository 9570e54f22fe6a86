"""Who left for ever, known by the hash of their id alone: what is told of them late brings nothing of them back."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar
from uuid import UUID

from fastapi import Request
from sqlalchemy import LargeBinary, String, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from chassis.copies import keep_newest
from chassis.db import Base
from chassis.errors import Unauthenticated
from chassis.tokens import BadToken, caller_of

Id = TypeVar("Id", bound=UUID)


# In one order, so that no two of these wait in a ring.
_LOCK = """
    SELECT {lock}(number) FROM (
        SELECT hashtextextended(current_schema() || '.person:' || person, 0) AS number
        FROM unnest(:people) AS person ORDER BY number OFFSET 0
    ) AS numbers
"""
_PEOPLE = bindparam("people", type_=ARRAY(String))
_HOLD = text(_LOCK.format(lock="pg_advisory_xact_lock_shared")).bindparams(_PEOPLE)
_TAKE = text(_LOCK.format(lock="pg_advisory_xact_lock")).bindparams(_PEOPLE)
_GONE = text("SELECT digest FROM departures WHERE digest = ANY(:digests)").bindparams(
    bindparam("digests", type_=ARRAY(LargeBinary))
)

_HELD = "held"


class AccountDeleted(Unauthenticated):
    sentence = "This account has been deleted."


class Departure(Base):
    """A tombstone, for ever. Not even when somebody left is in it: other things have happened at that moment."""

    __tablename__ = "departures"

    digest: Mapped[bytes] = mapped_column(primary_key=True)


def digest_of(one: UUID) -> bytes:
    """SHA-256 of the id as text. An id holds 74 random bits, so there is no list of ids to try."""
    return hashlib.sha256(str(one).encode()).digest()


async def gone(tx: AsyncSession, ids: Iterable[Id]) -> set[Id]:
    """Those of `ids` who have left."""
    digests = {digest_of(each): each for each in ids}
    found = await tx.scalars(_GONE, {"digests": [*digests]})
    return {digests[each] for each in found}


async def hold(tx: AsyncSession, ids: Iterable[Id]) -> set[Id]:
    """Those of `ids` who have left; nobody else of them does until `tx` ends. Before any row is taken."""
    # Who is held already is still there: whoever asks twice in one transaction asks PostgreSQL once.
    held: set[UUID] = tx.info.setdefault(_HELD, set())
    several = {*ids} - held
    if not several:
        return set()
    await tx.execute(_HOLD, {"people": [str(each) for each in several]})
    left = await gone(tx, several)
    # What is locked after a savepoint is free again once that is rolled back.
    if not tx.in_nested_transaction():
        held |= several - left
    return left


async def take(tx: AsyncSession, ids: Iterable[UUID]) -> None:
    """Whoever holds one of `ids` has ended, or waits until `tx` does. Before any row is taken."""
    await tx.execute(_TAKE, {"people": [str(each) for each in {*ids}]})


async def keep(tx: AsyncSession, ids: Iterable[UUID]) -> None:
    """Let these, who are taken, have left."""
    leaving = {*ids}
    tx.info.setdefault(_HELD, set()).difference_update(leaving)
    rows = [{"digest": each} for each in sorted(map(digest_of, leaving))]
    await tx.execute(insert(Departure).on_conflict_do_nothing(), rows)


async def keep_newest_of(tx: AsyncSession, person: UUID, copy: type[Base], state: Mapping[str, Any]) -> None:
    """What `copies.keep_newest` does with a state that is this person's; of who has left nothing is kept."""
    if not await hold(tx, [person]):
        await keep_newest(tx, copy, state)


async def check_caller(request: Request, tx: AsyncSession) -> None:
    """Refuse a person who left while their request was on its way: not even that they asked is written down."""
    try:
        user_id = (await caller_of(request)).user_id
    except BadToken:
        # An endpoint that asks who it is has refused this already; one that does not is for anyone.
        return
    if user_id is not None and await hold(tx, [user_id]):
        raise AccountDeleted
