"""What the bus promises while everything runs: each effect once, nothing held up, nothing lost."""

import asyncio
import json
import re
from itertools import pairwise
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from aio_pika import Message
from aio_pika.exceptions import DeliveryError
from pydantic import SecretStr

from chassis import health, testing
from chassis.bus import topology
from chassis.bus.dead import dead_letters
from chassis.bus.messages import Publisher
from chassis.settings import Settings
from tests.faults import rehearsal
from tests.faults.conftest import LADDER, eventually, running
from tests.faults.rehearsal import MelodyChanged, NotePlayed

MANY = range(200)
RABBIT = pytest.mark.parametrize("transport", ["rabbit"])


def envelope(event, **changes):
    return testing.envelope(event).model_copy(update=changes)


async def deliver(system, handler, sent):
    """Put an envelope on the wire by hand, straight to one handler."""
    if system.transport == "rabbit":
        async with system.channel() as channel:
            await Publisher(channel.default_exchange, 5).send(sent, handler)
        return
    columns = {"handler": handler, **sent.model_dump()}
    places = ", ".join(f"${place}" for place, _ in enumerate(columns, start=1))
    await system.admin.execute(f"INSERT INTO bus.delivery ({', '.join(columns)}) VALUES ({places})", *columns.values())


async def test_an_event_delivered_a_hundred_times_to_three_replicas_has_one_effect(system):
    twin = envelope(NotePlayed(note=1))
    async with running(rehearsal.make()), running(rehearsal.make()), running(rehearsal.make()):
        for _ in range(100):
            await deliver(system, "rehearsal.count_note", twin)
        await deliver(system, "rehearsal.count_note", envelope(NotePlayed(note=2)))

        async def last_is_heard():
            return 2 in await system.effects()

        await eventually(last_is_heard)
        await system.settled()
    assert await system.effects() == [1, 2]


async def test_states_in_reverse_order_end_in_the_newest(stack):
    melody = uuid4()
    for version in reversed(range(5)):
        changed = MelodyChanged(melody_id=melody, name=f"name {version}", version=version)
        await deliver(stack, "rehearsal.copy_melody", envelope(changed))

    async def all_handled():
        return await stack.admin.fetchval("SELECT count(*) FROM rehearsal.inbox") == 5

    await eventually(all_handled)
    assert await stack.copies() == {str(melody): "name 4"}


async def test_what_is_rolled_back_is_never_announced(stack):
    answer = await stack.client.put("/rehearsal/wrong/1")
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_note")
    await stack.client.put("/rehearsal/played/2")

    async def second_is_heard():
        return await stack.effects() == [2]

    await eventually(second_is_heard)
    assert await stack.accepted() == [2]


async def test_of_two_transactions_whose_later_row_commits_first_both_are_announced(stack):
    address = Settings().role_url("rehearsal").set(drivername="postgresql").render_as_string(hide_password=False)
    early = await asyncpg.connect(address, server_settings={"search_path": "rehearsal"})
    held = early.transaction()
    await held.start()
    row = "INSERT INTO outbox (id, type, source, dataschema, body) VALUES ($1, $2, 'rehearsal', $3, $4)"
    sent = envelope(NotePlayed(note=3))
    await early.execute(row, sent.id, sent.type, sent.dataschema, sent.body)
    assert (await stack.client.put("/rehearsal/played/4")).status_code == 200

    async def later_row_is_heard():
        return await stack.effects() == [4]

    await eventually(later_row_is_heard)
    await held.commit()
    await early.close()

    async def both_are_heard():
        return await stack.effects() == [3, 4]

    await eventually(both_are_heard)


async def test_two_relays_lose_and_double_nothing_and_keep_the_newest_state(system):
    melodies = [uuid4() for _ in range(5)]
    async with running(rehearsal.make()) as first, running(rehearsal.make()) as second:

        async def rename(melody):
            for count in range(10):
                client = (first, second)[count % 2]
                await client.post(f"/rehearsal/melodies/{melody}", params={"name": f"name {count}"})

        notes = (asyncio.create_task((first, second)[note % 2].put(f"/rehearsal/played/{note}")) for note in MANY)
        await asyncio.gather(*notes, *map(rename, melodies))
        await system.settled()

        async def all_copied():
            return await system.copies() == {str(melody): "name 9" for melody in melodies}

        await eventually(all_copied)

        async def all_heard():
            return len(await system.effects()) >= len(MANY)

        await eventually(all_heard)
    assert await system.effects() == list(MANY)


