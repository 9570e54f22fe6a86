"""Handing in files over HTTP."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from services.listening.tests.imports.examples import EXTENDED
from sqlalchemy import func, select

from contracts.identity import UserMerged
from contracts.leaving import UserDeleted
from listening.imports.work import import_next
from listening.models import Import, ImportPart, Sighting

NOW = datetime(2025, 11, 24, tzinfo=UTC)
WHOLE = [EXTENDED | {"ts": f"2021-11-18T20:{minute:02}:00Z"} for minute in range(60)]


@pytest.fixture
def hand_in(client, sign, wren):
    async def send(content, whose=wren, **headers):
        path = {"headers": sign("user", sub=str(whose.user_id)) | headers}
        return await client.post("/listens/import", content=content, **path)

    return send


@pytest.fixture
def far(client, sign, wren):
    async def ask(import_id, whose=wren):
        return await client.get(f"/listens/imports/{import_id}", headers=sign("user", sub=str(whose.user_id)))

    return ask


async def count(stage, table):
    async with stage.db.transaction() as tx:
        return await tx.scalar(select(func.count()).select_from(table))


async def test_a_file_is_handed_in_and_read_beside(stage, hand_in, far, laid):
    content = laid([*WHOLE, EXTENDED | {"ms_played": 1}]).read_bytes()
    answer = await hand_in(content)
    assert answer.status_code == 202
    job = answer.json()
    assert (job["state"], job["read"], job["total"]) == ("waiting", 0, None)
    assert await import_next(stage.db)
    done = (await far(job["id"])).json()
    assert done == job | {
        "state": "done",
        "read": 61,
        "inserted": 60,
        "rejected": 1,
        "rejected_because": {"too_short": 1},
        "total": 61,
        "done_at": done["done_at"],
    }
    assert (await count(stage, Sighting), await count(stage, ImportPart)) == (60, 0)
    assert not await import_next(stage.db)


async def test_the_same_file_twice_is_one_import_with_a_key_or_without(stage, hand_in, laid):
    content = laid(WHOLE).read_bytes()
    first, second = await hand_in(content), await hand_in(content, **{"Idempotency-Key": "once"})
    assert first.json() == second.json()
    assert (await count(stage, Import), await count(stage, ImportPart)) == (1, 1)
    assert await import_next(stage.db)
    again = (await hand_in(content)).json()
    assert (again["id"], again["state"], again["read"]) == (first.json()["id"], "waiting", 0)
    assert await import_next(stage.db)
    assert await count(stage, Sighting) == 60


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 422, "nothing_sent"),
        (b"hello", 422, "unknown_format"),
        (b"PK\x03\x04 and no archive", 422, "damaged_archive"),
    ],
)
async def test_what_is_no_history_is_refused_at_once(stage, hand_in, content, status, code):
    answer = await hand_in(content)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await count(stage, Import) == 0


async def test_a_file_that_is_too_large_is_refused(hand_in, monkeypatch):
    monkeypatch.setattr("listening.imports.receiving.LARGEST", 1000)
    answer = await hand_in(b"[" * 1001)
    assert (answer.status_code, answer.json()["code"]) == (422, "file_too_large")


async def test_a_bomb_fails_and_says_why(stage, hand_in, far, packed, monkeypatch):
    monkeypatch.setattr("listening.imports.files.ALWAYS", 10_000)
    monkeypatch.setattr("listening.imports.files.DENSEST", 1)
    import_id = (await hand_in(packed({"endsong_0.json": [EXTENDED] * 5000}).read_bytes())).json()["id"]
    assert await import_next(stage.db)
    told = (await far(import_id)).json()
    assert (told["state"], told["error"], told["inserted"]) == ("failed", "too_much_inside", 0)
    assert await count(stage, ImportPart) == 0


async def test_only_so_many_wait_at_once(hand_in, laid):
    codes = [(await hand_in(laid([EXTENDED | {"ms_played": 30_000 + n}]).read_bytes())).status_code for n in range(4)]
    assert codes == [202, 202, 202, 429]


async def test_nobody_sees_anothers(client, sign, hand_in, far, laid, listener_of):
    import_id = (await hand_in(laid(WHOLE).read_bytes())).json()["id"]
    assert (await far(import_id, await listener_of("Ida"))).status_code == 404
    assert (await far(uuid4())).status_code == 404
    for kind, status in (("anonymous", 401), ("bot", 403), ("worker", 403), ("admin", 403)):
        headers = sign(kind, scopes=["listens:write"])
        for method, path in (("POST", "/listens/import"), ("GET", f"/listens/imports/{import_id}")):
            answer = await client.request(method, path, headers=headers, content=b"[]" if method == "POST" else None)
            assert answer.status_code == status


async def test_who_leaves_takes_their_files_along(stage, hand_in, laid, wren, deliver):
    await hand_in(laid(WHOLE).read_bytes())
    await deliver(UserDeleted(version=2, user_id=wren.user_id, aliases=[], former_id=uuid4(), deleted_at=NOW))
    assert (await count(stage, Import), await count(stage, ImportPart)) == (0, 0)
    assert not await import_next(stage.db)


async def test_files_of_who_turns_out_to_be_somebody_go_on_as_theirs(
    stage, hand_in, far, laid, wren, deliver, listener_of
):
    ida = await listener_of("Ida")
    import_id = (await hand_in(laid(WHOLE).read_bytes())).json()["id"]
    await deliver(UserMerged(version=2, user_id=wren.user_id, survivor_id=ida.user_id))
    assert await import_next(stage.db)
    assert (await far(import_id, ida)).json()["inserted"] == 60
