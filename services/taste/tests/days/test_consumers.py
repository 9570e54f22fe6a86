"""Whole days replace each other, in whatever order they are told."""

from itertools import permutations

import pytest
from services.taste.tests.telling import BEN, DAY, IDA, day, named, track
from sqlalchemy import select

from contracts.identity import UserMerged
from taste.models import Day

MERGED = UserMerged(user_id=BEN, survivor_id=IDA, version=5)


async def kept(stage):
    async with stage.db.transaction() as tx:
        return (await tx.scalars(select(Day).order_by(Day.user_id))).all()


@pytest.mark.parametrize("versions", [*permutations((1, 2, 3))])
async def test_the_newest_state_of_a_day_stays(stage, deliver, versions):
    for version in (*versions, versions[0]):
        await deliver(day(track(plays=version), version=version))
    (row,) = await kept(stage)
    assert (row.user_id, row.day, row.plays[0]["plays"], row.hours[20]) == (IDA, DAY, 3, 3)
    assert row.album_ids == [named("Blue")]


async def test_the_tracks_of_a_day_are_kept_with_their_artist(stage, deliver):
    await deliver(day(track(plays=3), track(title="Carey")))
    (row,) = await kept(stage)
    tracks = {each["id"]: (each["title"], each["plays"]) for each in row.plays[0]["tracks"]}
    assert tracks == {str(named("River")): ("River", 3), str(named("Carey")): ("Carey", 1)}


async def test_a_day_that_became_empty_has_nothing(stage, deliver):
    for told in (day(track()), day(version=2)):
        await deliver(told)
    (row,) = await kept(stage)
    assert (row.plays, row.album_ids, sum(row.hours)) == ([], [], 0)


async def test_of_a_day_that_is_left_out_nothing_is_counted(stage, deliver):
    await deliver(day(track(plays=5000), left_out="too_many_plays"))
    (row,) = await kept(stage)
    assert (row.plays, sum(row.hours), row.left_out) == ([], 0, "too_many_plays")


@pytest.mark.parametrize("told", [*permutations([day(track(), user_id=BEN), day(track(plays=2), version=9), MERGED])])
async def test_days_of_who_turned_out_to_be_somebody_else_are_the_survivors_alone(stage, deliver, told):
    for event in (*told, *told):
        await deliver(event)
    assert [(row.user_id, row.plays[0]["plays"]) for row in await kept(stage)] == [(IDA, 2)]
