"""Moving what is one piece's to another."""

from collections.abc import Sequence
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import exists, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from catalog.external_ids import claim
from catalog.merging.pieces import CREDITS, Noun
from catalog.merging.plan import shown_ids
from catalog.models import Edition, ExternalId, PieceAlias, Placement, Tagging
from contracts.merging import MergeDiff, MovedCredit, MovedName

# Who gives, and who takes.
Between: TypeAlias = tuple[UUID, UUID]


async def move(tx: AsyncSession, noun: Noun, diff: MergeDiff, gone: Any) -> None:
    """Let all of it be the survivor's."""
    old, into = diff.old_id, diff.into_id
    await claim(tx, noun.kind, old, shown_ids(gone))
    await hand(tx, noun, ExternalId, [(each.source, each.value) for each in diff.ids], (old, into))
    await hand(tx, noun, Tagging, [(each.source, each.name) for each in diff.taggings], (old, into))
    await hand(tx, noun, PieceAlias, [(each.name,) for each in diff.names], (old, into))
    await _name(tx, noun, gone, into, [each for each in diff.names if each.source == "merge"])
    await credit(tx, diff.credits, old, into)
    has_own = exists().where(Placement.album_id == into) | exists().where(Edition.album_id == into)
    if diff.editions and await tx.scalar(select(has_own)):
        theirs = update(Edition).where(Edition.album_id == old).values(representative=False)
        await tx.execute(theirs.execution_options(synchronize_session=False))
    for table in (Edition, Placement) if diff.placements else (Edition,):
        theirs = update(table).where(table.album_id == old).values(album_id=into)
        await tx.execute(theirs.execution_options(synchronize_session=False))


async def hand(
    tx: AsyncSession, noun: Noun, table: type[Any], keys: Sequence[tuple[str, ...]], between: Between
) -> None:
    """Rows that a piece has, by the rest of their keys, become another's."""
    if not keys:
        return
    giver, taker = between
    rest = [each for each in table.__table__.primary_key.columns if each.name not in {"kind", "piece_id"}]
    which = tuple_(*rest).in_(keys)
    theirs = update(table).where(table.kind == noun.kind, table.piece_id == giver, which).values(piece_id=taker)
    await tx.execute(theirs.execution_options(synchronize_session=False))


async def _name(tx: AsyncSession, noun: Noun, gone: Any, into: UUID, names: Sequence[MovedName]) -> None:
    _, key, _ = noun.named(gone)
    for each in names:
        row = {"kind": noun.kind, "piece_id": into, "name": each.name, "source": "merge", "match_key": key}
        await tx.execute(insert(PieceAlias).values(row).on_conflict_do_nothing())


async def credit(tx: AsyncSession, told: Sequence[MovedCredit], giver: UUID, taker: UUID) -> list[MovedCredit]:
    """Those that are the giver's become the taker's; which those were."""
    moved = []
    for table, of, kind in CREDITS:
        keys = [(each.id, each.position) for each in told if each.kind == kind]
        if keys:
            theirs = update(table).where(tuple_(of, table.position).in_(keys), table.artist_id == giver)
            given = theirs.values(artist_id=taker).returning(of, table.position)
            rows = await tx.execute(given.execution_options(synchronize_session=False))
            moved += [MovedCredit(kind=kind, id=each, position=at) for each, at in rows]
    return moved
