"""Remembers what each handler has done, in the same transaction as the doing."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Base, Timestamp


class Handled(Base):
    __tablename__ = "inbox"

    handler: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    handled: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now(), index=True)


_CLAIM = text("INSERT INTO inbox (handler, event_id) VALUES (:handler, :id) ON CONFLICT DO NOTHING RETURNING event_id")


async def first_time(tx: AsyncSession, handler: str, event_id: UUID) -> bool:
    """Claim the event for `handler`; False when an earlier delivery did. A concurrent twin waits here."""
    return await tx.scalar(_CLAIM, {"handler": handler, "id": event_id}) is not None
