"""Keeps which track each messy one is, as the catalogue says; it is counted so a moment later."""

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.consumer import Consumer
from chassis.copies import keep_newest
from contracts.tracks import TrackMapped
from listening.models import Mapping

consumer = Consumer()
KEPT = {"messy_id", "version", "track_id", "album_id", "artist_ids", "title", "artist", "duration_ms"}


@consumer.on(TrackMapped)
async def map_track(mapped: TrackMapped, tx: AsyncSession) -> None:
    await keep_newest(tx, Mapping, {**mapped.model_dump(include=KEPT), "applied": False})
