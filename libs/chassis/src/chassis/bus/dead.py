"""The dead: deliveries that could not be read, or failed past the last rung. Listed, shown and replayed by hand."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Protocol

from aio_pika.abc import AbstractChannel, AbstractIncomingMessage
from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy import func, select, update

from chassis.bus import topology
from chassis.bus.delivery import Delivery
from chassis.bus.line import Line
from chassis.bus.local import ROLE
from chassis.bus.messages import Publisher, to_envelope
from chassis.db import opened
from chassis.settings import Settings

MOST = 1000


class DeadLetter(BaseModel):
    """`id` and `type` are null for what is no envelope."""

    model_config = ConfigDict(from_attributes=True)

    handler: str
    id: str | None = None
    type: str | None = None
    time: datetime | None = None
    attempt: int = 0
    error: str | None = None
    body: str


class DeadLetters(Protocol):
    async def count(self) -> dict[str, int]:
        """How many dead each handler has; handlers with none are left out."""

    async def show(self, handler: str) -> list[DeadLetter]:
        """The dead of one handler, oldest first, at most 1,000. They stay dead."""

    async def replay(self, handler: str) -> int:
        """Deliver the handler's dead once more, those that are there now; how many. What is no envelope stays."""


def dead_letters(settings: Settings) -> DeadLetters:
    return LocalDead(settings) if settings.local else RabbitDead(settings)


class LocalDead:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def count(self) -> dict[str, int]:
        dead = select(Delivery.handler, func.count().label("number")).where(Delivery.dead.is_not(None))
        async with opened(self._settings, ROLE) as db, db.transaction() as tx:
            rows = (await tx.execute(dead.group_by(Delivery.handler).order_by(Delivery.handler))).all()
        return {row.handler: row.number for row in rows}

    async def show(self, handler: str) -> list[DeadLetter]:
        dead = select(Delivery).where(Delivery.handler == handler, Delivery.dead.is_not(None))
        async with opened(self._settings, ROLE) as db, db.transaction() as tx:
            rows = (await tx.scalars(dead.order_by(Delivery.row).limit(MOST))).all()
        return [DeadLetter(id=str(row.id), **{f: getattr(row, f) for f in _SHARED}) for row in rows]

    async def replay(self, handler: str) -> int:
        dead = update(Delivery).where(Delivery.handler == handler, Delivery.dead.is_not(None))
        async with opened(self._settings, ROLE) as db, db.transaction() as tx:
            revived = dead.values(dead=None, attempt=0, due=func.now()).returning(Delivery.row)
            rows = (await tx.scalars(revived)).all()
            await tx.execute(select(func.pg_notify(f"delivery_{handler.partition('.')[0]}", "")))
        return len(rows)


_SHARED = ("handler", "type", "time", "attempt", "error", "body")


class RabbitDead:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def count(self) -> dict[str, int]:
        async with self._channel() as channel:
            numbers = {handler: await self._number(channel, handler) for handler in topology.handlers()}
        return {handler: number for handler, number in numbers.items() if number}

    async def show(self, handler: str) -> list[DeadLetter]:
        async with self._channel() as channel:
            queue = await channel.get_queue(topology.dead(handler))
            number = min(await self._number(channel, handler), MOST)
            # Taken and never acknowledged: with the channel's end they are back in their places.
            taken = [await queue.get(fail=False) for _ in range(number)]
        return [_as_letter(handler, message) for message in taken if message is not None]

    async def replay(self, handler: str) -> int:
        replayed = 0
        async with self._channel() as channel:
            publisher = Publisher(channel.default_exchange, self._settings.send_timeout)
            queue = await channel.get_queue(topology.dead(handler))
            # Bounded by what is there now, for a replayed delivery may die again.
            for _ in range(await self._number(channel, handler)):
                if (message := await queue.get(fail=False)) is None:
                    break
                with suppress(ValidationError):
                    envelope = to_envelope(message).model_copy(update={"attempt": 0, "error": None})
                    await publisher.send(envelope, handler)
                    await message.ack()
                    replayed += 1
        return replayed

    @asynccontextmanager
    async def _channel(self) -> AsyncIterator[AbstractChannel]:
        line = Line(self._settings)
        try:
            async with line.channel() as channel:
                yield channel
        finally:
            await line.close()

    async def _number(self, channel: AbstractChannel, handler: str) -> int:
        queue = await channel.declare_queue(topology.dead(handler), passive=True)
        return queue.declaration_result.message_count or 0


def _as_letter(handler: str, message: AbstractIncomingMessage) -> DeadLetter:
    body = message.body.decode(errors="replace")
    try:
        envelope = to_envelope(message)
    except ValidationError:
        return DeadLetter(handler=handler, body=body, error="This is no envelope.")
    return DeadLetter(
        handler=handler,
        id=str(envelope.id),
        type=envelope.type,
        time=envelope.time,
        attempt=envelope.attempt,
        error=envelope.error,
        body=body,
    )
