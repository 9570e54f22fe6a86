"""A club of thousands: how long everybody beside everybody takes, and one who changed. Minutes."""

import os
import random
import resource
import statistics
import time
from uuid import UUID

import httpx2
import pytest
from services.taste.tests.profiles.playing import person, played, traits
from sqlalchemy import func, insert, select, text

from chassis.db import Database
from chassis.testing import trusted_keys
from chassis.tokens import Tokens
from taste.matching.store import Shelf
from taste.matching.work import match_due
from taste.models import Belonging, Club, Matches, Profile, Unmatched, User
from taste.profiles.rules import profile_of

MEMBERS = int(os.environ.get("MATCHED_MEMBERS", "5000"))
ARTISTS, EACH = 3000, 120
CLUB = UUID(int=99)


def profiles(count, seed=5):
    """Each plays 120 of 3000 artists, the first of them the most by far; of each an album, with two of 40 genres."""
    chance = random.Random(seed)
    names = [f"Artist {each}" for each in range(ARTISTS)]
    albums = {}
    for place, name in enumerate(names):
        tags = [f"genre {chance.randrange(40)}" for _ in range(2)]
        albums |= traits(name, *tags, year=1950 + place % 70, energy=chance.random())
    for number in range(count):
        chosen = {names[int(ARTISTS * chance.random() ** 3)] for _ in range(EACH)}
        heard = [played(each, chance.randint(1, 60), album=each) for each in sorted(chosen)]
        known = {key: albums[key] for each in heard if (key := each.album_id)}
        yield profile_of(person(*heard, albums=known, user_id=UUID(int=(7 << 64) + number)))


@pytest.fixture
async def large(app, test_settings):
    settings = test_settings.model_copy(update={"trusted_keys": trusted_keys(), "statement_timeout": 600})
    db = Database(settings, "taste")
    app.state.db, app.state.tokens = db, Tokens("taste", settings)
    tables = ("users", "profiles", "roster", "clubs", "unmatched", "matches")
    async with db.transaction() as tx:
        await tx.execute(insert(Club), [{"id": CLUB, "slug": "large", "roster_version": 1}])
        for number, profile in enumerate(profiles(MEMBERS)):
            about = {"id": profile.user_id, "version": 1, "display_name": f"Member {number}", "handle": None}
            await tx.execute(insert(User), [about | {"timezone": None}])
            document = profile.model_dump(mode="json", exclude={"computed_at", "withheld", "origins", "obscurity"})
            kept = {"user_id": profile.user_id, "formula_version": 1, "inputs_hash": profile.inputs_hash}
            await tx.execute(insert(Profile), [kept | {"document": document}])
            await tx.execute(insert(Belonging), [{"club_id": CLUB, "user_id": profile.user_id}])
        await tx.execute(insert(Unmatched).from_select(["user_id"], select(Profile.user_id)))
    yield db
    async with db.transaction() as tx:
        for table in tables:
            await tx.execute(text(f"DELETE FROM {table}"))
    await db.engine.dispose()


async def match_all(db, shelf):
    began = time.perf_counter()
    while await match_due(db, shelf=shelf):
        pass
    return time.perf_counter() - began


async def asked(client, sign, path, times=100):
    client.headers.update(sign())
    took = []
    for _ in range(times):
        began = time.perf_counter()
        answer = await client.get(path)
        took.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200
    return f"p50 {statistics.median(took):.1f} ms, p95 {statistics.quantiles(took, n=20)[-1]:.1f} ms", answer.json()


@pytest.mark.prove
async def test_everybody_in_a_large_club_is_compared(app, large, sign):
    shelf = Shelf()
    whole = await match_all(large, shelf)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    one = UUID(int=7 << 64)
    async with large.transaction() as tx:
        kept = await tx.scalar(select(func.sum(func.cardinality(Matches.seats))))
        size = await tx.scalar(text("SELECT pg_total_relation_size('matches') / 1048576"))
        await tx.execute(insert(Unmatched), [{"user_id": one}])
    print(f"{MEMBERS} members: {whole:.0f} s, {kept} pairs, {memory:.0f} MiB at most, {size} MiB of rows")
    print(f"one who changed: {await match_all(large, shelf):.2f} s; with nothing at hand: ", end="")
    async with large.transaction() as tx:
        await tx.execute(insert(Unmatched), [{"user_id": one}])
    print(f"{await match_all(large, Shelf()):.2f} s")
    assert kept >= MEMBERS * (MEMBERS - 1) / 2
    wire = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=wire, base_url="http://sidetrack", timeout=600) as client:
        other = UUID(int=(7 << 64) + 1)
        print("one pair, with its evidence:", (await asked(client, sign, f"/users/{one}/compatibility/{other}"))[0])
        told, near = await asked(client, sign, f"/users/{one}/neighbours", 5)
        print("neighbours:", told)
        told, page = await asked(client, sign, "/taste/clubs/large/matrix?limit=10", 3)
        print("ten rows of the matrix:", told)
    assert near["among"] == MEMBERS - 1
    assert all(each is not None for each in page["rows"][0]["scores"][1:])
