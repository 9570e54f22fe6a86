"""Following and blocking over HTTP."""

import asyncio
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from chassis.announcer import raise_versions, reannounce
from contracts.audit import IdentityAuditRecorded
from contracts.follows import FollowChanged
from identity.models import Block, Follow, User


@pytest.fixture
def act(client, me):
    """`await act(ida, "PUT", "follow", ben)`."""

    async def send(user, method, what, whom):
        return await client.request(method, f"/users/{getattr(whom, 'id', whom)}/{what}", headers=me(user))

    return send


@pytest.fixture
def listed(read):
    async def names(user, what, by=None):
        answer = await read(f"/users/{user.id}/{what}", by)
        assert answer.status_code == 200, answer.text
        return [each["user"]["display_name"] for each in answer.json()["items"]]

    return names


async def test_a_follow_is_seen_from_both_sides_and_announced_whole(person, act, listed, read, me, announced):
    ida, ben = await person("Ida"), await person("Ben", handle="ben")
    answer = await act(ida, "PUT", "follow", "@Ben")
    assert (answer.status_code, answer.json()["user"]["display_name"]) == (200, "Ben")
    assert (await listed(ida, "following"), await listed(ben, "followers")) == (["Ben"], ["Ida"])
    assert (await listed(ida, "followers"), await listed(ben, "following")) == ([], [])
    (event,) = await announced(FollowChanged)
    assert (event.follower_id, event.followed_id, event.following) == (ida.id, ben.id, True)
    for by, followed in ((me(ida), True), (me(ben), None), (None, None)):
        seen = (await read(f"/users/{ben.id}", by)).json()
        assert (seen["followers"], seen["following"], seen["followed_by_you"]) == (1, 0, followed)


async def test_to_follow_again_changes_and_announces_nothing(person, act, announced):
    ida, ben = await person("Ida"), await person("Ben")
    first = await act(ida, "PUT", "follow", ben)
    assert (await act(ida, "PUT", "follow", ben)).json() == first.json()
    assert len(await announced(FollowChanged)) == 1


async def test_an_ended_follow_is_announced_as_such_and_can_begin_again(person, act, listed, announced):
    ida, ben = await person("Ida"), await person("Ben")
    for method in ("PUT", "DELETE", "DELETE", "PUT"):
        assert (await act(ida, method, "follow", ben)).is_success
    first, ended, again = await announced(FollowChanged)
    assert [first.following, ended.following, again.following] == [True, False, True]
    assert first.version < ended.version < again.version
    assert await listed(ida, "following") == ["Ben"]


async def test_nobody_follows_or_blocks_themself_or_nobody(person, act):
    ida = await person("Ida")
    for what in ("follow", "block"):
        for whom in (ida, "me"):
            refused = await act(ida, "PUT", what, whom)
            assert (refused.status_code, refused.json()["code"]) == (422, "not_yourself")
        assert (await act(ida, "PUT", what, uuid4())).json()["code"] == "no_such_user"


@pytest.mark.parametrize(("caller", "status"), [("anonymous", 401), ("bot", 403), ("worker", 403), ("admin", 403)])
async def test_only_people_follow_and_block(client, sign, person, caller, status):
    ida = await person("Ida")
    for method in ("PUT", "DELETE"):
        for what in ("follow", "block"):
            answer = await client.request(method, f"/users/{ida.id}/{what}", headers=sign(caller))
            assert answer.status_code == status
    assert (await client.get("/users/me/blocks", headers=sign(caller))).status_code == status


async def test_a_block_ends_follows_both_ways_and_refuses_new_ones(person, act, listed, announced):
    ida, ben = await person("Ida"), await person("Ben")
    await act(ida, "PUT", "follow", ben)
    await act(ben, "PUT", "follow", ida)
    assert (await act(ida, "PUT", "block", ben)).status_code == 204
    assert (await listed(ida, "following"), await listed(ida, "followers")) == ([], [])
    for one, other in ((ida, ben), (ben, ida)):
        refused = await act(one, "PUT", "follow", other)
        assert (refused.status_code, refused.json()["code"]) == (403, "blocked")
    assert [event.following for event in await announced(FollowChanged)] == [True, True, False, False]


