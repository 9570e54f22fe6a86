"""Taking a file in: some listens a transaction, in order of time, and with them how far it is."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import Transactions
from chassis.failpoints import failpoint
from contracts.ids import UserId
from listening.imports import store
from listening.imports.files import rows_of
from listening.imports.ordering import InOrder
from listening.imports.rows import Row
from listening.imports.rules import CHUNK, ImportElsewhere
from listening.ingest.rules import Heard
from listening.ingest.take import take_in
from listening.models import Import

log = structlog.get_logger()

# In seconds: how long one waits for a database that is busy, one try after the other.
PATIENCE = (0.2, 1.0, 5.0, 15.0)


class Moved(NamedTuple):
    """How far it is, of so many listens."""

    place: int
    total: int


Watch = Callable[[Moved], None]


async def run(db: Transactions, job: Import, path: Path, watch: Watch = lambda _: None) -> None:
    """Take in what is not in yet. Raises what the file is refused for, and ImportElsewhere."""
    with InOrder(rows_of(path)) as rows:
        await asyncio.to_thread(rows.sort)
        await _patiently(db, lambda tx: store.counted(tx, job, rows.total, rows.rejected))
        await _take_in(db, job, rows, watch)
    await _patiently(db, lambda tx: store.finish(tx, job))


async def _take_in(db: Transactions, job: Import, rows: InOrder, watch: Watch) -> None:
    left, place = iter(rows), job.place
    for _ in islice(left, place):
        pass
    watch(Moved(place, rows.total))
    while chunk := list(islice(left, CHUNK)):
        heard = [heard_of(job.user_id, each) for each in chunk]
        await _patiently(db, partial(_keep, job=job, heard=heard))
        failpoint("import_moved")
        place += len(chunk)
        watch(Moved(place, rows.total))


async def _keep(tx: AsyncSession, *, job: Import, heard: Sequence[Heard]) -> bool:
    # Listens before the import's own row: whoever leaves takes both in this order.
    outcomes: Counter[str] = Counter(each.outcome for each in await take_in(tx, heard))
    return await store.move(tx, job, len(heard), outcomes)


async def _patiently(db: Transactions, step: Callable[[AsyncSession], Awaitable[bool]]) -> None:
    for pause in (*PATIENCE, None):
        try:
            async with db.transaction() as tx:
                if not await step(tx):
                    raise ImportElsewhere
                return
        except DBAPIError as error:
            if pause is None:
                raise
            log.warning("import_waits", error=type(error).__name__, pause=pause)
            await asyncio.sleep(pause)


def heard_of(user_id: UserId, row: Row) -> Heard:
    return Heard(
        user_id=user_id,
        messy_id=row.said.id,
        said=row.said,
        listened_at=row.at,
        source=row.source,
        listened_ms=row.listened_ms,
        raw=row.raw,
    )


def digest_of(path: Path) -> bytes:
    """SHA-256 of the file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
