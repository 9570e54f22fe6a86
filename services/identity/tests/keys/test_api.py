"""Whom a key stands for, as the gateway asks."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from identity.keys import rules, verification
from identity.keys.rules import parse
from identity.models import ApiKey, User

NOW = datetime.now(UTC)


@pytest.fixture
def keep(stage, make_key):
    """Stores a bot's key, with whatever else is said of it; the key."""

    async def keep_(**facts) -> str:
        key = make_key()
        presented = parse(key)
        about = {"kind": "bot", "name": "the bot", "scopes": ["club:write"]} | facts
        async with stage.db.transaction() as tx:
            tx.add(ApiKey(id=presented.id, secret_hash=presented.secret_hash, **about))
        return key

    return keep_


@pytest.fixture
def ask(client, sign):
    async def ask_(key, kind="service"):
        # Escaped, as only then half a surrogate pair can be sent at all.
        body, form = json.dumps({"key": key}), {"Content-Type": "application/json"}
        return await client.post("/internal/principals", content=body, headers=sign(kind) | form)

    return ask_


async def last_use(stage, key):
    async with stage.db.transaction() as tx:
        return (await tx.get_one(ApiKey, parse(key).id)).last_used_at


async def test_a_key_stands_for_itself_with_its_kind_and_scopes(keep, ask):
    key = await keep()
    told = {"id": parse(key).id, "kind": "bot", "scopes": ["club:write"], "credential": f"key:{parse(key).id}"}
    assert (await ask(key)).json() == told | {"expires_at": None}


async def test_a_persons_key_stands_for_the_person(keep, ask, stage):
    async with stage.db.transaction() as tx:
        tx.add(ida := User(display_name="Ida"))
    key = await keep(kind="user", owner_id=ida.id, scopes=[])
    told = {"id": str(ida.id), "kind": "user", "scopes": [], "credential": f"key:{parse(key).id}", "expires_at": None}
    assert (await ask(key)).json() == told


async def test_a_key_that_is_not_good_is_refused_without_telling_why(keep, ask, make_key):
    good = await keep()
    refused = [
        await ask(await keep(expires_at=NOW - timedelta(seconds=1))),
        await ask(await keep(revoked_at=NOW)),
        await ask(make_key()),
        await ask(make_key(parse(good).id)),
        await ask(f"{good}x"),
        await ask("garbled"),
        await ask(""),
        await ask("sdt_\0"),
        await ask("sdt_\ud800"),
        await ask("x" * 1_000_000),
    ]
    assert {(answer.status_code, answer.json()["code"]) for answer in refused} == {(401, "unknown_key")}
    assert len({answer.json()["detail"] for answer in refused}) == 1
    assert (await ask(good)).status_code == 200


async def test_a_secret_is_compared_in_constant_time(keep, ask, make_key, monkeypatch):
    compared = []

    def compare(presented, kept):
        compared.append((presented, kept))
        return rules.same_secret(presented, kept)

    monkeypatch.setattr(verification, "same_secret", compare)
    good = await keep()
    wrong = make_key(parse(good).id)
    await ask(wrong)
    assert compared == [(parse(wrong).secret_hash, parse(good).secret_hash)]


async def test_a_use_is_noted_at_most_once_a_minute(keep, ask, stage):
    now = datetime.now(UTC)
    earlier, lately = now - timedelta(minutes=2), now - timedelta(seconds=30)
    new, old, busy = await keep(), await keep(last_used_at=earlier), await keep(last_used_at=lately)
    for key in (new, old, busy):
        assert (await ask(key)).status_code == 200
    assert await last_use(stage, new) > lately
    assert await last_use(stage, old) > lately
    assert await last_use(stage, busy) == lately


async def test_a_wrong_secret_is_no_use(keep, ask, stage, make_key):
    key = await keep()
    await ask(make_key(parse(key).id))
    assert await last_use(stage, key) is None


@pytest.mark.parametrize("body", [{}, {"key": 7}, {"key": None}, {"key": "x", "more": 1}, []])
async def test_what_is_no_credential_is_a_problem(client, sign, body):
    answer = await client.post("/internal/principals", json=body, headers=sign("service"))
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


@pytest.mark.parametrize("kind", ["anonymous", "user", "bot", "worker", "admin"])
async def test_only_services_may_ask(ask, kind):
    assert (await ask("x", kind)).status_code == 403
