"""Working through the queue: any number of processes may, and each task is one's at a time."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from chassis.bus import Up
from chassis.client import Neighbour
from chassis.db import Database, Transactions
from chassis.errors import Unavailable
from chassis.providers import ProviderBusy
from contracts.syncing import SyncDelay, SyncProvider, SyncStop
from listening.models import SyncTask
from listening.sync import queue
from listening.sync.asking import Clock
from listening.sync.lastfm import LastFm
from listening.sync.listenbrainz import ListenBrainz
from listening.sync.pulling import Source, pull
from listening.sync.rules import LeaseLost, Refused, Stop, WrongAnswer
from listening.sync.settings import SyncSettings
from listening.sync.spotify import Spotify

log = structlog.get_logger()

IDLE, AT_ONCE = 2.0, 4
# In seconds, for a key that is not taken.
REFUSED_FOR = 3600
Sources = Mapping[SyncProvider, Source]


async def keep_syncing(db: Database, up: Up, identity: Neighbour) -> None:
    sources = sources_of(db, SyncSettings(), identity)
    while True:
        # Before it begins: the whole of somebody's past may take minutes.
        up()
        if not sources or not await sync_next(db, sources, most=AT_ONCE):
            await asyncio.sleep(IDLE)


def sources_of(db: Transactions, settings: SyncSettings, identity: Neighbour, clock: Clock | None = None) -> Sources:
    """Those that may be asked."""
    clock = clock or _now
    every: list[Source] = [
        LastFm(db, settings, clock),
        ListenBrainz(db, settings, clock),
        Spotify(db, settings, clock, identity),
    ]
    return {each.provider: each for each in every if each.provider in settings.askable}


async def sync_next(db: Transactions, sources: Sources, clock: Clock | None = None, most: int = 1) -> bool:
    """Fetch for those for whom it is due first; False when it is due for nobody."""
    clock = clock or _now
    async with db.transaction() as tx:
        tasks = await queue.lease(tx, clock(), sources.keys(), most)
    every = [_sync_or_say(db, sources[task.provider], task, clock) for task in tasks]
    for outcome in await asyncio.gather(*every, return_exceptions=True):
        if isinstance(outcome, BaseException):
            raise outcome
    return bool(tasks)


async def _sync_or_say(db: Transactions, source: Source, task: SyncTask, clock: Clock) -> None:
    try:
        with suppress(LeaseLost):
            await _sync(db, source, task, clock)
    except (SQLAlchemyError, OSError):
        # The database's fault, not the account's: the lease ends by itself.
        raise
    except Exception as error:
        log.exception("sync_failed", provider=task.provider, user=str(task.user_id))
        await _fail(db, task, clock(), "broken", why=type(error).__name__)


async def _sync(db: Transactions, source: Source, task: SyncTask, clock: Clock) -> None:
    try:
        await pull(db, source, task, clock)
    except Stop as stop:
        await _stop(db, task, clock(), stop.why)
    except ProviderBusy as busy:
        await _close(db, task, clock(), "provider_busy", float(busy.retry_after or 1))
    except Refused:
        await _close(db, task, clock(), "refused", REFUSED_FOR)
    except WrongAnswer as wrong:
        await _fail(db, task, clock(), "wrong_answer", why=str(wrong))
    except Unavailable as away:
        await _fail(db, task, clock(), "provider_away", why=away.code)


async def _stop(db: Transactions, task: SyncTask, now: datetime, why: SyncStop) -> None:
    async with db.transaction() as tx:
        await queue.stop(tx, queue.held_of(task), now, why)


async def _close(db: Transactions, task: SyncTask, now: datetime, error: SyncDelay, seconds: float) -> None:
    """Whoever's account it is: nobody asks there for so long, over restarts too."""
    async with db.transaction() as tx:
        await queue.fail(tx, queue.held_of(task), now, error, seconds)
        await queue.close(tx, task.provider, now + timedelta(seconds=seconds))


async def _fail(db: Transactions, task: SyncTask, now: datetime, error: SyncDelay, *, why: str) -> None:
    log.warning("sync_delayed", provider=task.provider, user=str(task.user_id), error=error, why=why)
    with suppress(LeaseLost):
        async with db.transaction() as tx:
            await queue.fail(tx, queue.held_of(task), now, error)


def _now() -> datetime:
    return datetime.now(UTC)
