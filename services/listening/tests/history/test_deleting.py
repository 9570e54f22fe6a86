"""What is taken back is as if nobody had ever told it."""

import random
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from listening.history import changing
from listening.history.rules import NoSuchListen
from listening.ingest.rules import Heard
from listening.ingest.take import take_in
from listening.locks import be_alone_with
from listening.models import Day, DayTrack, MonthItem, Play, UserItem
from listening.names.store import Said
from listening.plays.rebuilding import rebuild

EVENING = datetime(2025, 11, 18, 20, 0, tzinfo=UTC)
SOURCES = ("listenbrainz", "lastfm", "spotify")


async def state(tx):
    """Every play, and every sum that is not nothing."""
    plays = {(row.id, row.messy_id, row.ms, row.sightings) for row in await tx.scalars(select(Play))}
    sums = Counter()
    for table in (Day, DayTrack, MonthItem, UserItem):
        keys = [column.name for column in table.__table__.primary_key]
        for row in await tx.scalars(select(table).execution_options(populate_existing=True)):
            sums[table.__name__, *(getattr(row, key) for key in keys)] += row.plays
    return plays, +sums


@pytest.mark.parametrize("seed", range(6))
async def test_plays_and_sums_are_what_they_would_be_without_it(stage, wren, seed):
    dice = random.Random(seed)
    heard = []
    for _ in range(40):
        said = Said("Joni Mitchell", dice.choice(("River", "Carey", "Blue")), dice.choice(("Blue", None)), 200_000)
        at = EVENING + timedelta(seconds=dice.randrange(3600))
        heard.append(Heard(wren.user_id, said.id, said, at, dice.choice(SOURCES)))
    async with stage.db.transaction() as tx:
        await take_in(tx, heard)
        gone = dice.sample(sorted({each.key for each in heard}), 12)
        await be_alone_with(tx, [wren.user_id])
        for each in gone:
            with suppress(NoSuchListen):
                await changing.delete(tx, wren.user_id, each)
        hidden = await state(tx)
        await rebuild(tx, wren.user_id)
        assert await state(tx) == hidden
        await take_in(tx, heard)
        assert await state(tx) == hidden
