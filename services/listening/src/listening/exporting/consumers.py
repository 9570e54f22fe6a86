"""Tells what listening keeps of whoever wants to have it."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.consumer import Consumer
from chassis.exporting import Kept, answer
from contracts.exports import ExportRequested, ListeningExportGathered
from contracts.ids import UserId
from listening.models import Decision, Import, LatestImport, MessyTrack, Quarantined, Sighting, SyncTask, User

consumer = Consumer()
TOLD = ("listened_at", "source", "duration_ms", "client", "hidden", "raw")
OF_SYNC = ("provider", "account", "state", "error", "last_sync_at", "newest_at")
OF_FILES = ("id", "state", "asked_at", "done_at", "inserted", "duplicate", "quarantined", "rejected")
# By its digest a listen is only known again.
DOUBTED = [column for column in Quarantined.__table__.c if column.name != "digest"]


@consumer.on(ExportRequested)
async def gather_export(asked: ExportRequested, tx: AsyncSession) -> None:
    await answer(tx, ListeningExportGathered, asked, _kept_of)


async def _kept_of(tx: AsyncSession, ids: Sequence[UserId]) -> Kept:
    known = select(*User.__table__.c).where(User.id.in_(ids)).order_by(User.id)
    seen = select(*(Sighting.__table__.c[name] for name in TOLD)).add_columns(
        MessyTrack.artist, MessyTrack.title, MessyTrack.album
    )
    listens = seen.join(MessyTrack, MessyTrack.id == func.coalesce(Sighting.corrected_id, Sighting.messy_id))
    in_order = listens.where(Sighting.user_id.in_(ids)).order_by(
        Sighting.listened_at, Sighting.messy_id, Sighting.source
    )
    doubted = select(*DOUBTED).where(Quarantined.user_id.in_(ids)).order_by(Quarantined.id)
    decided = select(*Decision.__table__.c).where(Decision.user_id.in_(ids)).order_by(Decision.first, Decision.second)
    imported = select(*LatestImport.__table__.c).where(LatestImport.user_id.in_(ids)).order_by(LatestImport.service)
    files = select(*(Import.__table__.c[name] for name in OF_FILES)).where(Import.user_id.in_(ids)).order_by(Import.id)
    whose = SyncTask.user_id.in_(ids)
    syncs = select(*(SyncTask.__table__.c[name] for name in OF_SYNC)).where(whose).order_by(SyncTask.id)
    sections = {
        "profile": known,
        "listens": in_order,
        "quarantined": doubted,
        "decisions": decided,
        "latest_imports": imported,
        "imports": files,
        "sync": syncs,
    }
    return {name: (await tx.execute(rows)).mappings().all() for name, rows in sections.items()}
