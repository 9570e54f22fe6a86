"""Says which tracks those are that somebody listened to."""

from sqlalchemy.ext.asyncio import AsyncSession

from catalog.tracks.ensure import ensure_tracks
from chassis.consumer import Consumer
from contracts.listening import MetTracks

consumer = Consumer()


@consumer.on(MetTracks)
async def map_met_tracks(met: MetTracks, tx: AsyncSession) -> None:
    await ensure_tracks(tx, met.tracks)
