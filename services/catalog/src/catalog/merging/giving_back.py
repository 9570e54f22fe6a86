"""Giving back what a merge moved, but for what was written to the survivor since."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from catalog.merging.moving import credit, hand
from catalog.merging.pieces import Noun
from catalog.merging.plan import rows_of
from catalog.models import Edition, ExternalId, PieceAlias, Placement, Tagging, Track
from contracts.merging import MergeDiff


async def give_back(tx: AsyncSession, noun: Noun, diff: MergeDiff, before: dict[str, Any]) -> MergeDiff:
    """Undo `move`, but for what is the survivor's no longer, or was written for it since; what was given back."""
    old, into, kind = diff.old_id, diff.into_id, {"kind": noun.kind}
    await hand(tx, noun, ExternalId, [(each.source, each.value) for each in diff.ids], (into, old))
    await _put_back(tx, Tagging, [row | kind for row in before["taggings"]], old, into)
    # Of what was merged before versions of the matching were kept, it is the first.
    await _put_back(tx, PieceAlias, [{"matching": 1} | row | kind for row in before["names"]], old, into)
    for each in diff.names:
        if each.source == "merge":
            made = {"piece_id": into, "name": each.name, "source": "merge"}
            await tx.execute(delete(PieceAlias).filter_by(**kind, **made))
    await _put_editions_back(tx, before["editions"], old, into)
    tracks = set(await tx.scalars(select(Track.id).where(Track.id.in_([each.track_id for each in diff.placements]))))
    there = [each.model_dump() for each in diff.placements if each.track_id in tracks]
    await _put_back(tx, Placement, there, old, into)
    back = {(row.source, row.value) for row in await rows_of(tx, ExternalId, noun, old)}
    return diff.model_copy(
        update={
            "ids": [each for each in diff.ids if (each.source, each.value) in back],
            "credits": await credit(tx, diff.credits, into, old),
        }
    )


async def _put_back(tx: AsyncSession, table: type[Any], rows: Sequence[dict[str, Any]], old: UUID, into: UUID) -> None:
    """The old one has these again; the survivor loses those it still has as they came."""
    whose = "album_id" if table is Placement else "piece_id"
    for row in rows:
        # A name is the same one, whatever it was folded to since.
        same = {name: value for name, value in row.items() if name not in {"match_key", "matching"}}
        await tx.execute(delete(table).filter_by(**same, **{whose: into}))
        back = insert(table).values({**row, whose: old})
        await tx.execute(back.on_conflict_do_nothing())


async def _put_editions_back(tx: AsyncSession, rows: Sequence[dict[str, Any]], old: UUID, into: UUID) -> None:
    """What was learnt of an edition since goes with it."""
    for row in rows:
        said = {"album_id": old, "representative": row["representative"]}
        back = insert(Edition).values({**row, "mbid": UUID(row["mbid"]), "album_id": old})
        upsert = back.on_conflict_do_update(index_elements=[Edition.mbid], set_=said, where=Edition.album_id == into)
        await tx.execute(upsert)


async def rows_before(tx: AsyncSession, noun: Noun, diff: MergeDiff) -> dict[str, Any]:
    """The rows that move, whole: what `give_back` puts there again."""
    old = diff.old_id
    names, taggings = {each.name for each in diff.names}, {(each.source, each.name) for each in diff.taggings}
    return {
        "names": [_plain(row) for row in await rows_of(tx, PieceAlias, noun, old) if row.name in names],
        "taggings": [
            _plain(row) for row in await rows_of(tx, Tagging, noun, old) if (row.source, row.name) in taggings
        ],
        "editions": [
            _plain(row) | {"mbid": str(row.mbid)}
            for row in await tx.scalars(select(Edition).where(Edition.album_id == old).order_by(Edition.mbid))
        ],
    }


def _plain(row: Any) -> dict[str, Any]:
    columns = row.__table__.columns.keys()
    return {name: getattr(row, name) for name in columns if name not in {"kind", "piece_id", "album_id"}}
