"""What the club and listening tell, kept whatever the order."""

from itertools import permutations

import pytest
from sqlalchemy import func, select
from uuid_utils.compat import uuid7

from identity.models import Activity, User


@pytest.fixture
async def two(person):
    return await person("Ida"), await person("Ben")


def told(items):
    return sorted((each["kind"], each["user"]["display_name"], each["rating"]) for each in items)


async def test_a_rating_is_kept_with_what_it_says(a_club, two, done):
    ida, _ = two
    week = await a_club.week()
    given = await a_club.rate(week, ida, 4.5)
    (item,) = await done(ida)
    assert (item["kind"], item["rating"], item["week_id"], item["club_id"], item["album_id"]) == (
        "rated",
        4.5,
        str(week),
        str(a_club.id),
        str(given.album_id),
    )


@pytest.mark.parametrize("order", [*permutations(range(3))])
async def test_ratings_in_any_order_end_in_the_newest(a_club, two, done, deliver, order):
    ida, week = two[0], uuid7()
    states = [a_club.rating(week, ida, rating, version) for version, rating in ((1, 2), (2, 3.5), (3, 5))]
    for place in order:
        for _ in range(2):
            await deliver(states[place])
    assert [each["rating"] for each in await done(ida)] == [5]


@pytest.mark.parametrize("order", [*permutations(range(3))])
async def test_a_rating_that_is_not_shown_yet_or_withdrawn_is_no_news_in_any_order(a_club, two, done, deliver, order):
    ida, week = two[0], uuid7()
    states = [
        a_club.rating(week, ida, version=1, visible_from=None),
        a_club.rating(week, ida, version=2),
        a_club.rating(week, ida, version=3, withdrawn=True),
    ]
    for place in order:
        await deliver(states[place])
    assert await done(ida) == []
    await deliver(a_club.rating(week, ida, 1, version=4))
    assert [each["rating"] for each in await done(ida)] == [1]


async def test_a_rating_is_news_when_it_is_revealed(a_club, two, done):
    ida, week = two[0], uuid7()
    hidden = await a_club.rate(week, ida, visible_from=None)
    assert await done(ida) == []
    await a_club.nominate(week, ida)
    await a_club.rate(week, ida, version=2, given_at=hidden.given_at)
    assert [each["kind"] for each in await done(ida)] == ["rated", "nominated"]


@pytest.mark.parametrize("order", [*permutations(range(4))])
async def test_nominators_in_any_order_end_in_those_of_the_newest(a_club, two, done, deliver, order):
    ida, ben = two
    first = a_club.nomination(uuid7(), ida)
    also = a_club.nomination(first.week_id, ida, ben, version=2, nomination_id=first.nomination_id)
    none = also.model_copy(update={"version": 3, "user_ids": [], "withdrawn": True})
    last = also.model_copy(update={"version": 4, "user_ids": [ben.id]})
    states = (first, also, none, last)
    for place in order:
        await deliver(states[place])
    assert await done(ida) == []
    (item,) = await done(ben)
    assert (item["kind"], item["nomination_id"]) == ("nominated", str(first.nomination_id))


async def test_a_withdrawn_nomination_is_no_news(a_club, two, done):
    ida, week = two[0], uuid7()
    made = await a_club.nominate(week, ida)
    await a_club.nominate(week, version=2, nomination_id=made.nomination_id, withdrawn=True)
    assert await done(ida) == []


async def test_who_led_what_won_is_told(a_club, two, done, deliver):
    ida, ben = two
    week = await a_club.week()
    nominations = [await a_club.nominate(week, ida), await a_club.nominate(week, ben)]
    for _ in range(2):
        await deliver(a_club.result(week, *nominations, winner=nominations[1]))
    assert told(await done(ida)) == [("nominated", "Ida", None)]
    assert told(await done(ben)) == [("nominated", "Ben", None), ("won", "Ben", None)]


async def test_a_result_that_is_left_to_the_host_is_nobodys(a_club, two, done, deliver):
    ida, _ = two
    nomination = await a_club.nominate(uuid7(), ida)
    await deliver(a_club.result(nomination.week_id, nomination, winner=None))
    assert told(await done(ida)) == [("nominated", "Ida", None)]


@pytest.mark.parametrize("order", [*permutations(range(3))])
async def test_who_takes_part_is_known_whatever_is_told_first(a_club, two, feed, deliver, order):
    ida, ben = two
    week = uuid7()

    async def of_the_week():
        await a_club.week(week)

    async def idas():
        await a_club.rate(week, ida)

    async def bens():
        await a_club.rate(week, ben)

    for place in order:
        await (of_the_week, idas, bens)[place]()
    assert told((await feed(ida))["items"]) == [("rated", "Ben", 4.5)]
    assert told((await feed(ben))["items"]) == [("rated", "Ida", 4.5)]


async def test_an_album_heard_whole_is_told_with_what_it_is(two, done, deliver, completed):
    ida, ben = two
    told = completed(ida)
    for _ in range(2):
        await deliver(told)
    (item,) = await done(ida)
    assert {name: item[name] for name in ("kind", "at", "album_id", "week_id", "club_id", "rating")} == {
        "kind": "listened",
        "at": told.completed_at.isoformat().replace("+00:00", "Z"),
        "album_id": str(told.album_id),
        "week_id": None,
        "club_id": None,
        "rating": None,
    }
    assert await done(ben) == []


@pytest.mark.parametrize("order", [*permutations(range(3))])
async def test_albums_heard_whole_in_any_order_end_in_the_newest(two, done, deliver, completed, order):
    ida, album = two[0], uuid7()
    states = [completed(ida, album, version, withdrawn=version == 2) for version in (1, 2, 3)]
    for place in order:
        for _ in range(2):
            await deliver(states[place])
    assert len(await done(ida)) == 1
    await deliver(completed(ida, album, 4, withdrawn=True))
    assert await done(ida) == []


async def test_of_somebody_who_is_not_there_nothing_is_kept(deliver, completed, stage):
    await deliver(completed(User(id=uuid7())))
    async with stage.db.transaction() as tx:
        assert await tx.scalar(select(func.count()).select_from(Activity)) == 0
