"""The queue as workers outside see it."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import update
from uuid_utils.compat import uuid7

from contracts.listening import SyncReported
from listening.models import SyncTask
from listening.sync import queue


@pytest.fixture
def call(client, sign):
    async def post(what, told, scopes=("sync:lease",), kind="worker", status=200):
        headers = sign(kind, scopes=scopes)
        answer = await client.post(f"/internal/sync/{what}", json=told, headers=headers)
        assert answer.status_code == status, answer.text
        return answer.json()

    return post


@pytest.fixture
def lease(call):
    async def take(most=1, providers=("lastfm", "listenbrainz", "spotify")):
        return (await call("lease", {"providers": [*providers], "most": most}))["tasks"]

    return take


@pytest.fixture
def due(stage):
    async def now(**facts):
        async with stage.db.transaction() as tx:
            past = datetime.now(UTC) - timedelta(minutes=1)
            await tx.execute(update(SyncTask).values({"next_due": past, **facts}))

    return now


def held(task, **more):
    return {"task_id": task["task_id"], "lease": task["lease"], **more}


async def test_a_task_is_one_workers_at_a_time_with_how_far_it_is(link, lease, call, due, wren):
    await link("lastfm")
    [task] = await lease()
    assert (task["user_id"], task["provider"], task["account"], task["cursor"]) == (
        str(wren.user_id),
        "lastfm",
        "wren",
        {},
    )
    assert await lease() == []
    await call("heartbeat", held(task, cursor={"page": 7}))
    await due(leased_until=datetime.now(UTC) - timedelta(seconds=1))
    [taken_over] = await lease()
    assert taken_over["cursor"] == {"page": 7}
    for what, more in (("heartbeat", {}), ("complete", {"cursor": {}}), ("fail", {"error": "broken"})):
        refused = await call(what, held(task, **more), status=409)
        assert refused["code"] == "lease_lost"


async def test_who_listened_lately_is_due_sooner(link, lease, call, due):
    await link("lastfm")
    pauses = []
    for ago in (timedelta(minutes=1), timedelta(hours=3), timedelta(days=3), timedelta(days=30)):
        await due(newest_at=None)
        [task] = await lease()
        now = datetime.now(UTC)
        told = held(task, cursor={"since": 1}, newest_at=(now - ago).isoformat())
        done = await call("complete", told)
        pauses.append(datetime.fromisoformat(done["next_sync_at"]) - now)
    assert [round(each.total_seconds() / 60) for each in pauses] == [5, 15, 60, 360]


async def test_a_busy_provider_is_leased_to_nobody(link, lease, call, due, listener_of):
    await link("lastfm")
    await link("listenbrainz")
    await link("lastfm", account="ida", whose=await listener_of("Ida"))
    [task] = await lease(providers=["lastfm"])
    await call("fail", held(task, error="provider_busy", retry_after=600))
    await due()
    assert [each["provider"] for each in await lease(most=10)] == ["listenbrainz"]


async def test_what_stops_is_leased_no_more_until_its_owner_asks(link, lease, call, due, client, sign, wren):
    await link("lastfm")
    [task] = await lease()
    told = await call("fail", held(task, error="private"))
    assert told["state"] == "stopped"
    await due()
    assert await lease() == []
    answer = await client.post("/users/me/sync", headers=sign("user", sub=str(wren.user_id)))
    assert answer.status_code == 202
    assert len(await lease()) == 1


async def test_a_report_is_told_when_something_changed_and_else_now_and_then(link, lease, call, due, announced):
    await link("lastfm")
    for error in (None, None, "broken", "broken", None):
        await due()
        [task] = await lease()
        await call(*(("fail", held(task, error=error)) if error else ("complete", held(task, cursor={}))))
    assert [each.error for each in await announced(SyncReported)] == [None, "broken", None]


@pytest.mark.parametrize(
    ("kind", "scopes", "status"), [("worker", (), 403), ("bot", None, 403), ("anonymous", (), 401), ("user", (), 403)]
)
async def test_only_who_may_has_tasks(call, kind, scopes, status):
    await call("lease", {"providers": ["lastfm"]}, kind=kind, scopes=scopes, status=status)


async def test_what_nobody_leased_is_nobodys(call, link):
    await link("lastfm")
    nobody = {"task_id": str(uuid4()), "lease": str(uuid4())}
    await call("complete", nobody | {"cursor": {}}, status=409)
    await call("complete", nobody | {"cursor": {"a": "\0"}}, status=422)
    await call("complete", nobody | {"cursor": {"a": "x" * 20_000}}, status=422)


@pytest.mark.parametrize("provider", ["lastfm", "listenbrainz", "spotify"])
@pytest.mark.parametrize("cursor", [{"walk": 7}, {"since": "x"}, {"at": []}, {"walk": {"since": "x"}}, {"page": 3}])
async def test_what_another_worker_left_behind_stops_nobody(
    link, due, work, task, clock, listener_of, provider, cursor, lastfm
):
    await link(provider)
    await due(cursor=cursor, next_due=clock())
    assert await work() == 1
    assert (await task(provider)).error is None


async def test_of_several_workers_at_once_none_has_anothers_task(db):
    now = datetime.now(UTC)
    about = {"version": 1, "account": "wren", "link_version": 1, "state": "on", "next_due": now - timedelta(minutes=1)}
    async with db.transaction() as tx:
        tx.add_all(SyncTask(user_id=uuid7(), provider="lastfm", link_id=uuid7(), **about) for _ in range(40))

    async def worker():
        mine = []
        while True:
            async with db.transaction() as tx:
                tasks = await queue.lease(tx, now, {"lastfm"}, most=3)
            if not tasks:
                return mine
            mine += [task.id for task in tasks]

    every = [task for mine in await asyncio.gather(*(worker() for _ in range(4))) for task in mine]
    assert len(every) == len({*every}) == 40
