"""A clean stack on either transport, and processes that can be killed."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import aio_pika
import asyncpg
import httpx2
import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from chassis import health
from chassis.bus import topology
from chassis.bus.dead import dead_letters
from chassis.migrate import upgrade
from chassis.provision import provision
from chassis.settings import Settings
from chassis.testing import trusted_keys
from taste.main import app as taste
from tests.faults import rehearsal
from tests.servers import free_port, wait_for_port

LADDER = [0.2, 0.4, 0.6]


@pytest.fixture(scope="session")
def rehearsed(test_settings):
    """The database, with a schema for the rehearsal beside the real ones."""
    asyncio.run(_make_schema(test_settings))
    return test_settings


async def _make_schema(settings: Settings) -> None:
    await provision(settings, settings.database_url, ["rehearsal"])
    await upgrade(settings, rehearsal.app.state.schema)
    as_owner = {"server_settings": {"search_path": "rehearsal, ext"}}
    engine = create_async_engine(settings.role_url("rehearsal_owner"), connect_args=as_owner)
    async with engine.begin() as connection:
        await connection.run_sync(rehearsal.RehearsalTable.metadata.create_all)
    await engine.dispose()


@pytest.fixture(params=["local", "rabbit"])
def transport(request):
    return request.param


@pytest.fixture
async def system(request, rehearsed, transport, monkeypatch):
    """An empty system on the transport: settings made, nothing running yet."""
    bus_url = request.getfixturevalue("broker").url if transport == "rabbit" else "local://"
    for name, setting in environment(rehearsed, bus_url).items():
        monkeypatch.setenv(name, setting)
    monkeypatch.setattr(rehearsal, "trouble", rehearsal.Trouble())
    admin = await asyncpg.connect(rehearsed.database_url)
    await empty(admin)
    system = System(transport, bus_url, admin)
    if transport == "rabbit":
        await system.purge()
    yield system
    await admin.close()


@pytest.fixture
async def stack(system):
    apps = (taste, rehearsal.app)
    async with running(*apps) as client:

        async def all_up():
            return not any(app.state.supervisor.warnings for app in apps)

        await eventually(all_up)
        yield Stack(**vars(system), client=client)


def environment(settings: Settings, bus_url: str) -> dict[str, str]:
    return {
        "SIDETRACK_DATABASE_URL": settings.database_url,
        "SIDETRACK_ROLE_SECRET": settings.role_secret.get_secret_value(),
        "SIDETRACK_BUS_URL": bus_url,
        "SIDETRACK_LADDER": json.dumps(LADDER),
        "SIDETRACK_POLL": "0.2",
        "SIDETRACK_SEND_TIMEOUT": "1",
        "SIDETRACK_HANDLER_TIMEOUT": "2",
        "SIDETRACK_HEARTBEAT": "1",
        "SIDETRACK_QUEUE_CHECK": "0.5",
        "SIDETRACK_TRUSTED_KEYS": json.dumps(trusted_keys()),
    }


async def empty(admin: asyncpg.Connection) -> None:
    tables = await admin.fetch(
        "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables "
        "WHERE schemaname IN ('rehearsal', 'taste', 'bus') AND tablename <> 'alembic_version'"
    )
    await admin.execute(f"TRUNCATE {', '.join(table['name'] for table in tables)} CASCADE")


@asynccontextmanager
async def running(*apps):
    """The services of `apps` in this process, and a client that reaches each by the first segment of its path."""
    by_name = {app.title: app for app in apps}

    async def dispatch(scope, receive, send):
        await by_name[scope["path"].split("/")[1]](scope, receive, send)

    async with AsyncExitStack() as lifespans:
        for app in apps:
            await lifespans.enter_async_context(app.router.lifespan_context(app))
        wire = httpx2.ASGITransport(dispatch, raise_app_exceptions=False)
        yield await lifespans.enter_async_context(httpx2.AsyncClient(transport=wire, base_url="http://sidetrack"))


async def eventually(holds: Callable[[], Awaitable[bool]], within: float = 20) -> None:
    deadline = time.monotonic() + within
    while not await holds():
        assert time.monotonic() < deadline, "It did not come true in time."
        await asyncio.sleep(0.02)


@dataclass
class System:
    transport: str
    bus_url: str
    admin: asyncpg.Connection

    @asynccontextmanager
    async def channel(self):
        async with await aio_pika.connect(self.bus_url) as connection:
            yield await connection.channel(on_return_raises=True)

    async def purge(self) -> None:
        async with self.channel() as channel:
            await topology.declare(channel, LADDER)
            queues = topology.handlers()
            for name in [*queues, *map(topology.dead, queues), *map(topology.rung, LADDER)]:
                await (await channel.get_queue(name)).purge()

    async def effects(self, handler: str = "count_note") -> list[int]:
        rows = await self.admin.fetch("SELECT note FROM rehearsal.effects WHERE handler = $1 ORDER BY note", handler)
        return [row["note"] for row in rows]

    async def accepted(self) -> list[int]:
        return [row["note"] for row in await self.admin.fetch("SELECT note FROM rehearsal.accepted ORDER BY note")]

    async def copies(self) -> dict[str, str]:
        rows = await self.admin.fetch("SELECT id::text, name FROM rehearsal.melody_copies")
        return {row["id"]: row["name"] for row in rows}

    async def waiting(self) -> int:
        """Rows that still wait to be sent."""
        return await self.admin.fetchval("SELECT count(*) FROM rehearsal.outbox")

    async def queued(self) -> int:
        """Messages on their way to `count_note`."""
        if self.transport == "local":
            return await self.admin.fetchval("SELECT count(*) FROM bus.delivery")
        async with self.channel() as channel:
            queue = await channel.declare_queue("rehearsal.count_note", passive=True)
            return queue.declaration_result.message_count

    async def settled(self) -> None:
        """Nothing waits on either side of the wire any more."""

        async def nothing_waits():
            return await self.waiting() == 0 and await self.queued() == 0

        await eventually(nothing_waits, within=60)

    async def examine(self) -> dict[str, object]:
        """What the rehearsal's readiness says."""
        return await health.examine(rehearsal.app.state)

    async def dead(self, handler: str) -> int:
        return (await dead_letters(Settings()).count()).get(handler, 0)


@dataclass
class Stack(System):
    client: httpx2.AsyncClient


class Process:
    """The rehearsal service as its own process."""

    def __init__(self, failpoint: str = "", more: dict[str, str] | None = None) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        changed = os.environ | {"SIDETRACK_FAILPOINT": failpoint} | (more or {})
        command = [sys.executable, "-m", "chassis.serve", "tests.faults.rehearsal:app", "--port", str(self.port)]
        self.process = subprocess.Popen(command, env=changed, stdout=subprocess.DEVNULL)
        wait_for_port(self.port)

    async def killed_itself(self) -> bool:
        return self.process.poll() == -signal.SIGKILL

    async def measured(self, metric: str) -> float:
        """The metric's value, summed over its labels."""
        async with httpx2.AsyncClient(base_url=self.url) as client:
            lines = (await client.get("/metrics")).text.splitlines()
        return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith((metric + "{", metric + " ")))

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.terminate()
        return self.process.wait(timeout=20)


@pytest.fixture
def start():
    processes: list[Process] = []

    def start_process(failpoint: str = "", **more: str) -> Process:
        processes.append(Process(failpoint, more))
        return processes[-1]

    yield start_process
    for process in processes:
        process.stop()
