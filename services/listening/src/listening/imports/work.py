"""Reading the files that were sent: any number of processes may, and each file is one's at a time."""

import asyncio
import tempfile
from pathlib import Path

import structlog
from sqlalchemy.exc import SQLAlchemyError

from chassis.bus import Up
from chassis.db import Database, Transactions
from chassis.errors import Refusal
from listening.imports import store
from listening.imports.importing import run
from listening.imports.rules import ImportElsewhere
from listening.models import Import

log = structlog.get_logger()

IDLE, TRIES = 1.0, 3


async def keep_importing(db: Database, up: Up) -> None:
    while True:
        # Before it begins: a file may take minutes.
        up()
        if not await import_next(db):
            await asyncio.sleep(IDLE)


async def import_next(db: Transactions) -> bool:
    """Take in the oldest file that nobody works on; False when there is none."""
    async with db.transaction() as tx:
        job = await store.claim_next(tx)
    if job is None:
        return False
    try:
        await _import(db, job)
    except ImportElsewhere:
        log.info("import_elsewhere", id=str(job.id))
    except Refusal as refusal:
        await _fail(db, job, refusal.code)
    except (SQLAlchemyError, OSError):
        # The database's fault or the disk's, not the file's: the lease ends by itself.
        raise
    except Exception:
        log.exception("import_failed", id=str(job.id))
        if job.attempts >= TRIES:
            await _fail(db, job, "broken")
    return True


async def _import(db: Transactions, job: Import) -> None:
    with tempfile.TemporaryDirectory(prefix="sidetrack-import-") as folder:
        path = Path(folder) / "file"
        await _write(db, job, path)
        await run(db, job, path)


async def _write(db: Transactions, job: Import, path: Path) -> None:
    number = 0
    with path.open("wb") as file:
        while True:
            async with db.transaction(postgresql_readonly=True) as tx:
                content = await store.piece(tx, job.id, number)
            if content is None:
                return
            file.write(content)
            number += 1


async def _fail(db: Transactions, job: Import, why: str) -> None:
    async with db.transaction() as tx:
        await store.fail(tx, job, why)