async def test_a_failing_handler_holds_up_no_other_and_its_dead_are_listed_shown_and_replayed(stack):
    for note in range(3):
        await stack.client.put(f"/rehearsal/missed/{note}")

    async def other_has_heard():
        return await stack.effects("count_miss") == [0, 1, 2]

    await eventually(other_has_heard, within=LADDER[0] * 5)

    async def all_dead():
        return await stack.dead("rehearsal.stumble") == 3

    await eventually(all_dead)
    assert len(rehearsal.trouble.tries) == 3 * (1 + len(LADDER))
    assert await stack.effects("stumble") == []

    letters = await dead_letters(Settings()).show("rehearsal.stumble")
    assert sorted(json.loads(letter.body)["note"] for letter in letters) == [0, 1, 2]
    assert {letter.error for letter in letters} == {"RuntimeError: out of breath"}
    await eventually(all_dead)

    rehearsal.trouble.failures = 0
    assert await dead_letters(Settings()).replay("rehearsal.stumble") == 3

    async def replayed():
        return await stack.effects("stumble") == [0, 1, 2]

    await eventually(replayed)
    assert await stack.dead("rehearsal.stumble") == 0


async def test_every_rung_of_the_ladder_delivers_after_its_delay(stack):
    rehearsal.trouble.failures = len(LADDER)
    await stack.client.put("/rehearsal/missed/1")

    async def arrived():
        return await stack.effects("stumble") == [1]

    await eventually(arrived)
    tries = rehearsal.trouble.tries
    waits = [later - earlier for earlier, later in pairwise(tries)]
    assert all(wait >= rung * 0.95 for wait, rung in zip(waits, LADDER, strict=True))


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"body": "no json"}, id="no JSON"),
        pytest.param({"body": json.dumps({"note": "x"})}, id="another shape"),
        pytest.param({"body": json.dumps({"note": 1, "name": "a\0b"})}, id="a NUL"),
        pytest.param({"body": json.dumps({"note": 1, "name": "a" * 20_000_000})}, id="twenty megabytes"),
        pytest.param({"dataschema": "urn:sidetrack:rehearsal.note.played:2"}, id="an unknown version"),
        pytest.param({"dataschema": "urn:sidetrack:rehearsal.note.dropped:1"}, id="an unknown event"),
    ],
)
async def test_an_unreadable_event_dies_at_once_and_blocks_nothing(stack, wrong):
    await deliver(stack, "rehearsal.count_note", envelope(NotePlayed(note=1), **wrong))
    await deliver(stack, "rehearsal.count_note", envelope(NotePlayed(note=2)))

    async def next_is_heard_and_poison_dead():
        return await stack.effects() == [2] and await stack.dead("rehearsal.count_note") == 1

    await eventually(next_is_heard_and_poison_dead)


@RABBIT
async def test_a_message_that_is_no_envelope_dies_at_once_and_stays_dead(stack):
    async with stack.channel() as channel:
        await channel.default_exchange.publish(Message(b"\xff"), "rehearsal.count_note")

    async def is_dead():
        return await stack.dead("rehearsal.count_note") == 1

    await eventually(is_dead)
    assert await dead_letters(Settings()).replay("rehearsal.count_note") == 0
    await eventually(is_dead)


@RABBIT
async def test_a_lost_queue_keeps_events_in_the_outbox_and_is_declared_again(stack):
    async with stack.channel() as channel:
        await channel.queue_delete("rehearsal.count_note")
    assert (await stack.client.put("/rehearsal/played/1")).status_code == 200

    async def heard():
        return await stack.effects() == [1]

    await eventually(heard)
    warnings = rehearsal.app.state.supervisor.warnings
    assert "sidetrack reannounce rehearsal note --to rehearsal.count_note" in warnings["rehearsal.count_note"]
    assert (await health.examine(rehearsal.app.state))["status"] == "warn"


