"""Profiles follow what was told, in whatever order and however often."""

import json
import random
from datetime import timedelta
from uuid import UUID

import pytest
from services.taste.tests.telling import BEN, DAY, IDA, album, day, named, rated, track, user
from sqlalchemy import func, select, text

from contracts.identity import UserMerged
from contracts.merging import AlbumMerged
from taste.models import Profile, StaleProfile
from taste.profiles.work import SETTLE, compute_due

ARTISTS = ("Joni Mitchell", "Daft Punk", "João Gilberto")
STORY = [
    user(),
    *(day(*(track(name, album=name, plays=5) for name in ARTISTS), on=DAY - timedelta(days=ago)) for ago in range(3)),
    day(track("Nobody", plays=900), version=2, on=DAY - timedelta(days=9), left_out="too_many_plays"),
    day(track("Nobody", plays=9), version=1, on=DAY - timedelta(days=9)),
    *(album(name, name, genres=[genre]) for name, genre in zip(ARTISTS, ("folk", "house", "bossa nova"), strict=True)),
    album("Daft Punk", "Daft Punk", genres=["techno"], version=2),
    rated("Joni Mitchell", 5.0),
    rated("Daft Punk", 1.0, week=2),
    rated("Daft Punk", 3.0, week=2, version=2),
    rated("João Gilberto", 5.0, week=3, seen=False),
    day(track("Daft Punk", plays=40), user_id=BEN, on=DAY),
    UserMerged(user_id=BEN, survivor_id=IDA, version=5),
    AlbumMerged(version=1, album_id=named("Old"), survivor_id=named("João Gilberto")),
]


async def computed(stage):
    while await compute_due(stage.db):
        pass
    async with stage.db.transaction() as tx:
        rows = (await tx.scalars(select(Profile).order_by(Profile.user_id))).all()
    return {UUID(str(row.user_id)): row.document for row in rows}


def spelled(profiles):
    return {user_id: json.dumps(document) for user_id, document in profiles.items()}


async def test_what_was_told_is_what_the_profile_says(stage, deliver):
    for event in STORY:
        await deliver(event)
    profiles = await computed(stage)
    assert [*profiles] == [IDA]
    told = profiles[IDA]
    assert (told["enough"], told["window"]["plays"], told["rated"]) == (True, 45, 2)
    assert {each["name"] for each in told["genres"]} == {"folk", "techno", "bossa nova"}
    assert [(each["title"], each["rating"]) for each in told["loved"]] == [("Joni Mitchell", 5.0)]


@pytest.mark.parametrize("seed", range(5))
async def test_a_replay_in_another_order_and_twice_gives_identical_profiles(stage, deliver, seed):
    for event in STORY:
        await deliver(event)
    first = spelled(await computed(stage))
    async with stage.db.transaction() as tx:
        every = "days, albums, ratings, users, user_aliases, album_aliases, profiles, artist_listeners"
        for table in every.split(", "):
            await tx.execute(text(f"DELETE FROM {table}"))
    again = STORY * 2
    random.Random(seed).shuffle(again)
    for number, event in enumerate(again):
        await deliver(event)
        if number % 10 == seed:
            await compute_due(stage.db)
    assert spelled(await computed(stage)) == first


async def test_what_changes_nothing_is_not_computed_into_another(stage, deliver):
    for event in STORY:
        await deliver(event)
    await computed(stage)
    at = select(Profile.computed_at)
    async with stage.db.transaction() as tx:
        before = await tx.scalar(at)
    for event in STORY:
        await deliver(event)
    await computed(stage)
    async with stage.db.transaction() as tx:
        assert await tx.scalar(at) == before


async def test_an_album_that_changes_or_means_another_changes_who_heard_it(stage, deliver):
    for event in STORY:
        await deliver(event)
    before = await computed(stage)
    redirect = AlbumMerged(version=2, album_id=named("Daft Punk"), survivor_id=named("Joni Mitchell"))
    await deliver(redirect)
    merged = (await computed(stage))[IDA]
    assert {each["name"] for each in merged["genres"]} == {"folk", "bossa nova"}
    await deliver(redirect.model_copy(update={"version": 3, "survivor_id": None}))
    assert await computed(stage) == before


async def test_a_profile_is_computed_a_moment_after_the_first_change_and_once_for_all_of_them(stage, deliver):
    await deliver(day(track()))
    assert await compute_due(stage.db, SETTLE) == 0
    async with stage.db.transaction() as tx:
        await tx.execute(text("UPDATE stale_profiles SET since = since - interval '3 seconds'"))
    await deliver(day(track(plays=2), version=2))
    assert await compute_due(stage.db, SETTLE) == 1
    async with stage.db.transaction() as tx:
        assert await tx.scalar(select(func.count()).select_from(StaleProfile)) == 0
        assert (await tx.get(Profile, IDA)).document["window"]["plays"] == 2


async def test_who_has_nothing_any_more_has_no_profile(stage, deliver):
    for event in (day(track()), rated()):
        await deliver(event)
    assert [*await computed(stage)] == [IDA]
    for event in (day(version=2), rated(version=2, withdrawn=True)):
        await deliver(event)
    assert await computed(stage) == {}
