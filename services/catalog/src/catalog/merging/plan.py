"""What merging one piece into another would move."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from catalog.external_ids import Named
from catalog.merging.pieces import CREDITS, Noun
from catalog.merging.rules import filled, unknown_to
from catalog.models import Edition, ExternalId, PieceAlias, Placement, Tagging
from contracts.merging import MergeDiff, MovedCredit, MovedId, MovedName, MovedPlacement, MovedTagging


def shown_ids(row: Any) -> list[Named]:
    """The ids a row is shown with, as `external_ids` has them."""
    shown: list[Named] = []
    if row.mbid is not None:
        shown.append(("musicbrainz", str(row.mbid)))
    if row.spotify_id is not None:
        shown.append(("spotify", row.spotify_id))
    return shown


async def plan(tx: AsyncSession, noun: Noun, gone: Any, stays: Any) -> MergeDiff:
    """What merging `gone` into `stays` would move."""
    own, theirs = ({name: getattr(each, name) for name in noun.fills} for each in (stays, gone))
    return MergeDiff(
        old_id=gone.id,
        into_id=stays.id,
        filled=filled(own, theirs),
        ids=await _ids(tx, noun, gone),
        names=await _names(tx, noun, gone, stays),
        taggings=[
            MovedTagging.model_validate(each)
            for each in unknown_to(
                await rows_of(tx, Tagging, noun, stays.id), await rows_of(tx, Tagging, noun, gone.id), "source", "name"
            )
        ],
        editions=await _editions(tx, gone.id),
        placements=await _placements(tx, gone.id, stays.id),
        credits=await _credits(tx, noun, gone.id),
    )


async def _ids(tx: AsyncSession, noun: Noun, gone: Any) -> list[MovedId]:
    rows = await rows_of(tx, ExternalId, noun, gone.id)
    ids = sorted({(row.source, row.value) for row in rows} | set(shown_ids(gone)))
    return [MovedId(source=source, value=value) for source, value in ids]


async def _names(tx: AsyncSession, noun: Noun, gone: Any, stays: Any) -> list[MovedName]:
    known = await rows_of(tx, PieceAlias, noun, stays.id)
    names = unknown_to(known, await rows_of(tx, PieceAlias, noun, gone.id), "name")
    told = [MovedName.model_validate(each) for each in names]
    own, *_ = noun.named(gone)
    if own not in {each.name for each in (*known, *told)}:
        told.append(MovedName(name=own, source="merge"))
    return told


async def rows_of(tx: AsyncSession, table: type[Any], noun: Noun, piece_id: UUID) -> Sequence[Any]:
    theirs = select(table).where(table.kind == noun.kind, table.piece_id == piece_id)
    keys = table.__table__.primary_key.columns
    return (await tx.scalars(theirs.order_by(*keys), execution_options={"populate_existing": True})).all()


async def _editions(tx: AsyncSession, gone: UUID) -> list[UUID]:
    theirs = select(Edition.mbid).where(Edition.album_id == gone).order_by(Edition.mbid)
    return [*await tx.scalars(theirs)]


async def _placements(tx: AsyncSession, gone: UUID, stays: UUID) -> list[MovedPlacement]:
    """A tracklist moves whole, and only to an album that has none."""
    if await tx.scalar(select(exists().where(Placement.album_id == stays))):
        return []
    theirs = select(Placement).where(Placement.album_id == gone).order_by(Placement.disc, Placement.position)
    return [MovedPlacement.model_validate(each) for each in await tx.scalars(theirs)]


async def _credits(tx: AsyncSession, noun: Noun, gone: UUID) -> list[MovedCredit]:
    if noun.kind != "artist":
        return []
    found = []
    for table, of, kind in CREDITS:
        theirs = select(of, table.position).where(table.artist_id == gone).order_by(of, table.position)
        found += [MovedCredit(kind=kind, id=each, position=at) for each, at in await tx.execute(theirs)]
    return found