@RABBIT
async def test_an_unroutable_event_is_returned_only_where_someone_should_hear_it(stack):
    assert (await stack.client.post("/rehearsal/curtain")).status_code == 200
    await stack.settled()
    async with stack.channel() as channel:
        await (await channel.get_queue("rehearsal.count_note")).unbind(topology.EVENTS, NotePlayed.topic)
        with pytest.raises(DeliveryError, match="NO_ROUTE"):
            await Publisher(await channel.get_exchange(topology.EVENTS), 5).announce(envelope(NotePlayed(note=1)))


@RABBIT
async def test_a_queue_with_other_arguments_is_a_named_failure_and_stops_no_other_handler(system):
    async with system.channel() as channel:
        await channel.queue_delete("rehearsal.count_note")
        await channel.declare_queue("rehearsal.count_note", durable=True)
    app = rehearsal.make()
    async with running(app):

        async def named():
            return "other arguments" in app.state.supervisor.failures.get("rehearsal.count_note", "")

        await eventually(named)
        async with system.channel() as channel:
            await channel.queue_delete("rehearsal.count_note")

        async def mended():
            return not app.state.supervisor.failures

        await eventually(mended)


async def test_a_cut_listening_connection_costs_no_event_and_comes_back(stack):
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
    assert await stack.admin.fetch(cut)
    assert (await stack.client.put("/rehearsal/played/1")).status_code == 200

    async def heard():
        return await stack.effects() == [1]

    await eventually(heard)

    async def listens_again():
        return "listen" not in rehearsal.app.state.supervisor.warnings

    await eventually(listens_again)


async def test_a_local_copy_that_was_emptied_is_right_again_after_a_reannouncement(stack):
    names = {str(uuid4()): f"name {count}" for count in range(20)}
    for melody, name in names.items():
        await stack.client.post(f"/rehearsal/melodies/{melody}", params={"name": name})

    async def copied():
        return await stack.copies() == names

    await eventually(copied)
    await stack.admin.execute("DELETE FROM rehearsal.melody_copies")
    await rehearsal.reannounce_melodies(to="rehearsal.copy_melody")
    await eventually(copied)


async def test_after_a_restore_the_owner_outruns_what_it_announced_before(stack):
    melody = str(uuid4())
    await stack.client.post(f"/rehearsal/melodies/{melody}", params={"name": "old"})
    backup = await stack.admin.fetchrow("SELECT version, name FROM rehearsal.melodies")
    await stack.client.post(f"/rehearsal/melodies/{melody}", params={"name": "new"})

    async def learned_new():
        return await stack.copies() == {melody: "new"}

    await eventually(learned_new)
    await stack.admin.execute("UPDATE rehearsal.melodies SET version = $1, name = $2", *backup)
    await rehearsal.restore_melodies()

    async def learned_old():
        return await stack.copies() == {melody: "old"}

    await eventually(learned_old)


async def test_a_repeat_with_its_idempotency_key_announces_nothing_more(stack):
    melody, key = uuid4(), {"Idempotency-Key": "once"}
    bot = rehearsal.signed_bot()
    for _ in range(3):
        answer = await stack.client.post(f"/rehearsal/melodies/{melody}", params={"name": "a"}, headers=bot | key)
        assert answer.status_code == 201
    assert answer.headers["idempotency-replayed"] == "true"
    await stack.settled()
    assert await stack.admin.fetchval("SELECT count(*) FROM rehearsal.inbox") <= 1


def test_nothing_is_ever_given_back_to_the_broker_as_failed():
    """A nack that requeues no longer counts toward the delivery limit since RabbitMQ 4.3: it would loop for ever."""
    sources = [
        path.read_text() for part in ("libs", "services", "gateway", "deploy") for path in Path(part).rglob("*.py")
    ]
    assert not [text for text in sources if re.search(r"requeue=True|\.nack\(", text)]


def test_roles_have_passwords_that_tell_nothing_of_each_other():
    settings = Settings(role_secret=SecretStr("a secret"))
    passwords = {settings.role_url(role).password for role in ("club", "club_owner", "taste")}
    assert len(passwords) == 3
