"""What must survive: processes and brokers killed at the worst moment."""

import asyncio
import os
import signal

import httpx2
import pytest

from tests.faults import rehearsal
from tests.faults.conftest import eventually, running

# Each of them takes a broker some ten seconds.
PROVED = pytest.mark.prove
RABBIT = pytest.mark.parametrize("transport", ["rabbit"])
MOMENTS = [
    ("local", "request_committed", 0),
    ("local", "relay_moved", 0),
    ("local", "relay_sent", 0),
    ("local", "delivery_claimed", 0),
    ("local", "handler_applied", 0),
    ("local", "handler_committed", 1),
    ("rabbit", "request_committed", 0),
    ("rabbit", "relay_claimed", 0),
    ("rabbit", "relay_sent", 1),
    ("rabbit", "handler_applied", 0),
    ("rabbit", "handler_committed", 1),
]


@pytest.mark.parametrize(("transport", "moment", "duplicates"), MOMENTS)
async def test_killed_at_the_worst_moment_there_is_exactly_one_effect(system, start, moment, duplicates):
    doomed = start(moment)
    async with httpx2.AsyncClient(base_url=doomed.url) as client:
        try:
            await client.put("/rehearsal/played/7")
        except httpx2.TransportError:
            assert moment == "request_committed"
    await eventually(doomed.killed_itself)
    assert await system.accepted() == [7]

    survivor = start()
    async with httpx2.AsyncClient(base_url=survivor.url) as client:
        await client.put("/rehearsal/played/8")

    async def both_heard():
        return {7, 8} <= set(await system.effects())

    await eventually(both_heard)
    await system.settled()
    if duplicates:

        async def counted():
            # One more, where the relay was killed too before it knew that its message had arrived.
            return await survivor.measured("sidetrack_inbox_duplicates_total") >= duplicates

        await eventually(counted)
    # Stopping finishes what it holds, so that nothing can still happen twice.
    await asyncio.to_thread(survivor.stop)
    await system.settled()
    assert await system.effects() == [7, 8]


@RABBIT
@pytest.mark.parametrize("harm", ["killed", *(pytest.param(each, marks=PROVED) for each in ("terminated", "stopped"))])
async def test_a_broker_that_goes_costs_no_write_and_no_event(stack, broker, harm):
    async with playing(stack) as statuses:
        await asyncio.sleep(1)
        away, back = {
            "killed": (broker.kill, broker.start),
            "terminated": (broker.terminate, broker.start),
            "stopped": (lambda: broker.ctl("stop_app"), lambda: broker.ctl("start_app")),
        }[harm]
        await asyncio.to_thread(away)
        await asyncio.sleep(5)
        warned = rehearsal.app.state.supervisor.warnings
        ready = await stack.examine()
        await asyncio.to_thread(back)
        await asyncio.sleep(1)
    assert "relay" in warned
    assert ready["status"] == "warn", ready
    await everything_arrives_once(stack, statuses)


@pytest.mark.prove
@RABBIT
async def test_a_broker_that_is_away_for_a_minute_costs_no_write_and_no_event(stack, broker):
    async with playing(stack) as statuses:
        await asyncio.to_thread(broker.kill)
        await asyncio.sleep(60)
        await asyncio.to_thread(broker.start)
    await everything_arrives_once(stack, statuses)


@RABBIT
async def test_a_broker_out_of_memory_blocks_nothing_for_ever(stack, broker):
    async with playing(stack) as statuses:
        await asyncio.sleep(0.5)
        await asyncio.to_thread(broker.ctl, "set_vm_memory_high_watermark", "0.00000001")
        await asyncio.sleep(10)
        await asyncio.to_thread(broker.ctl, "set_vm_memory_high_watermark", "0.4")
    await everything_arrives_once(stack, statuses)


class playing:  # noqa: N801 — read as a statement: `async with playing(stack) as statuses:`
    """Writes all the time, from four sides; `statuses` are the answers."""

    def __init__(self, stack) -> None:
        self._stack, self._stop, self._statuses = stack, asyncio.Event(), []

    async def __aenter__(self):
        self._players = [asyncio.create_task(self._play(first)) for first in range(4)]
        return self._statuses

    async def __aexit__(self, *_):
        self._stop.set()
        await asyncio.gather(*self._players)

    async def _play(self, note):
        while not self._stop.is_set():
            answer = await self._stack.client.put(f"/rehearsal/played/{note}")
            self._statuses.append(answer.status_code)
            note += 4
            await asyncio.sleep(0.02)


async def everything_arrives_once(stack, statuses):
    assert set(statuses) == {200}

    async def all_heard():
        return len(await stack.effects()) >= len(statuses)

    await eventually(all_heard, within=60)
    await stack.settled()
    assert await stack.effects() == await stack.accepted()
    assert not rehearsal.app.state.supervisor.failures


@RABBIT
async def test_a_service_starts_and_writes_while_the_broker_is_away(system, monkeypatch):
    monkeypatch.setenv("SIDETRACK_BUS_URL", "amqp://guest:guest@127.0.0.1:9/")
    app = rehearsal.make()
    async with running(app) as client:
        assert (await client.put("/rehearsal/played/1")).status_code == 200
        await asyncio.sleep(0.3)
        assert app.state.supervisor.warnings
        assert not app.state.supervisor.failures
    monkeypatch.setenv("SIDETRACK_BUS_URL", system.bus_url)
    async with running(rehearsal.make()):

        async def heard():
            return await system.effects() == [1]

        await eventually(heard)


async def test_a_stopped_service_ends_what_it_began_and_loses_nothing(system, start):
    stopping = start()
    async with httpx2.AsyncClient(base_url=stopping.url, timeout=20) as client:
        for note in range(50):
            await client.put(f"/rehearsal/played/{note}")
        long = asyncio.create_task(client.put("/rehearsal/held/99", params={"seconds": 1.5}))
        await asyncio.sleep(0.3)
        os.kill(stopping.process.pid, signal.SIGTERM)
        assert (await long).status_code == 200
    assert await asyncio.to_thread(stopping.stop) == 0

    start()

    async def all_heard():
        return await system.effects() == [*range(50), 99]

    await eventually(all_heard)
    await system.settled()
    assert await system.effects() == await system.accepted()


async def test_a_service_paused_past_its_lease_does_nothing_twice(system, start):
    """As a long pause of its machine would: another replica takes over, and the first one's claim is void."""
    paused = start()
    async with httpx2.AsyncClient(base_url=paused.url) as client:
        for note in range(20):
            await client.put(f"/rehearsal/played/{note}")
        os.kill(paused.process.pid, signal.SIGSTOP)
    other = start()
    async with httpx2.AsyncClient(base_url=other.url) as client:
        await client.put("/rehearsal/played/20")

    async def other_hears():
        return 20 in await system.effects()

    await eventually(other_hears)
    await asyncio.sleep(4)
    os.kill(paused.process.pid, signal.SIGCONT)

    async def all_heard():
        return await system.effects() == [*range(21)]

    await eventually(all_heard)
    await system.settled()
    assert await system.effects() == [*range(21)]
