"""Events leave through a table, so they commit or vanish with the change they describe."""

from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy import BigInteger, Identity, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from chassis.db import Base, Timestamp, table_of
from chassis.envelope import dataschema
from contracts.event import Event

# So many rows are sent together.
WINDOW = 200


class Outgoing(Base):
    """A row is due, leased (due later, with a token), or parked; sent rows are gone.

    `handler` is set when the row is meant for one handler alone, which a re-announcement is.
    """

    __tablename__ = "outbox"

    row: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    id: Mapped[UUID] = mapped_column(default=uuid7)
    type: Mapped[str]
    source: Mapped[str]
    dataschema: Mapped[str]
    time: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    correlationid: Mapped[str | None]
    causationid: Mapped[str | None]
    traceparent: Mapped[str | None]
    handler: Mapped[str | None]
    body: Mapped[str]
    due: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now(), index=True)
    token: Mapped[UUID | None]
    failures: Mapped[int] = mapped_column(default=0, server_default="0")
    parked: Mapped[datetime | None] = mapped_column(Timestamp)


# The oldest rows that are due; what another relay has at this moment is passed over.
NEXT = (
    select(Outgoing.row)
    .where(Outgoing.due <= func.now(), Outgoing.parked.is_(None))
    .order_by(Outgoing.row)
    .limit(WINDOW)
    .with_for_update(skip_locked=True)
    .cte()
)
# Whoever waits for rows hears of them in the statement that adds them.
_ADD = insert(table_of(Outgoing)).returning(func.pg_notify(func.concat("outbox_", func.current_schema()), ""))


async def publish(tx: AsyncSession, *events: Event, to: str | None = None) -> None:
    """Announce `events` when `tx` commits: to every consumer, or to the one handler named."""
    if not events:
        return
    bound = structlog.contextvars.get_contextvars()
    beside = {
        "correlationid": bound.get("request_id"),
        "causationid": bound.get("event_id"),
        "traceparent": bound.get("traceparent"),
        "handler": to,
    }
    await tx.execute(_ADD, [_row(event) | beside for event in events])


def _row(event: Event) -> dict[str, object]:
    return {
        "id": uuid7(),
        "type": event.topic,
        "source": event.topic.partition(".")[0],
        "dataschema": dataschema(event),
        "body": event.model_dump_json(),
    }
