"""Setting one's own listens right."""

import pytest


@pytest.fixture
def me(sign, wren):
    return sign("user", sub=str(wren.user_id))


@pytest.fixture
async def seen_twice(client, me, tell, listen):
    """A play that two sources saw; its listens' ids, and the answer that says why."""
    await tell(listen("Blue", minutes=0))
    await tell(listen("Blue", minutes=0.5, source="maloja"))
    await tell(listen("River", minutes=10))
    return await why(client, me)


async def plays(client, me):
    items = (await client.get("/users/me/listens/recent", headers=me)).json()["items"]
    return [(item["track"]["title"], item["sources"]) for item in items]


async def why(client, me, number=-1):
    word = (await client.get("/users/me/listens/recent", headers=me)).json()["items"][number]["id"]
    answer = await client.get(f"/users/me/listens/{word}/why", headers=me)
    assert answer.is_success, answer.text
    return answer.json()


async def change(client, me, method, word, path="", body=None, status=200):
    answer = await client.request(method, f"/users/me/listens/{word}{path}", json=body, headers=me)
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


async def test_a_play_says_who_saw_it_and_why_it_is_one(seen_twice):
    first, second = seen_twice["listens"]
    assert (first["source"], first["why"], second["source"]) == ("lastfm", None, "maloja")
    assert second["why"] == {
        "rule": 1,
        "score": 0.8,
        "gap": 30.0,
        "slack": 75.0,
        "artists": 1.0,
        "stamps_doubted": False,
    }


async def test_what_is_split_stays_apart_when_everything_is_told_again(client, me, seen_twice, tell, listen):
    await change(client, me, "POST", seen_twice["listens"][1]["id"], "/split")
    await tell(listen("Blue", minutes=0), listen("Blue", minutes=0.5, source="maloja"))
    assert await plays(client, me) == [("River", ["lastfm"]), ("Blue", ["maloja"]), ("Blue", ["lastfm"])]
    # A third source finds the one that is nearer.
    await tell(listen("Blue", minutes=0.6, source="navidrome"))
    assert await plays(client, me) == [("River", ["lastfm"]), ("Blue", ["maloja", "navidrome"]), ("Blue", ["lastfm"])]
    await change(client, me, "POST", (await why(client, me, 0))["listens"][0]["id"], "/split", status=409)


async def test_two_listens_are_one_play_where_their_owner_says_so(client, me, seen_twice):
    river = (await why(client, me, 0))["play"]["id"]
    told = await change(client, me, "POST", river, "/merge", {"with": seen_twice["listens"][0]["id"]})
    assert {each["source"] for each in told["listens"]} == {"lastfm", "maloja"}
    assert len(told["listens"]) == 3
    assert len(await plays(client, me)) == 1
    await change(client, me, "POST", river, "/merge", {"with": seen_twice["listens"][0]["id"]}, status=409)


async def test_what_lies_hours_apart_is_not_joined(client, me, seen_twice, tell, listen):
    await tell(listen("Blue", minutes=300))
    late = (await why(client, me, 0))["play"]["id"]
    await change(client, me, "POST", late, "/merge", {"with": seen_twice["play"]["id"]}, status=409)


async def test_what_is_deleted_does_not_come_back(client, me, seen_twice, tell, listen):
    await change(client, me, "DELETE", seen_twice["play"]["id"], status=204)
    assert await plays(client, me) == [("River", ["lastfm"])]
    told = await tell(listen("Blue", minutes=0), listen("Blue", minutes=0.5, source="maloja"))
    assert told["duplicate"] == 2
    assert await plays(client, me) == [("River", ["lastfm"])]
    await change(client, me, "DELETE", seen_twice["play"]["id"], status=404)
    summary = (await client.get("/users/me/summary?period=all", headers=me)).json()
    assert summary["plays"]["now"] == 1


async def test_what_is_corrected_counts_as_what_it_was(client, me, seen_twice, tell, listen):
    said = {"title": "A Case of You", "artist": "Joni Mitchell", "album": "Blue"}
    told = await change(client, me, "PATCH", seen_twice["play"]["id"], body=said)
    assert {each["title"] for each in told["listens"]} == {"A Case of You"}
    assert await plays(client, me) == [("River", ["lastfm"]), ("A Case of You", ["lastfm", "maloja"])]
    assert (await tell(listen("Blue", minutes=0)))["duplicate"] == 1
    back = await change(client, me, "PATCH", told["play"]["id"], body=said | {"title": "Blue"})
    assert back["play"]["track"]["title"] == "Blue"


@pytest.mark.parametrize("word", ["nothing", "é", "A" * 60])
async def test_what_is_no_listen_is_not_found(client, me, wren, word):
    await change(client, me, "DELETE", word, status=404)
    await change(client, me, "POST", word, "/merge", {"with": word}, status=404)


async def test_nobody_changes_what_is_another_s(client, sign, seen_twice, listener_of):
    ida = await listener_of("Ida")
    await change(client, sign("user", sub=str(ida.user_id)), "DELETE", seen_twice["play"]["id"], status=404)
    await change(client, sign("worker"), "DELETE", seen_twice["play"]["id"], status=403)
    await change(client, sign("anonymous"), "DELETE", seen_twice["play"]["id"], status=401)
