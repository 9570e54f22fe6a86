"""Exports of people, for themselves."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Uuid, func
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from chassis.db import Timestamp
from contracts.ids import UserId
from identity.models.base import IdentityTable
from identity.models.people import User


class Export(IdentityTable):
    """What somebody asked for last; it is ready once every service has told all of its parts."""

    __tablename__ = "exports"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid7)
    user_id: Mapped[UserId] = mapped_column(Uuid, ForeignKey(User.id), unique=True)
    requested_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.clock_timestamp(), index=True)
    ready_at: Mapped[datetime | None] = mapped_column(Timestamp)


class ExportPart(IdentityTable):
    """A part of what a service keeps of them. The sections keep their order, which JSONB would not."""

    __tablename__ = "export_parts"

    export_id: Mapped[UUID] = mapped_column(ForeignKey(Export.id, ondelete="CASCADE"), primary_key=True)
    service: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[bool]
    sections: Mapped[dict[str, Any]] = mapped_column(JSON)
