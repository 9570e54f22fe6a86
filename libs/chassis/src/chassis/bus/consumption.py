"""One handler's queue on RabbitMQ: acknowledged, retried along the ladder, or put with the dead."""

import asyncio
from contextlib import suppress
from typing import Any

import structlog
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage
from aio_pika.exceptions import ChannelNotFoundEntity
from pydantic import ValidationError

from chassis.bus import Up, topology
from chassis.bus.line import Line
from chassis.bus.messages import Publisher, to_envelope
from chassis.consumer import DONE, Handler, Outcome, Verdict
from chassis.envelope import Envelope
from chassis.metrics import DEAD, RETRIES
from chassis.settings import Settings
from chassis.supervisor import OUTAGES, Supervisor, stopping

log = structlog.get_logger()

PREFETCH = 16
AT_ONCE = 4


class Consumption:
    """One handler on one channel, until that channel is lost or the service stops."""

    def __init__(self, handler: Handler[Any], line: Line, settings: Settings, supervisor: Supervisor) -> None:
        self._handler, self._line = handler, line
        self._settings, self._supervisor = settings, supervisor
        self._running: set[asyncio.Task[None]] = set()
        self._at_once = asyncio.Semaphore(AT_ONCE)
        self._lost = asyncio.Event()

    async def run(self, up: Up) -> None:
        async with self._line.channel() as channel:
            channel.close_callbacks.add(lambda *_: self._lost.set())
            await channel.set_qos(PREFETCH)
            await self._find_ways_out(channel)
            # The reference is kept: without one the client forgets the queue, and its consumer with it.
            self._queue = await channel.get_queue(self._handler.name)
            tag = await self._queue.consume(self._start)
            up()
            try:
                await self._watch()
            finally:
                with suppress(*OUTAGES):
                    await self._queue.cancel(tag)
                # What runs and what is buffered ends here: a rolling restart spends no delivery budget.
                await asyncio.gather(*self._running, return_exceptions=True)

    async def _find_ways_out(self, channel: AbstractChannel) -> None:
        timeout = self._settings.send_timeout
        rungs = [await channel.get_exchange(topology.rung(delay)) for delay in self._settings.ladder]
        self._rungs = [Publisher(rung, timeout) for rung in rungs]
        self._graveyard = Publisher(channel.default_exchange, timeout)

    async def _watch(self) -> None:
        # The broker's client may swallow a stop that arrives while it looks for the queue.
        while not stopping():
            with suppress(TimeoutError):
                async with asyncio.timeout(self._settings.queue_check):
                    await self._lost.wait()
                raise ConnectionError("The broker's connection was lost.")
            try:
                async with self._line.channel() as probe:
                    await probe.declare_queue(self._handler.name, passive=True)
            except ChannelNotFoundEntity:
                self._supervisor.notice(self._handler.name, f"Its queue was lost. {self._repair()}")
                raise

    def _repair(self) -> str:
        if not self._handler.event.restated:
            return "What it held cannot be announced again; docs/operations.md says what to do."
        owner, noun, _ = self._handler.event.topic.split(".")
        return f"The gap is mended by: sidetrack reannounce {owner} {noun} --to {self._handler.name}"

    async def _start(self, message: AbstractIncomingMessage) -> None:
        task = asyncio.create_task(self._deliver(message))
        self._running.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and task.exception():
            # Neither acknowledged nor moved on: only a new channel makes the broker offer it again.
            log.warning("delivery_interrupted", handler=self._handler.name, error=repr(task.exception()))
            self._lost.set()

    async def _deliver(self, message: AbstractIncomingMessage) -> None:
        async with self._at_once:
            try:
                envelope = to_envelope(message)
            except ValidationError as error:
                log.error("unreadable", handler=self._handler.name, error=str(error))
                DEAD.labels(self._handler.name).inc()
                await message.reject(requeue=False)
                return
            outcome = await self._handler.receive(envelope)
            if outcome is not DONE:
                await self._move_on(envelope, outcome)
            await message.ack()

    async def _move_on(self, envelope: Envelope, outcome: Outcome) -> None:
        """Onto the next rung, or with the dead past the last one and for what cannot be read."""
        changes = {"attempt": envelope.attempt + 1, "error": outcome.error}
        if outcome.verdict is Verdict.FAILED and envelope.attempt < len(self._rungs):
            RETRIES.labels(self._handler.name).inc()
            again = envelope.model_copy(update=changes)
            await self._rungs[envelope.attempt].send(again, self._handler.name)
            return
        DEAD.labels(self._handler.name).inc()
        buried = envelope.model_copy(update={"error": outcome.error})
        await self._graveyard.send(buried, topology.dead(self._handler.name))
