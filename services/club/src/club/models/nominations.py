"""What members put up for a week."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ForeignKey,
    UniqueConstraint,
    Uuid,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from chassis.db import Timestamp
from club.models.copies import Album, ClubTable, Member
from club.models.weeks import Week
from contracts.ids import AlbumId, NominationId, UserId, WeekId


class Nomination(ClubTable):
    """Withdrawn ones stay, for ballots may hold them; nominating the album again revives its row."""

    __tablename__ = "nominations"

    id: Mapped[NominationId] = mapped_column(Uuid, primary_key=True, default=uuid7)
    week_id: Mapped[WeekId] = mapped_column(ForeignKey(Week.id))
    user_id: Mapped[UserId] = mapped_column(ForeignKey(Member.id), index=True)
    album_id: Mapped[AlbumId] = mapped_column(ForeignKey(Album.id), index=True)
    pitch: Mapped[str | None]
    pitch_track_url: Mapped[str | None]
    genre: Mapped[str | None]
    decade: Mapped[str | None]
    country: Mapped[str | None]
    ref: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    withdrawn_at: Mapped[datetime | None] = mapped_column(Timestamp)
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())

    __table_args__ = (UniqueConstraint("week_id", "user_id", "album_id"),)
