"""Tracks ensured by many at once, over connections of their own that commit."""

import asyncio
import random

import pytest
from sqlalchemy import func, select

from catalog.models import Artist, MessyTrack, Track
from chassis.outbox import Outgoing
from contracts.tracks import TrackMapped


@pytest.fixture
def committing(committing):
    return committing.model_copy(update={"lock_timeout": 60})


async def test_eight_callers_with_the_same_thousand_in_other_orders_make_a_thousand(db, bot):
    triples = [
        {"artist": f"Artist {n % 200}", "track": f"Song {n}", "album": f"Album {n % 70}", "duration_ms": 1000 + n}
        for n in range(1000)
    ]
    orders = [random.Random(seed).sample(triples, len(triples)) for seed in range(8)]
    albums = [{"title": f"Album {n}", "artist": f"Artist {n}"} for n in range(8)]

    async def told(path, body):
        # Whoever is told that it is busy asks again.
        while (answer := await bot.post(path, json=body)).status_code == 503:
            await asyncio.sleep(0.1)
        return answer

    answers = await asyncio.gather(
        *(told("/music/tracks/ensure", {"items": order}) for order in orders),
        *(told("/music/albums", album) for album in albums),
    )
    assert {answer.status_code for answer in answers} == {200, 201}
    mapped = [{(item["messy_id"], item["track_id"]) for item in answer.json()["items"]} for answer in answers[:8]]
    assert all(each == mapped[0] for each in mapped)
    assert len({track for _, track in mapped[0]}) == 1000
    async with db.transaction() as tx:
        counts = [await tx.scalar(select(func.count()).select_from(table)) for table in (Track, MessyTrack, Artist)]
        announced = select(func.count()).select_from(Outgoing).where(Outgoing.type == TrackMapped.topic)
        assert (counts, await tx.scalar(announced)) == ([1000, 1000, 200], 1000)
