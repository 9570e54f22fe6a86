"""The wire inside one database: PostgreSQL itself, keeping the promises of a broker."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Interval,
    Row,
    Text,
    Uuid,
    bindparam,
    delete,
    func,
    insert,
    select,
    text,
    update,
)
from uuid_utils.compat import uuid7

from chassis.bus import Up
from chassis.bus.broadcasts import CHANNEL, broadcast
from chassis.bus.delivery import Delivery, drop_of_the_gone
from chassis.consumer import Handler, Outcome, Verdict
from chassis.db import Database, any_of, table_of
from chassis.envelope import Envelope
from chassis.failpoints import failpoint
from chassis.metrics import CONFIRMED, DEAD, RETRIES
from chassis.outbox import NEXT, Outgoing
from chassis.settings import Settings
from chassis.supervisor import Supervisor, finish
from chassis.wake import Wake
from contracts.event import consumers_of, is_broadcast
from contracts.leaving import UserDeleted

AT_ONCE = 4
ROLE = "bus"


_OUTBOX, _DELIVERIES = table_of(Outgoing), table_of(Delivery)
_TAKE = delete(_OUTBOX).where(Outgoing.row.in_(select(NEXT.c.row))).returning(*_OUTBOX.c)
# Whoever handles it hears of it in the statement that adds it.
_ADD = insert(_DELIVERIES).returning(
    func.pg_notify(func.concat("delivery_", func.split_part(_DELIVERIES.c.handler, ".", 1)), _DELIVERIES.c.handler)
)
_RING = text("SELECT pg_notify(:channel, :about)")
_MINE = bindparam("mine", type_=Uuid())
_OF_HANDLER = (Delivery.handler == bindparam("of", type_=Text()), Delivery.due <= func.now(), Delivery.dead.is_(None))
_SOME = select(Delivery.row).where(*_OF_HANDLER).order_by(Delivery.row).limit(AT_ONCE)
_CLAIMED = _SOME.with_for_update(skip_locked=True).cte()
_CLAIM = (
    update(_DELIVERIES)
    .where(Delivery.row.in_(select(_CLAIMED.c.row)))
    .values(token=_MINE, due=func.now() + bindparam("lease", type_=Interval()))
    .returning(*_DELIVERIES.c)
)
_DONE = delete(_DELIVERIES).where(Delivery.row == any_of("these", BigInteger), Delivery.token == _MINE)
# Those of these handlers that something is due for.
_DUE = text("""
    SELECT handler FROM unnest(:handlers) AS of (handler)
    WHERE EXISTS (SELECT FROM bus.delivery AS d WHERE d.handler = of.handler AND d.due <= now() AND d.dead IS NULL)
