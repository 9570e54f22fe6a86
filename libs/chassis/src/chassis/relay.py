"""Moves committed outbox rows onto the wire: claim, commit, send, delete. No transaction stays open across a send."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import BigInteger, Interval, Row, Uuid, bindparam, case, delete, func, select, update
from uuid_utils.compat import uuid7

from chassis.db import Database, any_of, table_of
from chassis.envelope import Envelope
from chassis.failpoints import failpoint
from chassis.metrics import CONFIRMED, RETURNED
from chassis.outbox import NEXT, Outgoing
from chassis.supervisor import finish
from chassis.wake import Bell

log = structlog.get_logger()

ATTEMPTS = 20
LONGEST_BACK_OFF = 60


def _backed_off() -> dict[str, object]:
    seconds = func.least(func.power(2, Outgoing.failures), LONGEST_BACK_OFF)
    return {
        "failures": Outgoing.failures + 1,
        "due": func.now() + func.make_interval(0, 0, 0, 0, 0, 0, seconds),
        "parked": case((Outgoing.failures + 1 >= ATTEMPTS, func.now())),
    }


_TABLE = table_of(Outgoing)
_MINE = bindparam("mine", type_=Uuid())
_CLAIM = (
    update(_TABLE)
    .where(Outgoing.row.in_(select(NEXT.c.row)))
    .values(token=_MINE, due=func.now() + bindparam("lease", type_=Interval()))
    .returning(*_TABLE.c)
)
_OURS = (Outgoing.row == any_of("rows", BigInteger), Outgoing.token == _MINE)
_SENT = delete(_TABLE).where(*_OURS)
_HELD = update(_TABLE).where(*_OURS).values(due=func.now())
_REFUSED = update(_TABLE).where(*_OURS).values(**_backed_off())


class WireDown(ConnectionError):
    """Nothing can be sent now: no row's fault, so no row is charged with it."""


Send = Callable[[Envelope, str | None], Awaitable[None]]


class Relay:
    """`send` takes an envelope, and the one handler it is meant for, if it is."""

    def __init__(self, service: str, db: Database, send: Send, bell: Bell, timeout: float) -> None:
        self._service, self._db, self._send, self._bell = service, db, send, bell
        self._lease = timedelta(seconds=3 * timeout)

    async def run(self, up: Callable[[], None]) -> None:
        while True:
            moved = await finish(self.drain())
            up()
            if not moved:
                await self._bell.wait()

    async def drain(self) -> int:
        """Send one window of rows. A crash after the send sends them again; inboxes absorb that."""
        token = uuid7()
        rows = await self._claim(token)
        if rows:
            failpoint("relay_claimed")
            sends = (self._send(Envelope.model_validate(row), row.handler) for row in rows)
            results = await asyncio.gather(*sends, return_exceptions=True)
            failpoint("relay_sent")
            await self._settle(token, rows, results)
        return len(rows)

    async def _claim(self, token: UUID) -> Sequence[Row[Any]]:
        async with self._db.transaction() as tx:
            return (await tx.execute(_CLAIM, {"mine": token, "lease": self._lease})).all()

    async def _settle(self, token: UUID, rows: Sequence[Row[Any]], results: Sequence[BaseException | None]) -> None:
        sent = [row.row for row, result in zip(rows, results, strict=True) if result is None]
        held = [row.row for row, result in zip(rows, results, strict=True) if isinstance(result, WireDown)]
        refused = [row.row for row in rows if row.row not in {*sent, *held}]
        async with self._db.transaction() as tx:
            for done, these in ((_SENT, sent), (_HELD, held), (_REFUSED, refused)):
                if these:
                    await tx.execute(done, {"rows": these, "mine": token})
        CONFIRMED.labels(self._service).inc(len(sent))
        RETURNED.labels(self._service).inc(len(refused))
        if refused:
            log.warning("not_taken", rows=len(refused), error=repr(next(filter(None, results))))
        if held:
            raise WireDown
