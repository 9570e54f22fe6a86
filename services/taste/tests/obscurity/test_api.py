"""How obscure somebody's taste is follows everybody's, and their profile stays as it is."""

import random
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from services.taste.tests.telling import DAY, IDA, day, track, user
from sqlalchemy import select

from contracts.identity import UserMerged
from contracts.leaving import UserDeleted
from taste.models import ArtistListener, Profile

PEOPLE = [IDA, *(UUID(int=each) for each in range(1, 5))]
COMMON, RARE = ("Joni Mitchell", "Daft Punk"), "Nobody's"


def plays(*artists, whose=IDA, **more):
    return day(*(track(each, plays=20) for each in artists), user_id=whose, **more)


STORY = [
    *(user(each, f"Person {number}") for number, each in enumerate(PEOPLE)),
    *(plays(*COMMON, "Can", whose=each) for each in PEOPLE[1:]),
    plays(*COMMON, RARE),
]


@pytest.fixture
def known(tell):
    """`await known(events)`: told, and all profiles computed."""

    async def told(events):
        await tell(*events)

    return told


@pytest.fixture
def read(client, sign):
    async def answer(whose=IDA, kind="anonymous"):
        return (await client.get(f"/users/{whose}/taste", headers=sign(kind))).json()

    return answer


async def listeners(stage):
    async with stage.db.transaction() as tx:
        rows = (await tx.scalars(select(ArtistListener))).all()
        return {(UUID(str(each.artist_id)), UUID(str(each.user_id))) for each in rows}


async def test_who_plays_what_nobody_else_does_is_as_obscure_as_that_is_of_what_they_play(known, read):
    await known(STORY)
    # A third of it nobody else plays, the rest everybody does.
    assert (await read())["obscurity"] == pytest.approx(1 / 3, abs=0.001)
    assert (await read())["sentence"] == "Drawn from 60 plays of 3 artists."
    assert 0 < (await read(PEOPLE[1]))["obscurity"] < 1 / 3


async def test_among_four_people_it_is_not_told(known, read):
    await known([each for each in STORY if each.user_id != PEOPLE[4]])
    told = await read()
    assert told["obscurity"] is None
    assert told["sentence"].endswith("too few people here to say how obscure that is.")


async def test_it_moves_with_what_others_play_and_the_profile_does_not(known, read, stage):
    await known(STORY)
    before = await read()
    await known([plays(RARE, *COMMON, whose=each, version=2) for each in PEOPLE[1:]])
    after = await read()
    assert (before["obscurity"] > 0, after["obscurity"]) == (True, 0)
    assert after == before | {"obscurity": 0}


@pytest.mark.parametrize("seed", range(3))
async def test_in_whatever_order_people_are_told_of_it_is_the_same(known, read, stage, seed):
    late = [plays("Can", "Neu!", "Faust", whose=PEOPLE[1], on=DAY - timedelta(days=1)), plays("Can", version=2)]
    story = [*STORY, *late]
    told = [*story, *story]
    random.Random(seed).shuffle(told)
    for number, event in enumerate(told):
        await known([event] if number % 3 else [])
    await known(story)
    async with stage.db.transaction() as tx:
        named = {
            (UUID(each["id"]), UUID(str(row.user_id)))
            for row in await tx.scalars(select(Profile))
            for each in row.document["top_artists"]
        }
    assert await listeners(stage) == named
    # A third of it nobody else plays, a third three of the four others do, and a third everybody does.
    assert (await read(PEOPLE[1]))["obscurity"] == pytest.approx(0.379, abs=0.001)


async def test_who_left_or_turned_out_to_be_another_is_counted_no_more(known, read, stage):
    await known(STORY)
    gone = {"user_id": PEOPLE[1], "aliases": [], "former_id": uuid4(), "version": 9}
    await known([UserDeleted(**gone, deleted_at="2025-11-24T12:00:00Z")])
    await known([UserMerged(user_id=PEOPLE[2], survivor_id=PEOPLE[3], version=5)])
    assert {who for _, who in await listeners(stage)} == {IDA, *PEOPLE[3:]}
    assert (await read())["obscurity"] is None


async def test_who_has_nothing_any_more_listens_to_nobody(known, stage):
    await known([plays(*COMMON)])
    await known([plays(version=2)])
    assert await listeners(stage) == set()


async def test_it_is_for_who_may_see_what_they_listen_to(known, read):
    await known([*STORY, user(IDA, "Ida", version=2, privacy={"listening": "private"})])
    assert (await read())["obscurity"] is None
    assert (await read(kind="bot"))["obscurity"] == pytest.approx(1 / 3, abs=0.001)
