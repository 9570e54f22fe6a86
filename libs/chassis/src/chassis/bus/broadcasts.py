"""What every process hears that listens just now: nothing is kept for who comes later, or was away.

So a listener holds nothing that must be right: it is told of each (re)connection, before which it may have missed any.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeAlias

import asyncpg
from aio_pika.abc import AbstractIncomingMessage
from pydantic import ValidationError

from chassis.bus import Up
from chassis.bus.line import Line
from chassis.bus.topology import EVENTS
from chassis.settings import Settings
from contracts.event import Event

CHANNEL, ROLE = "broadcast", "bus"
Hear: TypeAlias = Callable[[Event], None]
Listen: TypeAlias = Callable[[Up], Awaitable[None]]


def broadcast(topic: str, body: str) -> str:
    """As it travels in a notification, which holds 8,000 bytes."""
    return json.dumps({"type": topic, "body": body})


def listening(settings: Settings, events: Sequence[type[Event]], hear: Hear, connected: Callable[[], None]) -> Listen:
    """A loop for a supervisor: `hear` gets each event that is announced from `connected` on."""
    by_topic = {event.topic: event for event in events}

    def told(topic: str, body: str | bytes) -> None:
        if topic not in by_topic:
            return
        try:
            hear(by_topic[topic].model_validate_json(body))
        except ValidationError:
            # Of a release to come: as good as missed.
            connected()

    async def from_postgresql(up: Up) -> None:
        connection = await asyncpg.connect(settings.listen_dsn(ROLE))
        gone = asyncio.Event()
        connection.add_termination_listener(lambda _: gone.set())

        def notified(*about: Any) -> None:
            said = json.loads(about[3])
            told(said["type"], said["body"])

        try:
            await connection.add_listener(CHANNEL, notified)
            connected()
            up()
            await gone.wait()
        finally:
            await connection.close(timeout=5)
        raise ConnectionError("The listening connection was cut.")

    async def from_broker(up: Up) -> None:
        line = Line(settings)

        async def received(message: AbstractIncomingMessage) -> None:
            told(str(message.headers.get("type")), message.body)

        try:
            async with line.channel() as channel:
                gone = asyncio.Event()
                channel.close_callbacks.add(lambda *_: gone.set())
                exchange = await channel.declare_exchange(EVENTS, "topic", durable=True)
                queue = await channel.declare_queue(exclusive=True)
                for topic in by_topic:
                    await queue.bind(exchange, topic)
                await queue.consume(received, no_ack=True)
                connected()
                up()
                await gone.wait()
        finally:
            await line.close()
        raise ConnectionError("The broker's connection was lost.")

    return from_postgresql if settings.local else from_broker
