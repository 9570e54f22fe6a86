"""Tasks follow links, in whatever order these are told; and members see and hurry their own."""

from datetime import UTC, datetime
from itertools import permutations
from uuid import uuid4

import pytest
from sqlalchemy import delete, select
from uuid_utils.compat import uuid7

from contracts.identity import UserMerged
from contracts.leaving import UserDeleted
from listening.models import SyncTask


@pytest.fixture
def mine(client, sign, wren):
    async def ask(method="GET", whose=wren):
        return await client.request(method, "/users/me/sync", headers=sign("user", sub=str(whose.user_id)))

    return ask


@pytest.fixture
def tasks(stage):
    async def read():
        async with stage.db.transaction() as tx:
            rows = await tx.scalars(select(SyncTask).order_by(SyncTask.user_id, SyncTask.provider))
            return [(row.provider, row.account, row.state, row.error) for row in rows]

    return read


async def test_a_task_is_there_for_as_long_as_the_link(link, tasks, work, scrobbles, clock, kept):
    scrobbles.add(int(clock().timestamp()) - 60, "Blue")
    linked = await link("lastfm")
    assert await tasks() == [("lastfm", "wren", "on", None)]
    await work()
    await link("lastfm", status="unlinked", version=3, link_id=linked.link_id)
    assert await tasks() == [("lastfm", "wren", "unlinked", None)]
    assert len((await kept())[0]) == 1


async def test_linked_again_it_goes_on_where_it_was_and_with_another_account_from_the_start(link, task, work):
    first = await link("lastfm")
    await work()
    before = (await task()).cursor
    await link("lastfm", status="unlinked", version=3, link_id=first.link_id)
    await link("lastfm", version=4, link_id=first.link_id)
    assert (await task()).cursor == before != {}
    await link("lastfm", account="other", version=5)
    assert ((await task()).cursor, (await task()).last_sync_at) == ({}, None)


async def test_links_told_in_any_order_end_the_same(stage, link, tasks):
    one, two = uuid7(), uuid7()
    told = [
        {"version": 2, "link_id": one},
        {"version": 3, "link_id": one, "status": "unlinked"},
        {"version": 4, "link_id": two, "account": "second"},
    ]
    for order in permutations(told):
        async with stage.db.transaction() as tx:
            await tx.execute(delete(SyncTask))
        for each in order:
            await link("lastfm", **each)
        assert await tasks() == [("lastfm", "second", "on", None)]


@pytest.mark.parametrize(
    ("provider", "told", "expected"),
    [
        ("discord", {}, []),
        ("spotify", {"scopes": []}, [("spotify", "wren", "stopped", "missing_scope")]),
        ("spotify", {"status": "expiring"}, [("spotify", "wren", "on", None)]),
        ("spotify", {"status": "needs_relink"}, [("spotify", "wren", "stopped", "needs_relink")]),
    ],
)
async def test_only_what_can_be_fetched_from_is(link, tasks, provider, told, expected):
    await link(provider, **told)
    assert await tasks() == expected


async def test_a_link_that_ended_and_came_back_is_fetched_from_again(link, tasks):
    first = await link("spotify")
    await link("spotify", status="needs_relink", version=3, link_id=first.link_id)
    await link("spotify", version=4, link_id=first.link_id)
    assert await tasks() == [("spotify", "wren", "on", None)]


async def test_a_member_sees_how_it_is_and_hurries_it_once_in_five_minutes(link, mine, task):
    assert (await mine()).json()["items"] == []
    assert (await mine("POST")).json()["code"] == "nothing_linked"
    await link("lastfm")
    await link("spotify", status="needs_relink")
    lastfm, spotify = (await mine()).json()["items"]
    assert (lastfm["provider"], lastfm["state"], lastfm["error"], lastfm["under_way"]) == ("lastfm", "on", None, False)
    assert (spotify["state"], spotify["error"], spotify["next_sync_at"]) == ("stopped", "needs_relink", None)
    assert (await mine("POST")).status_code == 202
    again = await mine("POST")
    assert (again.status_code, again.json()["code"]) == (429, "too_many_syncs")
    assert 0 < int(again.headers["Retry-After"]) <= 300
    assert (await task("spotify")).state == "stopped"


async def test_who_leaves_is_fetched_for_no_more(link, tasks, deliver, wren):
    await link("lastfm")
    gone = {"aliases": [], "former_id": uuid4(), "deleted_at": datetime(2025, 11, 24, tzinfo=UTC)}
    await deliver(UserDeleted(version=2, user_id=wren.user_id, **gone))
    assert await tasks() == []
    await link("lastfm", version=9)
    assert await tasks() == []


async def test_the_task_of_who_turns_out_to_be_somebody_is_theirs(link, tasks, deliver, wren, listener_of, work, mine):
    ida = await listener_of("Ida")
    await link("lastfm")
    await link("lastfm", account="ida", status="unlinked", whose=ida)
    await deliver(UserMerged(version=2, user_id=wren.user_id, survivor_id=ida.user_id))
    assert await tasks() == [("lastfm", "wren", "on", None)]
    assert [each["account"] for each in (await mine(whose=ida)).json()["items"]] == ["wren"]
    assert await work() == 1


async def test_a_key_that_only_hands_in_listens_neither_sees_nor_hurries(client, sign, wren):
    for method in ("GET", "POST"):
        headers = sign("user", sub=str(wren.user_id), scopes=["listens:write"])
        answer = await client.request(method, "/users/me/sync", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "only_ones_own_sync")
