"""Merging an album, or an artist, into what it turned out to be."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from catalog.albums.locks import lock_all_names
from catalog.journal import journal
from catalog.merging import rules
from catalog.merging.announcing import announce_credited, announce_pieces, lead
from catalog.merging.giving_back import rows_before
from catalog.merging.jobs import drop_job
from catalog.merging.moving import move
from catalog.merging.pieces import Noun, unfindable
from catalog.merging.plan import plan
from catalog.merging.redirects import merged_into, standing_merge
from catalog.merging.taking import take
from catalog.models import Merge
from chassis.aliases import survivor_of
from contracts.merging import MergeDiff


async def preview(tx: AsyncSession, noun: Noun, old: UUID, into: UUID) -> MergeDiff:
    """What a merge would move now, or has moved where it stands; it raises what the merge would."""
    survivor = await _survivor(tx, noun, old, into)
    if survivor is None:
        return await _moved(tx, noun, old)
    gone, stays = await _known(tx, noun, old), await _known(tx, noun, survivor)
    return await plan(tx, noun, gone, stays)


async def merge(tx: AsyncSession, noun: Noun, old: UUID, into: UUID, reason: str) -> MergeDiff:
    """Let `old` mean `into` from now on; what moved. Again, it changes nothing.

    Raises what the noun has for what is unknown, IntoItself, MergedTheOtherWay and MergedElsewhere.
    """
    await lock_all_names(tx)
    survivor = await _survivor(tx, noun, old, into)
    if survivor is None:
        return await _moved(tx, noun, old)
    taken = await take(tx, noun, old, survivor)
    gone, stays = taken[old], taken[survivor]
    diff = await plan(tx, noun, gone, stays)
    before = await rows_before(tx, noun, diff) | {"mbid": gone.mbid and str(gone.mbid), "spotify_id": gone.spotify_id}
    before |= {"diff": diff.model_dump(mode="json"), "job": await drop_job(tx, noun, old)}
    await move(tx, noun, diff, gone)
    await _fold(tx, gone, stays, diff.filled)
    tx.add(Merge(id=uuid7(), kind=noun.kind, old_id=old, survivor_id=survivor, before=before))
    await tx.flush()
    await lead(tx, noun, [old, *await merged_into(tx, noun.kind, old)], survivor)
    await announce_pieces(tx, noun, *([survivor] if diff.filled or diff.taggings or diff.placements else []))
    await announce_credited(tx, diff.credits)
    await journal.record(tx, f"{noun.kind}.merged", old, None, diff.model_dump(mode="json"), reason)
    return diff


async def _survivor(tx: AsyncSession, noun: Noun, old: UUID, into: UUID) -> UUID | None:
    """What `into` means now; None if `old` means the same already."""
    for each in (old, into):
        await _known(tx, noun, each)
    now, survivor = await survivor_of(tx, noun.aliases, old), await survivor_of(tx, noun.aliases, into)
    return None if rules.already(old, into, now, survivor) else survivor


async def _known(tx: AsyncSession, noun: Noun, piece_id: UUID) -> Any:
    row = await tx.scalar(select(noun.table).where(noun.table.id == piece_id))
    if row is None:
        raise noun.unknown
    return row


async def _moved(tx: AsyncSession, noun: Noun, old: UUID) -> MergeDiff:
    standing = await standing_merge(tx, noun.kind, old)
    assert standing is not None  # noqa: S101 — an alias that leads elsewhere has one
    return MergeDiff.model_validate(standing.before["diff"])


async def _fold(tx: AsyncSession, gone: Any, stays: Any, filled: dict[str, Any]) -> None:
    """One after the other: an id is shown with one row alone."""
    for name, value in {"mbid": None, "spotify_id": None, **unfindable(gone.id)}.items():
        setattr(gone, name, value)
    await tx.flush()
    for name, value in filled.items():
        setattr(stays, name, value)
    await tx.flush()
