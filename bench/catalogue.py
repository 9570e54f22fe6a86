"""Searching a million albums: by their names, by how these begin, and with a letter lost.

With TRACKS=1 five million tracks, too.
"""

import csv
import os
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import aiohttp
import asyncpg
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from tests.system.deployments import Deployment
from uuid_utils.compat import uuid7

from bench.lines import Line, at_least, at_most, beside, slower, told
from bench.quick import QUICK
from catalog.search.api import PIECES
from catalog.search.store import find
from chassis.db import EXTENSIONS
from contracts.naming import SEPARATOR, album_key, match_title, search_text
from standalone.postgres import find_running

SHELF = Path(__file__).parents[1] / "services" / "catalog" / "tests" / "resolve" / "shelf.csv"
SIZES = {"albums": 20_000 if QUICK else 1_000_000}
# Tracks only if asked: filling them takes longer than everything else.
TRACKS = {"tracks": 5_000_000}
SEARCH_PATH = f"catalog,{EXTENSIONS}"
KINDS = ("exact", "prefix", "typo")
ASKED, SHOWN = 100, 20
COLUMNS = ("id", "version", "title", "artist", "match_key", "search")
# Titles of one to five words of real ones, and artists of two.
MADE = """
    INSERT INTO catalog.{table} (id, version, title, artist, match_key, search)
    SELECT md5($4::text || no)::uuid, 1, initcap(title), initcap(artist), title || $5 || artist, title || ' ' || artist
    FROM (
        SELECT no,
            array_to_string(ARRAY(
                SELECT ($2::text[])[1 + floor(random() * cardinality($2::text[]))::int]
                FROM generate_series(1, 1 + floor(random() * 5 + no * 0)::int)
            ), ' ') AS title,
            array_to_string(ARRAY(
                SELECT ($3::text[])[1 + floor(random() * cardinality($3::text[]))::int]
                FROM generate_series(1, 2 + no * 0)
            ), ' ') AS artist
        FROM generate_series(1, $1::int) AS no
    ) AS made
"""
Asked = tuple[str, Sequence[object]]


def shelf() -> list[tuple[str, str]]:
    """Titles and artists that there are."""
    with SHELF.open(encoding="utf-8", newline="") as file:
        return [(row["title"], row["artist"]) for row in csv.DictReader(file)]


def questions(kind: str) -> list[str]:
    """What is asked of each kind; a `typo` is a letter lost in the middle, which now and then is a blank."""
    named = [(title, f"{title} {artist}") for title, artist in shelf() if len(match_title(title)) > 5][:ASKED]
    of = {
        "exact": lambda _, whole: whole,
        "prefix": lambda title, _: title[:4],
        "typo": lambda _, whole: whole[: len(whole) // 2] + whole[len(whole) // 2 + 1 :],
    }
    return [of[kind](title, whole) for title, whole in named]


async def fill(database: asyncpg.Connection, table: str, size: int) -> None:
    """The shelf itself, and made-up names besides; indexes are made afterwards, which takes a third of the time."""
    real = shelf()
    indexes = await database.fetch(
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'catalog' AND tablename = $1 "
        "AND indexdef NOT LIKE '%UNIQUE%'",
        table,
    )
    for each in indexes:
        await database.execute(f"DROP INDEX catalog.{each['indexname']}")
    rows = [(uuid7(), 1, *names, album_key(*names), search_text(*names)) for names in real]
    await database.copy_records_to_table(table, schema_name="catalog", columns=COLUMNS, records=rows)
    titles = [word for title, _ in real for word in search_text(title).split()]
    artists = [word for _, artist in real for word in search_text(artist).split()]
    await database.execute("SELECT setseed(0.5)")
    made = MADE.format(table=table)
    await database.execute(made, size - len(real), titles, artists, table, SEPARATOR, timeout=3600)
    await database.execute("SET maintenance_work_mem = '1GB'")
    for each in indexes:
        await database.execute(each["indexdef"], timeout=3600)
    await database.execute(f"VACUUM ANALYZE catalog.{table}", timeout=3600)
    await database.execute("VACUUM ANALYZE catalog.words")


class Search:
    """A deployment's search, and the very statements it asks PostgreSQL."""

    def __init__(self, deployment: Deployment, kind: str) -> None:
        self.deployment, self.kind = deployment, kind
        self.took: dict[str, list[float]] = {each: [] for each in KINDS}

    def through_http(self, kind: str) -> Callable[[], Awaitable[float]]:
        """Milliseconds of all questions, one after another; of those with whole names, each finds something."""

        async def ask() -> float:
            async with aiohttp.ClientSession(self.deployment.url) as anyone:
                took = []
                for q in questions(kind):
                    began = time.perf_counter()
                    async with anyone.get("/music/search", params={"q": q, "type": self.kind}) as answer:
                        found = await answer.json()
                        took.append((time.perf_counter() - began) * 1000)
                    assert answer.status == 200, found
                    assert found["items"], f"{q} finds nothing."
            self.took[kind] += took
            return sum(took)

        return ask

    def by_statements(self, asked: Sequence[Sequence[Asked]]) -> Callable[[], Awaitable[float]]:
        """Milliseconds of the same statements, over one connection."""

        async def ask() -> float:
            database = await asyncpg.connect(
                find_running(self.deployment.home), server_settings={"search_path": SEARCH_PATH}
            )
            began = time.perf_counter()
            for statements in asked:
                async with database.transaction(readonly=True):
                    for sql, values in statements:
                        await database.fetch(sql, *values)
            took = (time.perf_counter() - began) * 1000
            await database.close()
            return took

        return ask


async def statements_of(deployment: Deployment, kind: str, asked: Sequence[str]) -> list[list[Asked]]:
    """What each question asks PostgreSQL."""
    url = find_running(deployment.home).replace("postgresql://", "postgresql+asyncpg://")
    engine = create_async_engine(url, connect_args={"server_settings": {"search_path": SEARCH_PATH}})
    seen: list[Asked] = []

    @event.listens_for(engine.sync_engine, "before_cursor_execute")
    def _(_connection: object, _cursor: object, sql: str, values: Sequence[object], *_: object) -> None:
        seen.append((sql, values))

    found = []
    async with AsyncSession(engine) as tx:
        for q in asked:
            seen.clear()
            await find(tx, PIECES[kind][0], q, 0, SHOWN + 1)
            found.append([*seen])
    await engine.dispose()
    return found


async def _lines(deployment: Deployment, kind: str, size: int) -> list[Line]:
    search, lines = Search(deployment, kind), list[Line]()
    for way in KINDS:
        bare = search.by_statements(await statements_of(deployment, kind, questions(way)))
        name = f"search of {size:,} {kind}s, {way}, {ASKED} questions"
        ours = search.through_http(way)
        line = await beside(name, "ms", ours, bare, "bare SQL", goals=[at_least(0.6)], inverse=True)
        goals = [at_most(40, "p95")] if way == "typo" else []
        took = search.took[way]
        each = Line(f"{name}, each", "ms", statistics.median(took), goals=goals, detail=slower(took))
        lines += [line, told(each)]
    return lines


async def measure(deployment: Deployment) -> list[Line]:
    """All kinds of questions, of everything there are many of."""
    database = await asyncpg.connect(find_running(deployment.home))
    lines: list[Line] = []
    sizes = SIZES | (TRACKS if os.environ.get("TRACKS") == "1" else {})
    for table, size in sizes.items():
        await fill(database, table, size)
        lines += await _lines(deployment, table.removesuffix("s"), size)
    await database.close()
    return lines
