"""Files with listens, and how far they are."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Timestamp
from contracts.ids import UserId
from contracts.importing import ImportState, Reason
from listening.models.base import ListeningTable


class Import(ListeningTable):
    """A file of somebody, known by its SHA-256.

    `place` listens of it, in order of time, are in. It moves with them and the counts in one transaction, so that
    whoever goes on begins exactly there.
    """

    __tablename__ = "imports"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name="state"),
        Index("uq_imports_user_id_digest", "user_id", "digest", unique=True),
        Index("ix_imports_unfinished", "asked_at", postgresql_where=text("state IN ('waiting', 'running')")),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    user_id: Mapped[UserId] = mapped_column(Uuid)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[ImportState] = mapped_column(Text)
    total: Mapped[int | None] = mapped_column(BigInteger)
    place: Mapped[int] = mapped_column(BigInteger, server_default="0")
    inserted: Mapped[int] = mapped_column(BigInteger, server_default="0")
    duplicate: Mapped[int] = mapped_column(BigInteger, server_default="0")
    quarantined: Mapped[int] = mapped_column(BigInteger, server_default="0")
    rejected: Mapped[dict[Reason, int]] = mapped_column(JSONB, server_default="{}")
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    lease: Mapped[UUID | None] = mapped_column(Uuid)
    leased_until: Mapped[datetime | None] = mapped_column(Timestamp)
    error: Mapped[str | None]
    asked_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    done_at: Mapped[datetime | None] = mapped_column(Timestamp)


class ImportPart(ListeningTable):
    """A piece of a file that was sent, kept until it is read."""

    __tablename__ = "import_parts"

    import_id: Mapped[UUID] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
