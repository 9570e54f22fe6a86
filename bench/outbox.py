"""How soon a full outbox is empty, beside the client alone publishing the same bodies in windows as large."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from uuid import uuid4

import aio_pika
import asyncpg
from aio_pika.abc import AbstractChannel, AbstractExchange
from pydantic import SecretStr
from tests.brokers import new_broker, own_vhost
from tests.homes import new_home

from bench.lines import Line, at_least, beside
from bench.quick import QUICK
from chassis.bus import topology
from chassis.bus.line import Line as Connection
from chassis.bus.messages import Publisher
from chassis.db import Database
from chassis.envelope import Envelope, dataschema
from chassis.outbox import WINDOW
from chassis.relay import Relay
from chassis.settings import Settings
from chassis.wake import Bell
from contracts.votes import VoteCast
from standalone.postgres import Postgres
from standalone.system import prepare

ROWS = 5_000 if QUICK else 50_000
SERVICE = "club"
FILLED = """
    INSERT INTO club.outbox (id, type, source, dataschema, body)
    SELECT gen_random_uuid(), $1, $2, $3, body FROM unnest($4::text[]) AS body
"""


def bodies(count: int) -> list[str]:
    """Ballots as the club announces them."""
    week, nomination, album = (str(uuid4()) for _ in range(3))
    chosen = {"first": nomination, "first_album_id": album, "second": None, "second_album_id": None}
    told = chosen | {"version": 1_795_000_000_000_000, "week_id": week, "cast_at": "2025-11-24T20:00:00Z"}
    return [json.dumps(told | {"user_id": str(uuid4())}) for _ in range(count)]


class Outbox:
    """A service's outbox, and a queue of the broker that hears what is in it."""

    def __init__(self, settings: Settings, count: int, channel: AbstractChannel, exchange: AbstractExchange) -> None:
        self._settings, self._bodies = settings, bodies(count)
        self._channel, self._exchange = channel, exchange
        self._queue = next(iter(VoteCast.consumers))

    async def drained_rate(self) -> float:
        """Rows a second, from a full outbox to an empty one."""
        await self._fill()
        db = Database(self._settings, SERVICE)
        publisher = Publisher(self._exchange, self._settings.send_timeout)

        async def send(envelope: Envelope, _: str | None) -> None:
            await publisher.announce(envelope)

        relay = Relay(SERVICE, db, send, Bell(1), self._settings.send_timeout)
        started = time.perf_counter()
        while await relay.drain():
            pass
        took = time.perf_counter() - started
        await db.engine.dispose()
        await self._all_there()
        return len(self._bodies) / took

    async def published_rate(self) -> float:
        """The same bodies, by the client alone."""
        started = time.perf_counter()
        for first in range(0, len(self._bodies), WINDOW):
            window = self._bodies[first : first + WINDOW]
            await asyncio.gather(*map(self._publish, window))
        took = time.perf_counter() - started
        await self._all_there()
        return len(self._bodies) / took

    async def _publish(self, body: str) -> None:
        message = aio_pika.Message(body.encode(), delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
        await self._exchange.publish(message, VoteCast.topic)

    async def _fill(self) -> None:
        database = await asyncpg.connect(self._settings.listen_dsn(SERVICE))
        about = VoteCast.topic, SERVICE, dataschema(VoteCast)
        await database.execute(FILLED, *about, self._bodies)
        await database.execute("ANALYZE club.outbox")
        await database.close()

    async def _all_there(self) -> None:
        """In the queue; which is empty afterwards."""
        queue = await self._channel.declare_queue(self._queue, passive=True)
        heard = queue.declaration_result.message_count
        await queue.purge()
        assert heard == len(self._bodies), f"{heard:,} of {len(self._bodies):,} were heard."


@contextmanager
def _servers() -> Iterator[Settings]:
    """A PostgreSQL that keeps its promises, and a RabbitMQ."""
    broker = new_broker()
    try:
        with new_home() as home, Postgres(home, {}) as postgres, own_vhost(broker) as bus_url:
            yield Settings(database_url=postgres.url, bus_url=bus_url, role_secret=SecretStr("only for the bench"))
    finally:
        broker.stop()


@asynccontextmanager
async def _outbox(settings: Settings, count: int) -> AsyncIterator[Outbox]:
    await prepare(settings)
    line = Connection(settings)
    async with line.channel() as channel:
        await topology.declare(channel, settings.ladder, SERVICE)
        yield Outbox(settings, count, channel, await channel.get_exchange(topology.EVENTS))
    await line.close()


async def _measured(settings: Settings) -> Line:
    async with _outbox(settings, ROWS) as outbox:
        name, against = f"an outbox of {ROWS:,} rows sent", f"aio-pika alone, windows of {WINDOW}"
        arms = outbox.drained_rate, outbox.published_rate
        return await beside(name, "events/s", *arms, against, goals=[at_least(0.75)])


def measure() -> list[Line]:
    with _servers() as settings:
        return [asyncio.run(_measured(settings))]
