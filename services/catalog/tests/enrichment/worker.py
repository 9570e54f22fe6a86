"""One process that works through the queue until nothing is left to do: `python worker.py '{"database": …}'`."""

import asyncio
import json
import sys

from pydantic import SecretStr

from catalog.enrichment.findings import Sources
from catalog.enrichment.work import enrich_next
from catalog.sources.settings import SourceSettings
from chassis import logs
from chassis.db import Database
from chassis.settings import Settings


async def work(told):
    db = Database(Settings(database_url=told["database"], role_secret=SecretStr(told["secret"])), "catalog")
    settings = SourceSettings(**told["sources"])
    sources, done = Sources(db, settings), 0
    while await enrich_next(db, sources, settings):
        done += 1
    await db.engine.dispose()
    return done


if __name__ == "__main__":
    logs.configure("CRITICAL")
    print(asyncio.run(work(json.loads(sys.argv[1]))))
