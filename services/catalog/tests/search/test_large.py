"""Searching a catalogue of a million albums and five million tracks: how long it takes, and by which plans. Minutes."""

import asyncio
import csv
import os
import random
import statistics
import time
from itertools import islice
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import text
from sqlalchemy.dialects import postgresql
from uuid_utils.compat import uuid7

from catalog.models import Album, Track
from catalog.search.store import alike, beginning, containing
from chassis.db import Database
from chassis.testing import trusted_keys
from chassis.tokens import Tokens
from contracts.naming import album_key, match_title, search_text

SHELF = Path(__file__).parents[1] / "resolve" / "shelf.csv"
ALBUMS = int(os.environ.get("SEARCHED_ALBUMS", "1000000"))
SIZES = {"albums": ALBUMS, "tracks": ALBUMS * 5}
ASKED = 100
BATCH = 20_000


def names(seed):
    """Titles and artists of the words of real ones, without end."""
    with SHELF.open(encoding="utf-8", newline="") as file:
        shelf = [(row["title"], row["artist"]) for row in csv.DictReader(file)]
    words = [word for title, _ in shelf for word in title.split()]
    parts = [word for _, artist in shelf for word in artist.split()]
    yield from shelf
    chance = random.Random(seed)
    while True:
        yield " ".join(chance.choices(words, k=chance.randint(1, 5))), " ".join(chance.choices(parts, k=2))


async def fill(raw, table, size):
    made = names(table)
    columns = ["id", "version", "title", "artist", "match_key", "search"]
    for start in range(0, size, BATCH):
        records = [
            (uuid7(), 1, title, artist, album_key(title, artist), search_text(title, artist))
            for title, artist in islice(made, min(BATCH, size - start))
        ]
        await raw.copy_records_to_table(table, schema_name="catalog", columns=columns, records=records)
        await asyncio.sleep(0)


def slipped(name):
    middle = len(name) // 2
    return name[:middle] + name[middle + 1 :]


def questions(kind):
    with SHELF.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if len(match_title(row["title"])) > 5]
    for row in rows[:ASKED]:
        whole = f"{row['title']} {row['artist']}"
        yield {"exact": whole, "prefix": row["title"][:4], "typo": slipped(whole)}[kind]


@pytest.fixture
async def large(app, test_settings):
    settings = test_settings.model_copy(update={"trusted_keys": trusted_keys(), "statement_timeout": 600})
    db = Database(settings, "catalog")
    app.state.db, app.state.tokens = db, Tokens("catalog", settings)
    async with db.engine.connect() as connection:
        raw = (await connection.get_raw_connection()).driver_connection
        for table, size in SIZES.items():
            await fill(raw, table, size)
    async with db.transaction() as tx:
        await tx.execute(text("ANALYZE albums, tracks"))
    yield db
    async with db.transaction() as tx:
        for table in ("tracks", "albums"):
            await tx.execute(text(f"DELETE FROM {table}"))
    await db.engine.dispose()


async def ask(client, piece, sign):
    for kind in ("exact", "prefix", "typo"):
        taken, found = [], 0
        for q in questions(kind):
            # What was signed some questions ago may have expired.
            client.headers.update(sign())
            began = time.perf_counter()
            answer = await client.get("/music/search", params={"q": q, "type": piece.__name__.lower()})
            taken.append((time.perf_counter() - began) * 1000)
            assert answer.status_code == 200
            found += bool(answer.json()["items"])
        p50, p95 = statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
        print(f"{piece.__name__} {kind}: p50 {p50:.1f} ms, p95 {p95:.1f} ms, {found} of {len(taken)} found something")


async def explain(db, piece):
    async with db.transaction() as tx:
        for way, words in ((beginning, "kind"), (containing, "kind of blue miles davis"), (alike, "nevermnd nirvana")):
            sql = way(piece, words).compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})
            asked = f"EXPLAIN (ANALYZE, BUFFERS) {sql}".replace("%%", "%")
            raw = await (await tx.connection()).exec_driver_sql(asked)
            print("\n".join([f"{piece.__name__} {way.__name__}", *(line for (line,) in raw)]))


@pytest.mark.prove
async def test_searching_a_large_catalogue_is_measured(app, large, sign):
    wire = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=wire, base_url="http://sidetrack", timeout=600) as client:
        for piece in (Album, Track):
            await ask(client, piece, sign)
            await explain(large, piece)
