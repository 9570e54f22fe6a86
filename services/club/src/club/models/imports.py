"""What was brought in from old threads, and where each part of it was read."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, String, UniqueConstraint, Uuid, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from chassis.db import Timestamp
from club.models.clubs import Club
from club.models.copies import ClubTable
from club.models.weeks import Week
from contracts.history import ItemKind
from contracts.ids import ClubId, WeekId


class Import(ClubTable):
    """All that was sent with one `source`, until it is undone; the same source after that is another import."""

    __tablename__ = "imports"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid7)
    club_id: Mapped[ClubId] = mapped_column(ForeignKey(Club.id))
    name: Mapped[str]
    source: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    undone_at: Mapped[datetime | None] = mapped_column(Timestamp)

    __table_args__ = (
        Index(None, "club_id", "source", unique=True, postgresql_where=text("undone_at IS NULL")),
        Index(None, "club_id", "id"),
    )


class ImportItem(ClubTable):
    """A week, nomination, winner or rating that an import wrote.

    `before` and `after` are what stood and what the import left: while it is still that, nobody else has changed it.
    """

    __tablename__ = "import_items"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid7)
    import_id: Mapped[UUID] = mapped_column(ForeignKey(Import.id))
    kind: Mapped[ItemKind] = mapped_column(String)
    # The message's id, or a hash of what was said where there is no message.
    key: Mapped[str]
    week_id: Mapped[WeekId] = mapped_column(ForeignKey(Week.id), index=True)
    subject_id: Mapped[UUID] = mapped_column(Uuid, index=True)
    outcome: Mapped[str]
    state: Mapped[str] = mapped_column(default="stands")
    kept_because: Mapped[str | None]
    confidence: Mapped[float] = mapped_column(Float)
    provenance: Mapped[dict[str, Any]] = mapped_column(JSONB)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    after: Mapped[dict[str, Any]] = mapped_column(JSONB)

    __table_args__ = (
        UniqueConstraint("import_id", "kind", "key", "subject_id"),
        CheckConstraint("kind IN ('week', 'nomination', 'winner', 'rating')", name="kind"),
        CheckConstraint("outcome IN ('made', 'changed')", name="outcome"),
        CheckConstraint("state IN ('stands', 'undone', 'kept')", name="state"),
    )
