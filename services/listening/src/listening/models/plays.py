"""Sightings, which are what a source said, and plays, which are what happened."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, SmallInteger, Uuid, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Timestamp
from contracts.ids import TrackId, UserId
from listening.models.base import ListeningTable


class Sighting(ListeningTable):
    """A listen as one source saw it. What is `hidden` was deleted by whose it is, and does not come back.

    `duration_ms` is how long was listened, `length_ms` how long the source says that the track is; `corrected_id` is
    what its owner says was played. `link` says why it is of a play that another source saw, too.
    Partitioned by year: what falls into none is in `sightings_default`, which is to stay empty.
    """

    __tablename__ = "sightings"
    __table_args__ = (
        Index("ix_sightings_raw", "received_at", postgresql_where=text("raw IS NOT NULL")),
        {"postgresql_partition_by": "RANGE (listened_at)"},
    )

    user_id: Mapped[UserId] = mapped_column(Uuid, primary_key=True)
    listened_at: Mapped[datetime] = mapped_column(Timestamp, primary_key=True)
    messy_id: Mapped[TrackId] = mapped_column(Uuid, primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    duration_ms: Mapped[int | None] = mapped_column(BigInteger)
    length_ms: Mapped[int | None] = mapped_column(BigInteger)
    client: Mapped[str | None]
    raw: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    received_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    play_id: Mapped[UUID | None] = mapped_column(Uuid)
    link: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    corrected_id: Mapped[TrackId | None] = mapped_column(Uuid)
    hidden: Mapped[bool] = mapped_column(server_default="false")


class UserSource(ListeningTable):
    """A source that ever saw somebody listen. What only one saw needs no comparing."""

    __tablename__ = "user_sources"

    user_id: Mapped[UserId] = mapped_column(Uuid, primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())


class Play(ListeningTable):
    """What happened. Its id begins with the millisecond at which it started, so that plays lie in order of time."""

    __tablename__ = "plays"

    user_id: Mapped[UserId] = mapped_column(Uuid, primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    started_at: Mapped[datetime] = mapped_column(Timestamp)
    messy_id: Mapped[TrackId] = mapped_column(Uuid)
    ms: Mapped[int] = mapped_column(BigInteger)
    sightings: Mapped[int] = mapped_column(SmallInteger)


class Decision(ListeningTable):
    """What somebody said of two of their listens: that they are one play, or that they are not."""

    __tablename__ = "decisions"
    __table_args__ = (Index("ix_decisions_user_id_second", "user_id", "second"),)

    user_id: Mapped[UserId] = mapped_column(Uuid, primary_key=True)
    first: Mapped[str] = mapped_column(primary_key=True)
    second: Mapped[str] = mapped_column(primary_key=True)
    together: Mapped[bool]
    at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())


class NowPlaying(ListeningTable):
    """What somebody listens to just now, until `expires_at`."""

    __tablename__ = "now_playing"

    user_id: Mapped[UserId] = mapped_column(Uuid, primary_key=True)
    messy_id: Mapped[TrackId] = mapped_column(ForeignKey("messy_tracks.id"))
    source: Mapped[str]
    client: Mapped[str | None]
    said: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    started_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    expires_at: Mapped[datetime] = mapped_column(Timestamp)


class LatestImport(ListeningTable):
    """Up to which moment, in seconds since 1970, a client has brought somebody's listens from another service."""

    __tablename__ = "latest_imports"

    user_id: Mapped[UserId] = mapped_column(Uuid, primary_key=True)
    service: Mapped[str] = mapped_column(primary_key=True)
    ts: Mapped[int] = mapped_column(BigInteger)


class Quarantined(ListeningTable):
    """A listen that can be read and not believed: its owner sees it, and nothing counts it."""

    __tablename__ = "quarantined"
    __table_args__ = (Index("ix_quarantined_user_id_id", "user_id", "id"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    user_id: Mapped[UserId] = mapped_column(Uuid)
    code: Mapped[str]
    digest: Mapped[bytes] = mapped_column(unique=True)
    source: Mapped[str]
    said: Mapped[dict[str, Any]] = mapped_column(JSONB)
    received_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
