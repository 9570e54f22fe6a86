"""Workers who ask at once, and one that dies while it refreshes; over connections, and in processes, of their own."""

import asyncio
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from sqlalchemy import select, update
from tests.fakes.faults import BROKEN
from tests.fakes.spotify import TOKEN
from tests.servers import free_port, wait_for_port

from chassis.outbox import Outgoing
from contracts.accounts import LinkChanged
from identity.links.linking import link
from identity.models import LinkedAccount, User
from identity.providers.grants import Account, Grant
from identity.vault.cipher import vault_at_hand

AT_ONCE = 12
REFRESH = "canary-refresh-first"


@pytest.fixture
def workers(spotify, start, app, sign):
    """A member whose access token has expired, committed; `ask(client)` is a worker who wants one."""

    async def prepare():
        spotify.refresh[REFRESH] = spotify.user, "user-read-recently-played"
        secrets = {"access_token": "canary-old", "refresh_token": REFRESH}
        async with app.state.db.transaction() as tx:
            tx.add(user := User(display_name="Wren"))
            await tx.flush()
            await link(tx, user.id, Account("spotify", spotify.user), Grant(secrets, (), 1), vault_at_hand())
            await tx.execute(update(LinkedAccount).values(access_expires_at=datetime.now(UTC) - timedelta(hours=1)))
        return user.id

    async def ask(client, user_id):
        caller = sign("worker", scopes=["tokens:read"])
        return await client.post(f"/internal/users/{user_id}/tokens/spotify", headers=caller)

    return prepare, ask


async def statuses(app):
    async with app.state.db.transaction() as tx:
        told = select(Outgoing.body).where(Outgoing.type == LinkChanged.topic).order_by(Outgoing.row)
        return [LinkChanged.model_validate_json(body).status for body in await tx.scalars(told)]


async def test_of_workers_who_ask_at_once_one_refreshes_and_all_get_the_same_token(workers, start, spotify):
    prepare, ask = workers
    async with start() as client:
        user_id = await prepare()
        answers = await asyncio.gather(*(ask(client, user_id) for _ in range(AT_ONCE)))
    assert {answer.status_code for answer in answers} == {200}
    (token,) = {answer.json()["access_token"] for answer in answers}
    assert token in spotify.access
    assert len(spotify.refreshes) == 1


async def test_of_workers_who_ask_for_what_has_ended_one_is_told_by_the_provider_and_the_others_by_us(
    workers, start, spotify, app
):
    prepare, ask = workers
    async with start() as client:
        user_id = await prepare()
        spotify.end_authorisation()
        answers = await asyncio.gather(*(ask(client, user_id) for _ in range(AT_ONCE)))
        told = await statuses(app)
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(409, "needs_relink")}
    assert len(spotify.refreshes) == 1
    assert told == ["ok", "needs_relink"]


async def test_no_transaction_waits_for_the_provider(workers, start, spotify, app):
    prepare, ask = workers
    async with start() as client:
        user_id = await prepare()
        answered = asyncio.Event()
        spotify.fault(TOKEN, BROKEN["never"], times=1)
        asking = asyncio.create_task(ask(client, user_id))
        asking.add_done_callback(lambda _: answered.set())
        while not spotify.refreshes:
            await asyncio.sleep(0.01)
        async with app.state.db.transaction() as tx:
            row = (await tx.scalars(select(LinkedAccount).with_for_update(nowait=True))).one()
        assert (row.lease is not None, answered.is_set()) == (True, False)
        assert (await asking).json()["code"] == "provider_away"


async def test_what_is_unlinked_during_a_refresh_stays_unlinked(workers, start, spotify, app, sign):
    prepare, ask = workers
    async with start() as client:
        user_id = await prepare()
        async with app.state.db.transaction() as tx:
            tx.add(LinkedAccount(provider="discord", provider_id="1", user_id=user_id))
        gate = asyncio.Event()
        refresh, loop = spotify.routes["POST", TOKEN], asyncio.get_running_loop()

        def slow(call):
            asyncio.run_coroutine_threadsafe(gate.wait(), loop).result()
            return refresh(call)

        spotify.routes["POST", TOKEN] = slow
        asking = asyncio.create_task(ask(client, user_id))
        while not spotify.refreshes:
            await asyncio.sleep(0.01)
        gone = await client.delete("/users/me/links/spotify", headers=sign("user", str(user_id)))
        gate.set()
        answer = await asking
        async with app.state.db.transaction() as tx:
            row = await tx.get(LinkedAccount, ("spotify", spotify.user))
    assert (gone.status_code, answer.status_code) == (204, 404)
    assert (row.status, row.encrypted_tokens) == ("unlinked", None)


@contextmanager
def process(**environment):
    """Identity as a process, with the environment of the test."""
    port = free_port()
    command = [sys.executable, "-m", "chassis.serve", "identity.main:app", "--port", str(port)]
    running = subprocess.Popen(command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)
    try:
        wait_for_port(port)
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=20) as client:
            yield running, client
    finally:
        running.kill()
        running.wait()


def until_free(client, address, caller):
    """The answer, once the lease of the one that died has ended."""
    deadline = time.monotonic() + 60
    while (answer := client.post(address, headers=caller())).json().get("code") == "refresh_under_way":
        assert time.monotonic() < deadline
    return answer


@pytest.mark.parametrize("rotates", [False, True])
async def test_who_dies_between_the_refresh_and_keeping_it_leaves_the_old_token_to_be_tried_once(
    workers, start, spotify, app, sign, rotates
):
    prepare, _ = workers
    spotify.rotates = rotates
    async with start():
        user_id = await prepare()
    address = f"/internal/users/{user_id}/tokens/spotify"

    def caller():
        return sign("worker", scopes=["tokens:read"])

    def die_and_come_back():
        with process(SIDETRACK_FAILPOINT="token_refreshed") as (dying, client):
            with pytest.raises(httpx2.TransportError):
                client.post(address, headers=caller())
            assert dying.wait(timeout=20) == -9
        with process() as (_, client):
            return [until_free(client, address, caller), *(client.post(address, headers=caller()) for _ in range(3))]

    answers = await asyncio.to_thread(die_and_come_back)
    async with start():
        told = await statuses(app)
    assert [call.form["refresh_token"] for call in spotify.refreshes] == [REFRESH] * 2
    if rotates:
        # The provider had put another in its place, which died with the process: nothing but linking anew helps.
        assert {answer.json()["code"] for answer in answers} == {"needs_relink"}
        assert told == ["ok", "needs_relink"]
    else:
        assert {answer.status_code for answer in answers} == {200}
        assert told == ["ok"]
