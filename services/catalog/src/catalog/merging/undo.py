"""Undoing a merge: what it moved is given back, what was written to the survivor since stays there."""

from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from catalog.albums.locks import lock_all_names
from catalog.journal import journal
from catalog.merging import rules
from catalog.merging.announcing import announce_credited, announce_pieces, lead
from catalog.merging.giving_back import give_back
from catalog.merging.jobs import put_job_back
from catalog.merging.pieces import Noun
from catalog.merging.redirects import merged_into, standing_merge
from catalog.merging.taking import take
from catalog.models import Merge
from chassis.aliases import survivor_of
from contracts.merging import MergeDiff
from contracts.naming import MATCHING


async def undo(tx: AsyncSession, noun: Noun, old: UUID, reason: str) -> MergeDiff:
    """Let `old` mean itself again; what it got back. Again, it changes nothing.

    Raises what the noun has for what is unknown, NeverMerged, and SurvivorMerged: merges are undone newest first.
    """
    await lock_all_names(tx)
    merged = await standing_merge(tx, noun.kind, old)
    if merged is None:
        return await _undone(tx, noun, old)
    into = merged.survivor_id
    if await survivor_of(tx, noun.aliases, into) != into:
        raise rules.SurvivorMerged
    taken = await take(tx, noun, old, into)
    moved = MergeDiff.model_validate(merged.before["diff"])
    emptied = await _empty(tx, taken[into], moved.filled)
    diff = await give_back(tx, noun, moved, merged.before)
    diff = diff.model_copy(update={"filled": {name: moved.filled[name] for name in emptied}})
    await _show(tx, noun, taken[old], merged.before)
    await put_job_back(tx, merged.before["job"])
    merged.undone_at = func.now()
    await tx.flush()
    await lead(tx, noun, [old, *await merged_into(tx, noun.kind, old)], old)
    await announce_pieces(tx, noun, old, *([into] if emptied or moved.taggings or moved.placements else []))
    await announce_credited(tx, diff.credits)
    await journal.record(tx, f"{noun.kind}.unmerged", old, None, diff.model_dump(mode="json"), reason)
    return diff


async def _undone(tx: AsyncSession, noun: Noun, old: UUID) -> MergeDiff:
    """Of what stands by itself: nothing, if it was merged before."""
    last = select(Merge).where(Merge.kind == noun.kind, Merge.old_id == old).order_by(Merge.undone_at.desc()).limit(1)
    if (merged := await tx.scalar(last)) is not None:
        return MergeDiff(old_id=old, into_id=merged.survivor_id)
    known = await tx.scalar(select(exists().where(noun.table.id == old)))
    raise rules.NeverMerged if known else noun.unknown


async def _empty(tx: AsyncSession, stays: Any, filled: dict[str, Any]) -> list[str]:
    """The survivor lacks again what the merge gave it, unless it was changed since."""
    now = {name: _plain(getattr(stays, name)) for name in filled}
    emptied = rules.still_filled(now, filled)
    for name in emptied:
        setattr(stays, name, [] if isinstance(filled[name], list) else None)
    await tx.flush()
    return emptied


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value


async def _show(tx: AsyncSession, noun: Noun, row: Any, before: dict[str, Any]) -> None:
    """It is found by its names again, and shown with its ids, but for those that another one is shown with now."""
    _, row.match_key, row.search = noun.named(row)
    row.matching = MATCHING
    shown = {"mbid": before["mbid"] and UUID(before["mbid"]), "spotify_id": before["spotify_id"]}
    for name, value in shown.items():
        taken = value is not None and await tx.scalar(select(exists().where(getattr(noun.table, name) == value)))
        setattr(row, name, None if taken else value)
    await tx.flush()
