"""What is found by looking only at what is high is what would be found by looking at everything."""

from collections import Counter
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert
from uuid_utils.compat import uuid7

from listening.models import AlbumAlias, ItemCount, UserItem
from listening.models.sums import ALBUM, ARTIST, TRACK
from listening.reading.periods import Period
from listening.reading.store import top

EVER = Period("all")
ITEMS = [UUID(int=number) for number in range(1, 25)]
# Around eight, from which on tiers are kept, and far above.
PLAYS = st.one_of(st.integers(1, 20), st.sampled_from([31, 32, 63, 64, 500, 2**30, 2**31 - 1]))
SUMS = st.dictionaries(st.sampled_from(ITEMS), st.tuples(PLAYS, st.integers(0, 3)))
MERGES = st.dictionaries(st.sampled_from(ITEMS), st.sampled_from(ITEMS))


@pytest.fixture
def whose():
    return uuid7()


def row(whose, kind, item, plays, ms):
    return {"user_id": whose, "kind": kind, "item_id": item, "plays": plays, "ms": ms}


def ranked(sums, merged, most):
    """The first of all, and how many there are."""
    plays, ms = Counter(), Counter()
    for item, (played, lasted) in sums.items():
        plays[merged.get(item, item)] += played
        ms[merged.get(item, item)] += lasted
    every = sorted(plays, key=lambda item: (-plays[item], -ms[item], item))
    return [(item, plays[item], ms[item], len(every)) for item in every[:most]]


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(artists=SUMS, albums=SUMS, tracks=SUMS, merged=MERGES, most=st.integers(1, 6), more=st.integers(1, 9))
async def test_the_first_are_the_first_of_all_whatever_was_merged(
    stage, whose, artists, albums, tracks, merged, most, more
):
    kinds = {ARTIST: (artists, {}, most), ALBUM: (albums, merged, more), TRACK: (tracks, {}, most)}
    async with stage.db.transaction() as tx:
        mark = await tx.begin_nested()
        rows = [row(whose, kind, item, *sums[item]) for kind, (sums, _, _) in kinds.items() for item in sums]
        if rows:
            await tx.execute(insert(UserItem), rows)
        if merged:
            aliases = [{"id": old, "survivor_id": new, "version": 1} for old, new in merged.items()]
            await tx.execute(insert(AlbumAlias), aliases)
        found = await top(tx, whose, EVER, most, more)
        for kind, told in kinds.items():
            assert [(each.id, each.plays, each.ms, each.of) for each in found if each.kind == kind] == ranked(*told)
        await mark.rollback()


async def test_items_are_counted_as_they_come_and_go(stage, whose):
    async with stage.db.transaction() as tx:
        rows = [row(whose, TRACK, item, 1, 0) for item in ITEMS]
        await tx.execute(insert(UserItem), rows)
        first = await tx.get(UserItem, (whose, TRACK, ITEMS[0]))
        first.plays = 9
        await tx.flush()
        await tx.delete(first)
        await tx.flush()
        assert (await tx.get(ItemCount, (whose, TRACK))).items == len(ITEMS) - 1
