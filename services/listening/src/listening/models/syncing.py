"""From whose account elsewhere what they listened to is fetched, and when whom may be asked."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, SmallInteger, Text, Uuid, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Timestamp
from contracts.ids import UserId
from contracts.syncing import SyncError, SyncProvider, SyncState
from listening.models.base import ListeningTable


class SyncTask(ListeningTable):
    """One of a person and a provider, for as long as the account is linked: `unlinked` is its tombstone.

    Who works on it holds it by `lease`. `cursor` is how far it is. `version` counts what was reported of it;
    `told_at` and `told_error` are what was reported last.
    """

    __tablename__ = "sync_tasks"
    __table_args__ = (
        CheckConstraint("provider IN ('lastfm', 'listenbrainz', 'spotify')", name="provider"),
        CheckConstraint("state IN ('on', 'stopped', 'unlinked')", name="state"),
        Index("ix_sync_tasks_next_due", "next_due", postgresql_where=text("state = 'on'")),
    )

    user_id: Mapped[UserId] = mapped_column(Uuid, primary_key=True)
    provider: Mapped[SyncProvider] = mapped_column(Text, primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, unique=True, server_default=func.gen_random_uuid())
    version: Mapped[int] = mapped_column(BigInteger)
    account: Mapped[str]
    link_id: Mapped[UUID] = mapped_column(Uuid)
    link_version: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[SyncState] = mapped_column(Text)
    error: Mapped[SyncError | None] = mapped_column(Text)
    cursor: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    next_due: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    lease: Mapped[UUID | None] = mapped_column(Uuid)
    leased_until: Mapped[datetime | None] = mapped_column(Timestamp)
    last_sync_at: Mapped[datetime | None] = mapped_column(Timestamp)
    newest_at: Mapped[datetime | None] = mapped_column(Timestamp)
    asked_at: Mapped[datetime | None] = mapped_column(Timestamp)
    told_at: Mapped[datetime | None] = mapped_column(Timestamp)
    told_error: Mapped[SyncError | None] = mapped_column(Text)


class SyncTurn(ListeningTable):
    """When a provider may be asked next, by whichever process: by our own pace, and by its own word."""

    __tablename__ = "sync_turns"

    provider: Mapped[str] = mapped_column(primary_key=True)
    next_at: Mapped[datetime | None] = mapped_column(Timestamp)
    closed_until: Mapped[datetime | None] = mapped_column(Timestamp)
