"""Keys from the environment, stored when the service starts."""

import asyncio
from functools import partial

import pytest
from sqlalchemy import select

from chassis.supervisor import Misfit, Supervisor
from identity.keys.bootstrap import BootstrapKeys, replace_bootstrap_keys, store_bootstrap_keys
from identity.keys.rules import SCOPES, parse
from identity.keys.verification import principal_of
from identity.models import ApiKey

KINDS = ("bot", "worker", "admin")
LOOP = "bootstrap keys"
LONG_ENOUGH = 30


@pytest.fixture
def replace(stage):
    async def replace_(**keys):
        await replace_bootstrap_keys(stage.db, {kind: parse(key) for kind, key in keys.items()})

    return replace_


@pytest.fixture
def whose(stage):
    async def whose_(key):
        async with stage.db.transaction() as tx:
            return await principal_of(tx, key)

    return whose_


async def settled(client, loop_state):
    """The report of readiness, once the loop is as wanted."""
    async with asyncio.timeout(LONG_ENOUGH):
        while not loop_state(report := (await client.get("/readyz")).json()):
            await asyncio.sleep(0.05)
    return report


async def test_a_started_service_knows_the_keys_of_its_environment(start, environment, make_key, sign):
    keys = {kind: make_key() for kind in KINDS}
    environment(BOT_KEY=keys["bot"], WORKER_KEY=keys["worker"], ADMIN_KEY=keys["admin"])
    async with start() as client:
        await settled(client, lambda report: LOOP not in report["warnings"])
        for kind, key in keys.items():
            answer = await client.post("/internal/principals", json={"key": key}, headers=sign("service"))
            told = {name: answer.json()[name] for name in ("id", "kind", "scopes")}
            assert told == {"id": parse(key).id, "kind": kind, "scopes": list(SCOPES[kind])}


async def test_starting_again_stores_nothing_twice(start, environment, make_key, app):
    environment(BOT_KEY=make_key())
    for _ in range(2):
        async with start() as client:
            await settled(client, lambda report: LOOP not in report["warnings"])
            async with app.state.db.transaction() as tx:
                (key,) = (await tx.scalars(select(ApiKey))).all()
            assert (key.kind, key.revoked_at) == ("bot", None)


async def test_a_key_that_is_none_makes_the_service_not_ready_and_says_why(start, environment):
    environment(ADMIN_KEY="sdt_short")
    async with start() as client:
        report = await settled(client, lambda report: LOOP in report["failures"])
        assert (await client.get("/readyz")).status_code == 503
    assert report["failures"][LOOP].startswith("SIDETRACK_ADMIN_KEY is not an API key: one reads sdt_")
    assert "short" not in report["failures"][LOOP]


class AwayAtFirst:
    """A database that nobody answers for, until the second time of asking."""

    def __init__(self, db):
        self._db, self.asked = db, 0

    def transaction(self):
        self.asked += 1
        if self.asked == 1:
            raise ConnectionRefusedError
        return self._db.transaction()


async def test_a_database_that_is_away_at_the_start_is_waited_out(stage, environment, make_key, whose):
    environment(BOT_KEY=(key := make_key()))
    supervisor = Supervisor()
    supervisor.start(LOOP, partial(store_bootstrap_keys, AwayAtFirst(stage.db)))
    async with asyncio.timeout(LONG_ENOUGH):
        while supervisor.warnings:
            await asyncio.sleep(0.05)
    await supervisor.stop()
    assert (await whose(key)).kind == "bot"


async def test_a_changed_key_replaces_the_one_before_it_and_no_other(replace, whose, make_key):
    old, new, worker = make_key(), make_key(), make_key()
    await replace(bot=old, worker=worker)
    await replace(bot=new, worker=worker)
    assert await whose(old) is None
    found = await whose(new)
    assert (found.id, found.kind, found.scopes) == (parse(new).id, "bot", list(SCOPES["bot"]))
    assert await whose(worker) is not None


async def test_a_key_that_comes_back_is_in_force_again(replace, whose, make_key):
    old, new = make_key(), make_key()
    for key in (old, new, old):
        await replace(bot=key)
    assert await whose(old) is not None
    assert await whose(new) is None


async def test_a_new_secret_under_the_same_id_replaces_the_old_one(replace, whose, make_key):
    old = make_key()
    new = make_key(parse(old).id)
    await replace(bot=old)
    await replace(bot=new)
    assert await whose(old) is None
    assert await whose(new) is not None


async def test_a_kind_that_is_not_given_keeps_its_key(replace, whose, make_key):
    bot = make_key()
    await replace(bot=bot)
    await replace(admin=make_key())
    assert await whose(bot) is not None


async def test_a_key_that_was_made_otherwise_is_never_taken_over(replace, stage, make_key, whose):
    made = make_key()
    about = {"kind": "worker", "name": "a scrobbler", "scopes": ["listens:write"]}
    async with stage.db.transaction() as tx:
        tx.add(ApiKey(id=parse(made).id, secret_hash=parse(made).secret_hash, **about))
    with pytest.raises(Misfit, match="SIDETRACK_BOT_KEY has the id of a key that was made otherwise"):
        await replace(bot=make_key(parse(made).id))
    assert (await whose(made)).kind == "worker"


def test_an_empty_setting_is_no_key(environment):
    environment(BOT_KEY="", WORKER_KEY="", ADMIN_KEY="")
    assert BootstrapKeys().by_kind() == {}


def test_one_key_for_two_kinds_is_refused(environment, make_key):
    key = make_key()
    environment(BOT_KEY=key, ADMIN_KEY=key)
    with pytest.raises(Misfit, match="must be different keys"):
        BootstrapKeys().by_kind()
