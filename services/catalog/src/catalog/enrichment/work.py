"""Working through the queue: any number of processes may, and each piece is one's at a time."""

import asyncio
from contextlib import suppress

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncSession

from catalog.enrichment import artists, queue
from catalog.enrichment.findings import Sources, gather
from catalog.enrichment.hearing import Heard, SaidOtherwise, TwoThatAreOne
from catalog.enrichment.queue import LeaseLost
from catalog.enrichment.store import wanted
from catalog.enrichment.writing import write
from catalog.sources import cache
from catalog.sources.settings import SourceSettings
from chassis.bus import Up
from chassis.db import Database, Transactions

log = structlog.get_logger()

# In seconds: how often one who has nothing to do looks, and how often what nobody needs is thrown away.
IDLE, SWEPT = 2.0, 3600.0
NOBODY_KNOWS, NOT_THERE = "No source knows it.", "It is not there any more."
OUTAGES = (OperationalError, InterfaceError, PoolTimeoutError, OSError)


async def keep_enriching(db: Database, up: Up) -> None:
    settings = SourceSettings()
    sources, swept = Sources(db, settings), 0.0
    while True:
        if (now := asyncio.get_running_loop().time()) - swept > SWEPT or not swept:
            await cache.sweep(db)
            swept = now
        worked = settings.providers == "on" and await enrich_next(db, sources, settings)
        up()
        if not worked:
            await asyncio.sleep(IDLE)


async def enrich_next(db: Transactions, sources: Sources, settings: SourceSettings) -> bool:
    """Ask about the piece that is due first, and write what was told; False when none is due."""
    job = await queue.lease(db)
    if job is None:
        return False
    try:
        await _enrich(db, sources, settings, job)
    except LeaseLost:
        log.warning("enrichment_lease_lost", **{job.kind: str(job.piece_id)})
    except OUTAGES:
        # The database's, not the piece's: the lease ends by itself.
        raise
    except Exception as error:
        log.exception("enrichment_failed", **{job.kind: str(job.piece_id)})
        with suppress(LeaseLost):
            async with db.transaction() as tx:
                await queue.fail(tx, job, settings.enrichment_ladder, type(error).__name__)
    return True


async def _enrich(db: Transactions, sources: Sources, settings: SourceSettings, job: queue.Leased) -> None:
    try:
        await (_enrich_artist if job.kind == "artist" else _enrich_album)(db, sources, settings, job)
    except TwoThatAreOne as other:
        async with db.transaction() as tx:
            await queue.done(tx, job, str(other))
    except SaidOtherwise:
        async with db.transaction() as tx:
            await queue.postpone(tx, job, 0, "Somebody changed it meanwhile.")


async def _enrich_album(db: Transactions, sources: Sources, settings: SourceSettings, job: queue.Leased) -> None:
    async with db.transaction() as tx:
        album = await wanted(tx, job.piece_id)
        if album is None:
            await queue.done(tx, job, NOT_THERE)
            return
    found = await gather(sources, album)
    async with db.transaction() as tx:
        anything = await write(tx, album, found)
        await _settle(tx, job, settings, found, None if anything else NOBODY_KNOWS)


async def _enrich_artist(db: Transactions, sources: Sources, settings: SourceSettings, job: queue.Leased) -> None:
    async with db.transaction() as tx:
        artist = await artists.wanted(tx, job.piece_id)
        if artist is None:
            await queue.done(tx, job, NOT_THERE)
            return
    found = await artists.gather(sources.musicbrainz, artist)
    async with db.transaction() as tx:
        anything = await artists.write(tx, artist, found)
        await _settle(tx, job, settings, found, None if anything else NOBODY_KNOWS)


async def _settle(
    tx: AsyncSession, job: queue.Leased, settings: SourceSettings, found: Heard, note: str | None
) -> None:
    """In the same transaction: what was not heard is asked for later."""
    if found.broken:
        await queue.fail(tx, job, settings.enrichment_ladder, "; ".join(map(str, found.broken)))
    elif found.closed:
        soonest = min(closed.seconds for closed in found.closed)
        away = ", ".join(dict.fromkeys(closed.source for closed in found.closed))
        await queue.postpone(tx, job, soonest, f"Not heard: {away}.")
    else:
        await queue.done(tx, job, note)
