"""The table behind the local transport."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, MetaData, func, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import NAMES, Base, Timestamp

# As `departures` knows them: by the hash of any id that stands in a letter.
OF_THE_GONE = text(r"""
DELETE FROM bus.delivery WHERE dead IS NOT NULL AND starts_with(handler, :service || '.') AND EXISTS (
    SELECT FROM regexp_matches(body, '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}', 'g') AS named (ids)
    JOIN departures ON digest = sha256(convert_to(named.ids[1], 'UTF8'))
)
""")


class Delivery(Base):
    """One event on its way to one handler: due, leased (due later, with a token), or dead."""

    __tablename__ = "delivery"
    metadata = MetaData(schema="bus", naming_convention=NAMES)

    row: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    handler: Mapped[str]
    id: Mapped[UUID]
    type: Mapped[str]
    source: Mapped[str]
    dataschema: Mapped[str]
    time: Mapped[datetime] = mapped_column(Timestamp)
    correlationid: Mapped[str | None]
    causationid: Mapped[str | None]
    traceparent: Mapped[str | None]
    body: Mapped[str]
    attempt: Mapped[int] = mapped_column(default=0, server_default="0")
    due: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    token: Mapped[UUID | None]
    error: Mapped[str | None]
    dead: Mapped[datetime | None] = mapped_column(Timestamp)

    __table_args__ = (
        Index(None, "handler", "due", postgresql_where=text("dead IS NULL")),
        Index("ix_delivery_dead", "handler", "dead", postgresql_where=text("dead IS NOT NULL")),
    )


async def drop_of_the_gone(tx: AsyncSession, service: str) -> None:
    """Of the service's dead those are not kept that name somebody who has left: to replay them would do nothing."""
    await tx.execute(OF_THE_GONE, {"service": service})
