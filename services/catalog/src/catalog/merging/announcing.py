"""Telling who an id means now, and how pieces are that a merge changed."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from catalog.albums.announcing import announce_anew, hold_credited
from catalog.merging.pieces import ARTIST, Noun
from catalog.models import Track
from chassis.db import first_version, next_version
from chassis.outbox import publish
from contracts.ids import AlbumId, ArtistId
from contracts.merging import MovedCredit


async def lead(tx: AsyncSession, noun: Noun, ids: Sequence[UUID], to: UUID) -> None:
    """Let every one of these ids mean `to`, in one step, and tell it."""
    for each in sorted(ids):
        row = insert(noun.aliases).values(old_id=each, survivor_id=to, version=first_version())
        newer = {"survivor_id": to, "version": next_version(noun.aliases.version), "at": func.clock_timestamp()}
        await tx.execute(row.on_conflict_do_update(index_elements=[noun.aliases.id], set_=newer))
    aliases = select(noun.aliases).where(noun.aliases.id.in_(ids)).order_by(noun.aliases.id)
    rows = (await tx.scalars(aliases, execution_options={"populate_existing": True})).all()
    await publish(tx, *await noun.states(tx, rows))


async def announce_pieces(tx: AsyncSession, noun: Noun, *ids: UUID) -> None:
    """These rows have changed. Of artists nobody keeps a copy, but of albums that tell where they are from."""
    if noun is ARTIST:
        newer = {"version": next_version(noun.table.version), "updated_at": func.now()}
        await tx.execute(update(noun.table).where(noun.table.id.in_(ids)).values(newer), execution_options=UNSEEN)
        ids = (*await hold_credited(tx, *map(ArtistId, ids)),)
    await announce_anew(tx, [*map(AlbumId, ids)])


async def announce_credited(tx: AsyncSession, moved: Collection[MovedCredit]) -> None:
    """What credits another artist now is a newer state of itself."""
    await announce_anew(tx, {AlbumId(each.id) for each in moved if each.kind == "album"})
    tracks = {each.id for each in moved if each.kind == "track"}
    await tx.execute(select(Track.id).where(Track.id.in_(tracks)).order_by(Track.id).with_for_update())
    newer = {"version": next_version(Track.__table__.c.version), "updated_at": func.now()}
    await tx.execute(update(Track).where(Track.id.in_(tracks)).values(newer), execution_options=UNSEEN)


UNSEEN = {"synchronize_session": False}
