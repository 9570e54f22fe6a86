"""Handlers of events: how they are declared, and what becomes of one delivery."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, Generic, TypeAlias, TypeVar

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import inbox
from chassis.db import Transactions
from chassis.envelope import Envelope, dataschema
from chassis.failpoints import failpoint
from chassis.metrics import DUPLICATES, IN_FLIGHT
from contracts.event import Event

log = structlog.get_logger()

E = TypeVar("E", bound=Event)
Handle: TypeAlias = Callable[[E, AsyncSession], Awaitable[None]]


# Whoever has more to say says it in several events.
LONGEST = 1_000_000


class Verdict(Enum):
    DONE = "done"
    UNREADABLE = "unreadable"
    FAILED = "failed"


@dataclass(frozen=True)
class Outcome:
    """What became of one delivery, and why."""

    verdict: Verdict
    error: str | None = None


DONE = Outcome(Verdict.DONE)


class Consumer:
    """A feature's handlers, the way APIRouter holds its endpoints."""

    def __init__(self) -> None:
        self.handles: list[tuple[type[Event], Handle[Any]]] = []

    def on(self, event: type[E]) -> Callable[[Handle[E]], Handle[E]]:
        def register(handle: Handle[E]) -> Handle[E]:
            self.handles.append((event, handle))
            return handle

        return register


@dataclass(frozen=True)
class Handler(Generic[E]):
    """One handler in one service; its name is its queue, its inbox key and its entry in the registry."""

    name: str
    event: type[E]
    handle: Handle[E]
    db: Transactions
    timeout: float

    async def receive(self, envelope: Envelope) -> Outcome:
        """Take one delivery: exactly one effect, however often it arrives."""
        with (
            IN_FLIGHT.labels(self.name).track_inprogress(),
            structlog.contextvars.bound_contextvars(
                handler=self.name,
                event_id=str(envelope.id),
                request_id=envelope.correlationid,
                traceparent=envelope.traceparent,
            ),
        ):
            try:
                event = self._read(envelope)
            except ValueError as error:
                log.error("unreadable", type=envelope.type, error=str(error))
                return Outcome(Verdict.UNREADABLE, _brief(error))
            try:
                async with asyncio.timeout(self.timeout):
                    await self._apply(envelope, event)
            except Exception as error:
                log.exception("handler_failed", attempt=envelope.attempt)
                return Outcome(Verdict.FAILED, _brief(error))
            failpoint("handler_committed")
            return DONE

    def _read(self, envelope: Envelope) -> E:
        if len(envelope.body) > LONGEST:
            raise ValueError(f"A body of {len(envelope.body)} characters is none of ours.")
        if envelope.dataschema != dataschema(self.event):
            raise ValueError(f"{envelope.dataschema} is not what {self.name} reads.")
        return self.event.model_validate_json(envelope.body)

    async def _apply(self, envelope: Envelope, event: E) -> None:
        async with self.db.transaction() as tx:
            if await inbox.first_time(tx, self.name, envelope.id):
                await self.handle(event, tx)
                failpoint("handler_applied")
            else:
                DUPLICATES.labels(self.name).inc()
                log.info("duplicate")


def _brief(error: Exception) -> str:
    """For the maintainer who looks at the dead; without the parameters that a database error would tell."""
    first_line = str(error).partition("\n")[0]
    return f"{type(error).__name__}: {first_line}"[:300].replace("\0", "")
