"""Ids of what turned out to be one: who an id is now, kept for ever, and never through two steps."""

from collections.abc import Collection, Iterable
from datetime import datetime
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import BigInteger, Select, Table, Uuid, bindparam, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Timestamp, table_of
from chassis.departures import gone

Id = TypeVar("Id", bound=UUID)


class Alias:
    """The columns of a table of aliases; no `survivor_id` is itself an alias."""

    id: Mapped[UUID] = mapped_column("old_id", Uuid, primary_key=True)
    survivor_id: Mapped[UUID] = mapped_column(Uuid, index=True)
    version: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.clock_timestamp())


async def survivor_of(tx: AsyncSession, aliases: type[Any], old: Id) -> Id:
    """Who that is now: themself, as long as they were merged into nobody."""
    found: Id | None = await tx.scalar(_survivor(table_of(aliases)), {"old": old})
    return found or old


@cache
def _survivor(aliases: Table) -> Select[Any]:
    return select(aliases.c.survivor_id).where(aliases.c.old_id == bindparam("old", type_=Uuid()))


async def survivors_of(tx: AsyncSession, aliases: type[Any], olds: Iterable[Id] | Select[Any]) -> dict[Id, Id]:
    """Who those of them are now that are aliases; whoever is not in it is themself."""
    rows = await tx.execute(select(aliases.id, aliases.survivor_id).where(aliases.id.in_(olds)))
    return dict(rows.all())


async def one_merge_at_a_time(tx: AsyncSession, aliases: type[Any]) -> None:
    """They are rare, and so no two can wait for each other in a ring."""
    name = func.current_schema() + f".{aliases.__tablename__}"
    await tx.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


async def keep_alias(tx: AsyncSession, aliases: type[Any], old: Id, survivor: Id, version: int) -> Id | None:
    """Let `old` be an alias, unless something newer is known; the survivor, or None where that would be a ring.

    Whatever was an alias of `old` is one of the survivor: in whatever order merges are told, they end the same. Of who
    has left no alias is kept: None, too.
    """
    await one_merge_at_a_time(tx, aliases)
    survivor = await survivor_of(tx, aliases, survivor)
    if survivor == old or await gone(tx, [old, survivor]):
        return None
    await _keep(tx, aliases, old, survivor, version)
    theirs = update(aliases).where(aliases.survivor_id == old).values(survivor_id=survivor)
    await tx.execute(theirs.execution_options(synchronize_session=False))
    return survivor


async def drop_aliases(tx: AsyncSession, aliases: type[Any], ids: Collection[UUID]) -> None:
    """None of these, who have left, is an alias or has any."""
    await one_merge_at_a_time(tx, aliases)
    theirs = or_(aliases.id.in_(ids), aliases.survivor_id.in_(ids))
    await tx.execute(delete(aliases).where(theirs).execution_options(synchronize_session=False))


async def keep_redirect(tx: AsyncSession, aliases: type[Any], old: Id, survivor: Id | None, version: int) -> None:
    """Let `old` mean `survivor`, or itself again where there is none, unless something newer is known.

    For what can be undone: its owner tells of every id by itself and never through two steps; none is followed here.
    """
    await _keep(tx, aliases, old, survivor or old, version)


async def _keep(tx: AsyncSession, aliases: type[Any], old: UUID, survivor: UUID, version: int) -> None:
    told = {"survivor_id": survivor, "version": version}
    row = insert(aliases).values({"old_id": old, **told})
    newer = row.excluded.version >= aliases.version
    await tx.execute(row.on_conflict_do_update(index_elements=[aliases.id], set_=told, where=newer))