async def test_a_block_hides_both_from_each_other(person, act, listed, read, me):
    ida, ben, cleo = await person("Ida"), await person("Ben"), await person("Cleo")
    for fan in (ida, ben):
        await act(fan, "PUT", "follow", cleo)
    await act(ida, "PUT", "block", ben)
    for viewer, other, name in ((ida, ben, "Ben"), (ben, ida, "Ida")):
        assert name not in await listed(cleo, "followers", me(viewer))
        assert (await read(f"/users/search?q={name}", me(viewer))).json()["items"] == []
        for what in ("followers", "following"):
            assert (await read(f"/users/{other.id}/{what}", me(viewer))).json()["code"] == "blocked"
    assert sorted(await listed(cleo, "followers", me(cleo))) == ["Ben", "Ida"]


async def test_a_block_is_seen_by_who_made_it_alone_and_can_end(person, act, read, me, announced):
    ida, ben = await person("Ida"), await person("Ben")
    for _ in range(2):
        await act(ida, "PUT", "block", ben)
    (blocked,) = (await read("/users/me/blocks", me(ida))).json()["items"]
    assert blocked["user"]["display_name"] == "Ben"
    assert (await read("/users/me/blocks", me(ben))).json()["items"] == []
    # Only who made it can end it.
    await act(ben, "DELETE", "block", ida)
    assert (await act(ben, "PUT", "follow", ida)).status_code == 403
    for _ in range(2):
        assert (await act(ida, "DELETE", "block", ben)).status_code == 204
    assert (await act(ben, "PUT", "follow", ida)).status_code == 200
    actions = [event.entry.action for event in await announced(IdentityAuditRecorded)]
    assert actions == ["block.made", "block.ended"]


async def test_followers_come_in_pages_the_last_first(person, act, read):
    ida = await person("Ida")
    for number in range(5):
        await act(await person(f"Fan {number}"), "PUT", "follow", ida)
    seen, cursor = [], ""
    while cursor is not None:
        page = (await read(f"/users/{ida.id}/followers?limit=2{cursor and f'&cursor={cursor}'}")).json()
        seen += [each["user"]["display_name"] for each in page["items"]]
        cursor = page["next_cursor"]
    assert sorted(seen) == [f"Fan {number}" for number in range(5)]
    assert (await read(f"/users/{ida.id}/followers?cursor=x")).json()["code"] == "bad_cursor"


async def test_follows_can_be_announced_again_ended_ones_too(person, act, announced, app, stage):
    ida, ben, cleo = await person("Ida"), await person("Ben"), await person("Cleo")
    await act(ida, "PUT", "follow", ben)
    await act(ida, "PUT", "follow", cleo)
    await act(ida, "DELETE", "follow", cleo)
    before = len(await announced(FollowChanged))
    announcer = app.state.announcers["follow"]
    await raise_versions(stage.db, announcer)
    assert await reannounce(stage.db, announcer) == 2
    told = {event.followed_id: event.following for event in (await announced(FollowChanged))[before:]}
    assert told == {ben.id: True, cleo.id: False}


async def test_of_a_follow_and_a_block_at_once_the_block_stays(start, app, sign):
    async with start() as client:
        async with app.state.db.transaction() as tx:
            tx.add_all(fans := [User(display_name=f"Fan {n}") for n in range(8)])
            tx.add(ida := User(display_name="Ida"))
        follows = [client.put(f"/users/{ida.id}/follow", headers=sign("user", str(each.id))) for each in fans]
        blocks = [client.put(f"/users/{each.id}/block", headers=sign("user", str(ida.id))) for each in fans]
        answers = await asyncio.gather(*follows, *blocks)
        async with app.state.db.transaction() as tx:
            standing = await tx.scalar(select(func.count()).select_from(Follow).where(Follow.following))
            blocked = await tx.scalar(select(func.count()).select_from(Block))
    assert {answer.status_code for answer in answers} <= {200, 204, 403}
    assert (standing, blocked) == (0, 8)
