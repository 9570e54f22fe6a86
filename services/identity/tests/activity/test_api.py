"""The feed, and what one person does."""

from datetime import UTC, datetime, timedelta

import pytest
from uuid_utils.compat import uuid7

from chassis.errors import Unavailable


@pytest.fixture
async def people(person):
    return [await person(name) for name in ("Ida", "Ben", "Cleo", "Dan")]


@pytest.fixture
def act(client, me):
    async def send(user, method, what, whom):
        answer = await client.request(method, f"/users/{whom.id}/{what}", headers=me(user))
        assert answer.is_success, answer.text

    return send


def names(page):
    return {each["user"]["display_name"] for each in page["items"]}


async def test_a_feed_has_whom_one_follows_and_ones_club_and_nobody_else(people, a_club, other_club, act, feed):
    ida, ben, cleo, dan = people
    week, elsewhere = await a_club.week(), await other_club.week()
    await a_club.rate(week, ida)
    await a_club.nominate(week, ben)
    await other_club.rate(elsewhere, cleo)
    await other_club.rate(elsewhere, dan)
    assert names(await feed(ida)) == {"Ben"}
    await act(ida, "PUT", "follow", cleo)
    assert names(await feed(ida)) == {"Ben", "Cleo"}
    await act(ida, "DELETE", "follow", cleo)
    assert names(await feed(ida)) == {"Ben"}


async def test_who_takes_part_nowhere_and_follows_nobody_has_an_empty_feed(people, a_club, feed):
    ida, ben, *_ = people
    await a_club.rate(await a_club.week(), ben)
    assert await feed(ida) == {"items": [], "next_cursor": None}


async def test_following_is_activity_until_it_ends(people, act, done):
    ida, ben, *_ = people
    await act(ida, "PUT", "follow", ben)
    (item,) = await done(ida)
    assert (item["kind"], item["followed"]["display_name"], item["rating"]) == ("followed", "Ben", None)
    await act(ida, "DELETE", "follow", ben)
    assert await done(ida) == []


@pytest.mark.parametrize(("kind", "status"), [("anonymous", 401), ("bot", 403), ("worker", 403), ("admin", 403)])
async def test_only_people_have_a_feed(read, sign, kind, status):
    assert (await read("/feed", sign(kind))).status_code == status


async def test_a_feed_comes_in_pages_newest_first(people, a_club, feed):
    ida, ben, *_ = people
    await a_club.rate(await a_club.week(uuid7()), ida)
    weeks = [await a_club.week(uuid7()) for _ in range(7)]
    for week in weeks:
        await a_club.rate(week, ben)
    seen, cursor = [], ""
    while cursor is not None:
        page = await feed(ida, f"?limit=3{cursor and f'&cursor={cursor}'}")
        seen += [each["week_id"] for each in page["items"]]
        cursor = page["next_cursor"]
    assert seen == [str(week) for week in reversed(weeks)]


async def test_what_happens_meanwhile_moves_no_page(people, a_club, feed):
    ida, ben, *_ = people
    weeks = [await a_club.week(uuid7()) for _ in range(5)]
    await a_club.rate(weeks[0], ida)
    for week in weeks[:4]:
        await a_club.rate(week, ben)
    first = await feed(ida, "?limit=2")
    await a_club.rate(weeks[4], ben)
    second = await feed(ida, f"?limit=2&cursor={first['next_cursor']}")
    assert [each["week_id"] for each in first["items"] + second["items"]] == [str(week) for week in weeks[3::-1]]


async def test_privacy_is_respected_as_it_is_now(people, a_club, change, feed, done, me, sign):
    ida, ben, *_ = people
    week = await a_club.week()
    for user in (ida, ben):
        await a_club.rate(week, user)
    await a_club.nominate(week, ben)
    whole, half = ["nominated", "rated"], ["nominated"]
    readers = (None, me(ida), sign("worker"), me(ben), sign("bot"), sign("admin"))
    for audience, seen in (
        ("public", [whole] * 6),
        ("members", [half, whole, whole, whole, whole, whole]),
        ("private", [half, half, half, whole, whole, whole]),
    ):
        await change(ben, privacy={"ratings": audience})
        told = [sorted(each["kind"] for each in await done(ben, by)) for by in readers]
        assert told == seen
        in_feed = sorted(each["kind"] for each in (await feed(ida))["items"])
        assert in_feed == (half if audience == "private" else whole)