""").bindparams(bindparam("handlers", type_=ARRAY(Text)))


class LocalBus:
    """Works as the role `bus`, which alone reads every outbox."""

    def __init__(self, service: str, settings: Settings, supervisor: Supervisor) -> None:
        self._service, self._settings = service, settings
        self._db = Database(settings, role=ROLE, search_path=service)
        self._lease = timedelta(seconds=1.5 * settings.handler_timeout)
        self._outbox, self._deliveries = f"outbox_{service}", f"delivery_{service}"
        self._wake = Wake(settings.listen_dsn(ROLE), settings.poll, self._outbox, self._deliveries)
        self._handlers: set[str] = set()
        supervisor.start("listen", self._wake.listen)
        supervisor.start("due", self._call_due)

    async def relay(self, up: Up) -> None:
        bell = self._wake.bell(self._outbox)
        while True:
            moved = await finish(self._move())
            up()
            if not moved:
                await bell.wait()

    async def consume(self, handler: Handler[Any], up: Up) -> None:
        bell = self._wake.bell_of(self._deliveries, handler.name)
        self._handlers.add(handler.name)
        while True:
            claimed = await finish(self._deliver_some(handler))
            up()
            if not claimed:
                await bell.wait()

    async def close(self) -> None:
        await self._db.engine.dispose()

    async def _call_due(self, up: Up) -> None:
        """What is to be tried again, and what was notified of unheard: asked for once for all handlers."""
        while True:
            async with self._db.transaction() as tx:
                due = (await tx.scalars(_DUE, {"handlers": [*self._handlers]})).all()
            for handler in due:
                self._wake.call(self._deliveries, handler)
            up()
            await asyncio.sleep(self._settings.poll)

    async def _move(self) -> int:
        """Turn outbox rows into one delivery a handler, in one transaction."""
        async with self._db.transaction() as tx:
            moved = sorted((await tx.execute(_TAKE)).all(), key=lambda row: row.row)
            if not moved:
                return 0
            deliveries = [
                {"handler": handler, **Envelope.model_validate(row).model_dump(exclude={"attempt", "error"})}
                for row in moved
                for handler in ((row.handler,) if row.handler else consumers_of(row.type))
            ]
            if deliveries:
                await tx.execute(_ADD, deliveries)
            for told in (row for row in moved if row.handler is None and is_broadcast(row.type)):
                await tx.execute(_RING, {"channel": CHANNEL, "about": broadcast(told.type, told.body)})
            failpoint("relay_moved")
        CONFIRMED.labels(self._service).inc(len(moved))
        failpoint("relay_sent")
        return len(moved)

    async def _deliver_some(self, handler: Handler[Any]) -> int:
        token = uuid7()
        claimed = await self._claim(handler.name, token)
        if claimed:
            failpoint("delivery_claimed")
            outcomes = await asyncio.gather(*(handler.receive(Envelope.model_validate(each)) for each in claimed))
            await self._settle(token, claimed, outcomes)
        return len(claimed)

    async def _claim(self, handler: str, token: UUID) -> Sequence[Row[Any]]:
        async with self._db.transaction() as tx:
            return (await tx.execute(_CLAIM, {"of": handler, "mine": token, "lease": self._lease})).all()

    async def _settle(self, token: UUID, claimed: Sequence[Row[Any]], outcomes: Sequence[Outcome]) -> None:
        settled = [*zip(claimed, outcomes, strict=True)]
        async with self._db.transaction() as tx:
            if done := [delivery.row for delivery, outcome in settled if outcome.verdict is Verdict.DONE]:
                await tx.execute(_DONE, {"these": done, "mine": token})
            for delivery, outcome in settled:
                if outcome.verdict is not Verdict.DONE:
                    ours = (Delivery.row == delivery.row, Delivery.token == token)
                    await tx.execute(update(Delivery).where(*ours).values(**self._next(delivery, outcome)))
            if any(map(self._concerns_the_dead, claimed, outcomes)):
                await drop_of_the_gone(tx, self._service)

    def _concerns_the_dead(self, delivery: Row[Any], outcome: Outcome) -> bool:
        """Whether it is one of them now, or told of somebody who left."""
        if outcome.verdict is Verdict.DONE:
            return bool(delivery.type == UserDeleted.topic)
        return self._dies(delivery, outcome)

    def _dies(self, delivery: Row[Any], outcome: Outcome) -> bool:
        """Of one that was not handled: whether it is not tried again."""
        return outcome.verdict is not Verdict.FAILED or bool(delivery.attempt >= len(self._settings.ladder))

    def _next(self, delivery: Row[Any], outcome: Outcome) -> dict[str, object]:
        ladder, attempt = self._settings.ladder, delivery.attempt
        if self._dies(delivery, outcome):
            DEAD.labels(delivery.handler).inc()
            return {"dead": func.now(), "error": outcome.error, "token": None}
        RETRIES.labels(delivery.handler).inc()
        later = func.now() + timedelta(seconds=ladder[attempt])
        return {"attempt": attempt + 1, "due": later, "error": outcome.error, "token": None}
