"""The database of a running system, seen from beneath, as its administrator."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection
from pathlib import Path
from typing import Any, TypeVar

import asyncpg

from standalone.postgres import find_running

TABLES = (
    "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
    " WHERE schemaname NOT IN ('pg_catalog', 'information_schema', 'overheard')"
)
# How much there is that a service will still act on by itself: events on their way, and what its loops have marked.
WAITING = " + ".join(
    f"(SELECT count(*) FROM {each})"
    for each in (
        *(f"{service}.outbox" for service in ("catalog", "club", "identity", "listening", "taste")),
        "bus.delivery WHERE dead IS NULL",
        "listening.days WHERE NOT told",
        "listening.mappings WHERE NOT applied",
        "taste.changed_albums",
        "taste.stale_profiles",
        "taste.unmatched",
    )
)
Read = TypeVar("Read")


def at_rest(home: Path, read: Callable[[], Read], pause: float = 1, held: Read | None = None) -> Read:
    """What it reads once nothing waits and it reads the same again: what lies in a broker is seen by nobody else.

    `held` is what it read when last at rest.
    """
    deadline = time.monotonic() + 60
    # In this order: what is done after the reading is no reason to believe that it was done before.
    while value(home, f"SELECT {WAITING}") or (now := read()) != held:
        assert time.monotonic() < deadline, "The services do not come to rest."
        held = read()
        time.sleep(pause)
    return now


def fetch(home: Path, statement: str, *parameters: Any) -> list[asyncpg.Record]:
    return _ask(home, lambda connection: connection.fetch(statement, *parameters))


def value(home: Path, statement: str, *parameters: Any) -> Any:
    return _ask(home, lambda connection: connection.fetchval(statement, *parameters))


def execute(home: Path, script: str) -> None:
    """One statement, or several."""
    _ask(home, lambda connection: connection.execute(script))


def rows(home: Path) -> dict[str, str]:
    """All rows of each table that is not the database's own, nor what a test overhears, as text."""

    async def read(connection: asyncpg.Connection) -> dict[str, str]:
        names = [name for (name,) in await connection.fetch(TABLES)]
        told = {name: await connection.fetch(f"SELECT to_jsonb(t)::text FROM {name} AS t") for name in names}
        return {name: "\n".join(row[0] for row in found) for name, found in told.items()}

    return _ask(home, read)


def mentions(home: Path, words: Collection[str]) -> set[tuple[str, str]]:
    """Which tables hold which of the words anywhere."""
    return {(table, word) for table, text in rows(home).items() for word in words if holds(text, word)}


def holds(text: str, word: str) -> bool:
    # What lies as bytes in a table is written in hexadecimal digits there.
    return word in text or word.encode().hex() in text


def _ask(home: Path, asked: Callable[[asyncpg.Connection], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        connection = await asyncpg.connect(find_running(home))
        try:
            return await asked(connection)
        finally:
            await connection.close()

    return asyncio.run(run())
