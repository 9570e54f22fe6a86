"""Several who tell the same at once, on a database that commits."""

import asyncio
import random
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import create_async_engine

from chassis.db import Database
from chassis.forgetting import Leaver
from chassis.testing import mentions
from contracts.tracks import TrackMapped
from listening.ingest.rules import Heard
from listening.ingest.take import take_in
from listening.models import DayTrack, ListeningTable, MessyTrack, Play, Sighting, UserItem
from listening.names.consumers import map_track
from listening.names.mapping import apply_next
from listening.names.store import Said
from listening.users.leaving import leave

WRITTEN = [table.name for table in ListeningTable.metadata.sorted_tables] + ["outbox", "departures"]
EVENING = datetime(2025, 11, 18, 20, 0, tzinfo=UTC)


@pytest.fixture
async def db(test_settings):
    """A database that commits, for several at once; empty at first and in the end."""
    db = Database(test_settings, "listening")
    await _empty(test_settings)
    yield db
    await _empty(test_settings)
    await db.engine.dispose()


async def _empty(settings):
    owner = create_async_engine(settings.role_url("listening_owner"))
    async with owner.begin() as connection:
        await connection.execute(text(f"TRUNCATE {', '.join(f'listening.{name}' for name in WRITTEN)}"))
    await owner.dispose()


def listens(users, count, source="lastfm"):
    told = []
    for each in range(count):
        said = Said("Joni Mitchell", f"Song {each % 97}", f"Album {each % 7}", 180_000)
        at = EVENING - timedelta(minutes=5 * each)
        told.append(Heard(users[each % len(users)], said.id, said, at, source))
    return told


async def take(db, heard):
    async with db.transaction() as tx:
        return await take_in(tx, heard)


async def count(db, column):
    async with db.transaction() as tx:
        return await tx.scalar(select(column))


async def test_eight_who_tell_the_same_thousand_in_different_orders_tell_it_once(db):
    heard = listens([uuid4() for _ in range(5)], 1000)
    orders = [random.Random(each).sample(heard, len(heard)) for each in range(8)]
    told = await asyncio.gather(*(take(db, order) for order in orders))
    outcomes = [taken.outcome for answers in told for taken in answers]
    assert (outcomes.count("inserted"), outcomes.count("duplicate")) == (1000, 7000)
    assert await count(db, func.count(Sighting.source)) == await count(db, func.count(Play.id)) == 1000
    assert await count(db, func.sum(DayTrack.plays)) == 1000
    assert await count(db, func.sum(UserItem.plays)) == 3000


async def test_two_sources_that_tell_at_once_make_one_play_of_each(db):
    ida = [uuid4()]
    both = [take(db, listens(ida, 300, source)) for source in ("lastfm", "maloja")]
    await asyncio.gather(*both)
    assert await count(db, func.count(Sighting.source)) == 600
    assert await count(db, func.count(Play.id)) == 300


async def test_what_is_mapped_while_it_is_listened_to_is_counted_for_what_it_is(db):
    people, track, artist = [uuid4() for _ in range(4)], uuid4(), uuid4()
    heard = listens(people, 400)

    async def mapping():
        for each in range(97):
            said = Said("Joni Mitchell", f"Song {each}", f"Album {each % 7}")
            for album in range(7):
                messy_id = Said(said.artist, said.title, f"Album {album}").id
                names = {"title": said.title, "artist": said.artist, "duration_ms": None}
                told = TrackMapped(
                    version=1, messy_id=messy_id, track_id=track, album_id=None, artist_ids=[artist], **names
                )
                async with db.transaction() as tx:
                    await map_track(told, tx)
            async with db.transaction() as tx:
                await apply_next(tx)

    await asyncio.gather(mapping(), *(take(db, heard[at : at + 40]) for at in range(0, 400, 40)))
    async with db.transaction() as tx:
        await apply_next(tx)
    assert await count(db, func.count(MessyTrack.id.distinct()).filter(MessyTrack.track_id != track)) == 0
    async with db.transaction() as tx:
        sums = select(UserItem.kind, UserItem.item_id, func.sum(UserItem.plays)).where(UserItem.kind != 2)
        rows = {(row[0], row[1]): row[2] for row in await tx.execute(sums.group_by(UserItem.kind, UserItem.item_id))}
    assert rows == {(1, artist): 400, (3, track): 400}


async def test_who_leaves_while_their_tracks_are_mapped_leaves_nothing_behind(db):
    ida, said = uuid4(), Said("Joni Mitchell", "Song 0", "Album 0")
    await take(db, listens([ida], 1))
    names = {"title": said.title, "artist": said.artist, "artist_ids": [uuid4()], "duration_ms": None}
    told = TrackMapped(version=1, messy_id=said.id, track_id=uuid4(), album_id=uuid4(), **names)
    async with db.transaction() as tx:
        await map_track(told, tx)

    async def mapping():
        async with db.transaction() as tx:
            await apply_next(tx)

    async with db.transaction() as tx:
        await leave(tx, Leaver([ida], uuid4()))
        moving = asyncio.create_task(mapping())
        await asyncio.sleep(0.3)
    await moving
    async with db.transaction() as tx:
        assert await mentions(tx, str(ida)) == set()
