"""What comes in while a profile is computed is not missed."""

import asyncio

import pytest
from services.taste.tests.telling import IDA, album, day, track
from sqlalchemy import text

from chassis.db import Database
from taste.albums.consumers import copy_album
from taste.days.consumers import copy_day
from taste.models import Profile
from taste.profiles.marks import spread
from taste.profiles.work import compute, compute_due

ARTISTS = ("Joni Mitchell", "Daft Punk", "João Gilberto")


async def _empty(db):
    async with db.transaction() as tx:
        for table in ("days", "albums", "profiles", "artist_listeners", "stale_profiles", "changed_albums"):
            await tx.execute(text(f"DELETE FROM {table}"))


@pytest.fixture
async def db(test_settings):
    """A database that commits. Empty at first and in the end."""
    db = Database(test_settings, "taste")
    await _empty(db)
    yield db
    await _empty(db)
    await db.engine.dispose()


async def told(db, handle, event):
    async with db.transaction() as tx:
        await handle(event, tx)


async def document(db):
    while await compute_due(db):
        pass
    async with db.transaction() as tx:
        return (await tx.get(Profile, IDA)).document


async def test_a_day_that_comes_in_while_it_is_computed_is_in_the_next(db):
    await told(db, copy_day, day(track()))
    async with db.transaction() as tx:
        await compute(tx, IDA)
        late = asyncio.create_task(told(db, copy_day, day(track(plays=7), version=2)))
        await asyncio.sleep(0.1)
    await late
    assert (await document(db))["window"]["plays"] == 7


async def test_an_album_that_changes_while_a_day_with_it_comes_in_is_in_its_profile(db):
    async with db.transaction() as tx:
        await copy_day(day(*(track(each, plays=20) for each in ARTISTS)), tx)
        await told(db, copy_album, album(genres=["rock"]))
        async with db.transaction() as looking:
            assert await spread(looking) == 1
    assert [each["name"] for each in (await document(db))["genres"]] == ["rock"]
    await told(db, copy_album, album(version=2))
    assert [each["name"] for each in (await document(db))["genres"]] == ["folk"]


async def test_several_that_compute_at_once_compute_each_once(db):
    for number in range(5):
        await told(db, copy_day, day(track(plays=number + 1), version=number))
    await asyncio.gather(*(compute_due(db) for _ in range(3)))
    assert (await document(db))["window"]["plays"] == 5
