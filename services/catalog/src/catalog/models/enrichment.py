"""What sources are still to be asked, what they answered, and when they may be asked again."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, SmallInteger, Text, Uuid, func, text
from sqlalchemy.orm import Mapped, mapped_column

from catalog.models.base import CatalogTable
from catalog.models.naming import PieceKind
from chassis.db import Timestamp

JobState = Literal["waiting", "done", "failed"]


class EnrichmentJob(CatalogTable):
    """A piece that sources are to be asked about: one job each, however often it is asked for.

    The lower its `priority`, the sooner. Who works on it holds it by `lease` until `leased_until`.
    """

    __tablename__ = "enrichment_jobs"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    kind: Mapped[PieceKind] = mapped_column(Text)
    piece_id: Mapped[UUID] = mapped_column(Uuid)
    state: Mapped[JobState] = mapped_column(Text, server_default="waiting")
    priority: Mapped[int] = mapped_column(SmallInteger)
    due_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    lease: Mapped[UUID | None] = mapped_column(Uuid)
    leased_until: Mapped[datetime | None] = mapped_column(Timestamp)
    error: Mapped[str | None]
    asked_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    done_at: Mapped[datetime | None] = mapped_column(Timestamp)

    __table_args__ = (
        CheckConstraint("kind IN ('artist', 'album', 'track')", name="kind"),
        CheckConstraint("state IN ('waiting', 'done', 'failed')", name="state"),
        Index("uq_enrichment_jobs_piece", "kind", "piece_id", unique=True),
        Index("ix_enrichment_jobs_next", "priority", "due_at", postgresql_where=text("state = 'waiting'")),
    )


class CachedAnswer(CatalogTable):
    """What a source answered at an address: also that there is nothing. `body` is compressed."""

    __tablename__ = "cached_answers"

    url: Mapped[str] = mapped_column(primary_key=True)
    status: Mapped[int] = mapped_column(SmallInteger)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    fetched_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    fresh_until: Mapped[datetime] = mapped_column(Timestamp, index=True)


class SourceSlot(CatalogTable):
    """When a source may be asked next, by whichever process: `next_at` by our pace, `closed_until` by its own word."""

    __tablename__ = "source_slots"

    source: Mapped[str] = mapped_column(primary_key=True)
    next_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    closed_until: Mapped[datetime | None] = mapped_column(Timestamp)
