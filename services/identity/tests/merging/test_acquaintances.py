"""Whom two people follow and block, once they are one."""

import pytest

from contracts.follows import FollowChanged


@pytest.fixture
def merge(client, sign):
    async def ask(old, into):
        body = {"from": str(old.id), "into": str(into.id), "reason": "They are one."}
        answer = await client.post("/admin/users/merge", json=body, headers=sign("admin"))
        assert answer.status_code == 200, answer.text

    return ask


@pytest.fixture
def listed(client, me):
    async def read(user, which):
        answer = await client.get(f"/users/{user.id}/{which}", headers=me(user))
        return {each["user"]["id"] for each in answer.json()["items"]}

    return read


async def test_the_survivor_follows_and_is_followed_as_both_were_but_not_by_themself(
    person, client, me, merge, listed, announced
):
    old, wren, ida, ben = [await person(name) for name in ("Old", "Wren", "Ida", "Ben")]
    for follower, followed in ((old, ida), (wren, ida), (old, wren), (ben, old), (ben, wren), (ida, old)):
        answer = await client.put(f"/users/{followed.id}/follow", headers=me(follower))
        assert answer.is_success, answer.text
    await merge(old, wren)
    assert await listed(wren, "following") == {str(ida.id)}
    assert await listed(wren, "followers") == {str(ben.id), str(ida.id)}
    told = await announced(FollowChanged)
    newest = {(each.follower_id, each.followed_id): each for each in sorted(told, key=lambda each: each.version)}
    standing = {(each.follower_id, each.followed_id) for each in newest.values() if each.following}
    assert standing == {(wren.id, ida.id), (ben.id, wren.id), (ida.id, wren.id)}


async def test_whoever_one_of_them_blocks_the_survivor_blocks(person, client, me, merge):
    old, wren, ida = [await person(name) for name in ("Old", "Wren", "Ida")]
    for blocked in (ida, wren):
        assert (await client.put(f"/users/{blocked.id}/block", headers=me(old))).is_success
    await merge(old, wren)
    listed = (await client.get("/users/me/blocks", headers=me(wren))).json()["items"]
    assert [each["user"]["id"] for each in listed] == [str(ida.id)]
