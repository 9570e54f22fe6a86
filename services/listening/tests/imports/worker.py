"""One process that takes a file in: `python worker.py '{"path": …}'`. It may be told where it dies."""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path
from uuid import UUID

from pydantic import SecretStr

from chassis import logs
from chassis.db import Database
from chassis.settings import Settings
from listening.imports import importing, store


def die_before_commit(number):
    """In the middle of a transaction: listens and plays are written, and not how far it is."""
    move, calls = store.move, 0

    async def fatal(*told):
        nonlocal calls
        calls += 1
        if calls == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return await move(*told)

    store.move = fatal


async def work(told):
    db = Database(Settings(database_url=told["database"], role_secret=SecretStr(told["secret"])), "listening")
    path = Path(told["path"])
    if told.get("dies_at"):
        die_before_commit(told["dies_at"])
    async with db.transaction() as tx:
        asked = await store.ask_for(tx, UUID(told["user"]), importing.digest_of(path))
        job = await store.claim(tx, asked.id)
    await importing.run(db, job, path)
    await db.engine.dispose()
    return str(job.id)


if __name__ == "__main__":
    logs.configure("CRITICAL")
    print(asyncio.run(work(json.loads(sys.argv[1]))))
