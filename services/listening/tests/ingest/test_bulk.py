"""Listens, many at a time."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select, update

from contracts.identity import UserMerged
from contracts.listening import MetTracks
from listening.ingest.retention import compact
from listening.models import Play, Quarantined, Sighting


async def count(stage, table):
    async with stage.db.transaction() as tx:
        return await tx.scalar(select(func.count()).select_from(table))


async def test_a_batch_is_taken_in_and_told_again_changes_nothing(stage, tell, listen, announced):
    listens = [listen(f"Song {each}", minutes=4 * each) for each in range(50)]
    assert await tell(*listens) == {
        "received": 50,
        "inserted": 50,
        "duplicate": 0,
        "rejected": 0,
        "quarantined": 0,
        "items": [],
    }
    [met] = await announced(MetTracks)
    assert len(met.tracks) == 50
    again = await tell(*reversed(listens))
    assert (again["inserted"], again["duplicate"]) == (0, 50)
    assert {item["code"] for item in again["items"]} == {"known"}
    assert len(await announced()) == 1
    assert (await count(stage, Sighting), await count(stage, Play)) == (50, 50)


def nested(depth, value):
    return value if not depth else [nested(depth - 1, value)]


async def test_one_bad_item_costs_the_others_nothing(stage, tell, listen, wren):
    bad = [
        ({"track": {"title": "Blue"}}, "invalid"),
        (listen("Blue") | {"listened_at": "yesterday"}, "invalid"),
        (listen("Blue") | {"listened_at": "2025-11-18T20:00:00"}, "invalid"),
        (listen("Blue") | {"source": "Last FM"}, "invalid"),
        (listen("Bl\0ue"), "invalid"),
        (listen("Blue") | {"raw": {"a": "\0"}}, "invalid"),
        (listen("Blue") | {"raw": {"a": "x" * 11_000}}, "invalid"),
        (listen("Blue") | {"raw": {"a": nested(600, "\0")}}, "invalid"),
        (listen("Blue") | {"duration_ms": -1}, "invalid"),
        (listen("Blue") | {"track_id": str(uuid4())}, "invalid"),
        (7, "invalid"),
        ({"track_id": str(uuid4()), "listened_at": 1_700_000_000, "source": "lastfm"}, "unknown_track"),
        (listen("Blue") | {"user": {"user_id": str(uuid4())}}, "not_yours"),
    ]
    good = [listen(f"Song {each}", minutes=4 * each) for each in range(3)]
    told = await tell(good[0], *(item for item, _ in bad), good[1], good[2], good[0])
    assert [(item["index"], item["code"]) for item in told["items"]] == [
        *((index, code) for index, (_, code) in enumerate(bad, start=1)),
        (len(bad) + 3, "known"),
    ]
    sums = {name: told[name] for name in ("received", "inserted", "duplicate", "rejected", "quarantined")}
    assert sums == {"received": len(bad) + 4, "inserted": 3, "duplicate": 1, "rejected": len(bad), "quarantined": 0}
    assert await count(stage, Sighting) == 3


@pytest.mark.parametrize(
    "spelled",
    [1_763_496_000, 1_763_496_000.0, "1763496000", 1_763_496_000_000, 1_763_496_000_000_000, 1_763_496_000_000_000_000],
)
async def test_a_time_may_be_a_number_of_any_scale(stage, tell, listen, spelled):
    await tell(listen() | {"listened_at": spelled})
    again = await tell(listen() | {"listened_at": "2025-11-18T21:00:00+01:00"})
    assert again["duplicate"] == 1


@pytest.mark.parametrize(
    ("ahead", "outcome"),
    [(59 * 60, "inserted"), (61 * 60, "quarantined"), (-(10**9), "quarantined"), (-100, "inserted")],
)
async def test_what_cannot_have_been_is_kept_apart_once(stage, tell, listen, ahead, outcome):
    async with stage.db.transaction() as tx:
        now = await tx.scalar(select(func.extract("epoch", func.clock_timestamp())))
    item = listen() | {"listened_at": float(now) + ahead}
    told = await tell(item)
    assert told[outcome] == 1
    await tell(item)
    kept = (await count(stage, Sighting), await count(stage, Quarantined))
    assert kept == ((1, 0) if outcome == "inserted" else (0, 1))


async def test_the_earliest_listen_there_can_be_is_of_2002(tell, listen):
    told = await tell(listen() | {"listened_at": 1_033_430_400}, listen() | {"listened_at": 1_033_430_399})
    assert (told["inserted"], told["quarantined"]) == (1, 1)


@pytest.mark.parametrize("listens", [[], [{}] * 1001])
async def test_a_batch_holds_one_to_a_thousand(client, sign, wren, listens):
    answer = await client.post("/listens/bulk", json={"listens": listens}, headers=sign("user", sub=str(wren.user_id)))
    assert answer.status_code == 422


async def test_a_worker_names_anybody_and_others_nobody(client, sign, listen, wren):
    about = {"user": {"user_id": str(wren.user_id)}}
    batch = {"listens": [listen() | about, listen("Blue"), listen() | {"user": {"discord_id": wren.discord_id}}]}
    told = (await client.post("/listens/bulk", json=batch, headers=sign("worker", scopes=["listens:write"]))).json()
    assert [(item["index"], item["code"]) for item in told["items"]] == [(1, "no_user"), (2, "known")]
    for kind, status in (("anonymous", 401), ("bot", 403)):
        answer = await client.post("/listens/bulk", json=batch, headers=sign(kind, scopes=["club:write"]))
        assert answer.status_code == status


async def test_whose_it_is_sees_what_is_kept_apart(client, sign, tell, listen, wren):
    await tell(*(listen(f"Song {each}") | {"listened_at": 1_000_000_000 + each} for each in range(3)))
    headers = sign("user", sub=str(wren.user_id))
    first = (await client.get("/users/me/listens/quarantined?limit=2", headers=headers)).json()
    rest = (await client.get(f"/users/me/listens/quarantined?cursor={first['next_cursor']}", headers=headers)).json()
    told = [(each["code"], each["said"]["title"]) for each in (*first["items"], *rest["items"])]
    assert sorted(told) == [("too_early", f"Song {each}") for each in range(3)]
    assert rest["next_cursor"] is None


async def test_what_nobody_needs_any_more_is_thrown_away(stage, tell, listen):
    await tell(listen() | {"raw": {"origin_url": "https://example.org"}}, listen() | {"listened_at": 1})
    async with stage.db.transaction() as tx:
        await compact(tx)
        assert await tx.scalar(select(Sighting.raw)) == {"origin_url": "https://example.org"}
        for table, days in ((Sighting, 91), (Quarantined, 366)):
            await tx.execute(update(table).values(received_at=func.now() - timedelta(days=days)))
        await compact(tx)
        assert await tx.scalar(select(Sighting.raw)) is None
        assert await tx.scalar(select(func.count()).select_from(Quarantined)) == 0


async def test_whoever_turned_out_to_be_somebody_is_still_named_by_the_id_they_had(deliver, client, sign, listen, wren):
    old = uuid4()
    await deliver(UserMerged(user_id=old, survivor_id=wren.user_id, version=1))
    body = {"listens": [listen() | {"user": {"user_id": str(old)}}]}
    told = await client.post("/listens/bulk", json=body, headers=sign("worker", scopes=["listens:write"]))
    assert told.status_code == 200, told.text
    assert told.json()["inserted"] == 1
    mine = await client.get("/users/me/listens/recent", headers=sign("user", sub=str(wren.user_id)))
    assert len(mine.json()["items"]) == 1