async def test_what_somebody_listens_to_is_for_those_to_whom_they_show_it(
    people, act, change, deliver, completed, feed, done, me, sign
):
    ida, ben, *_ = people
    await act(ida, "PUT", "follow", ben)
    await deliver(completed(ben))
    key = sign("user", scopes=["listens:write"])
    readers = (None, key, me(ida), me(ben), sign("bot"), sign("worker"), sign("admin"))
    for audience, seen in (
        ("public", [1] * 7),
        ("members", [0, 0, 1, 1, 1, 1, 1]),
        ("private", [0, 0, 0, 1, 1, 1, 1]),
    ):
        await change(ben, privacy={"listening": audience})
        assert [len(await done(ben, by)) for by in readers] == seen
        assert len((await feed(ida))["items"]) == (0 if audience == "private" else 1)


async def test_what_is_told_of_tomorrow_is_news_then(people, deliver, completed, done, me):
    ida = people[0]
    await deliver(completed(ida, completed_at=datetime.now(UTC) + timedelta(minutes=30)))
    assert (len(await done(ida)), len(await done(ida, me(ida)))) == (0, 1)


async def test_what_is_pending_in_the_club_is_hidden_here_all_the_same(people, a_club, change, done, club):
    club.answers["POST /internal/members/privacy"] = Unavailable()
    ben = people[1]
    await a_club.rate(await a_club.week(), ben)
    assert (await change(ben, privacy={"ratings": "private"})).json()["pending"] == ["club"]
    assert await done(ben) == []


async def test_ones_own_activity_has_what_others_do_not_see_yet(people, a_club, done, me, sign):
    ida, ben, *_ = people
    await a_club.rate(await a_club.week(), ida, visible_from=None)
    assert [each["kind"] for each in await done(ida, me(ida))] == ["rated"]
    for by in (None, me(ben), sign("user")):
        assert await done(ida, by) == []


async def test_a_block_hides_both_from_each_other_also_where_a_third_speaks_of_them(
    people, a_club, act, feed, read, me
):
    ida, ben, cleo, _ = people
    week = await a_club.week()
    for user in (ida, ben, cleo):
        await a_club.rate(week, user)
    await act(cleo, "PUT", "follow", ben)
    await act(cleo, "PUT", "follow", ida)
    await act(ben, "PUT", "block", ida)
    for viewer, hidden in ((ida, ben), (ben, ida)):
        page = await feed(viewer)
        assert names(page) == {"Cleo"}
        assert hidden.display_name not in {
            each["followed"]["display_name"] for each in page["items"] if each["followed"]
        }
        refused = await read(f"/users/{hidden.id}/activity", me(viewer))
        assert (refused.status_code, refused.json()["code"]) == (403, "blocked")
    assert names(await feed(cleo)) == {"Ida", "Ben"}


async def test_another_view_is_no_304(people, a_club, client, change, sign):
    ben = people[1]
    await a_club.rate(await a_club.week(), ben)
    await change(ben, privacy={"ratings": "members"})
    at = f"/users/{ben.id}/activity"
    etag = (await client.get(at, headers=sign("user"))).headers["etag"]
    for kind, status in (("user", 304), ("anonymous", 200)):
        assert (await client.get(at, headers=sign(kind) | {"If-None-Match": etag})).status_code == status


async def test_nobody_does_nothing_and_a_foreign_cursor_is_refused(people, read, me):
    assert (await read(f"/users/{uuid7()}/activity")).json()["code"] == "no_such_user"
    assert (await read("/feed?cursor=x", me(people[0]))).json()["code"] == "bad_cursor"
