"""What members put up for a week, and who stands behind it."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, SmallInteger, UniqueConstraint, Uuid, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from chassis.db import Timestamp, first_version
from club.models.copies import Album, ClubTable, Member
from club.models.weeks import Week
from contracts.ids import AlbumId, NominationId, UserId, WeekId


class Nomination(ClubTable):
    """Withdrawn ones stay, for ballots may hold them; nominating the album again revives its row."""

    __tablename__ = "nominations"

    id: Mapped[NominationId] = mapped_column(Uuid, primary_key=True, default=uuid7)
    week_id: Mapped[WeekId] = mapped_column(ForeignKey(Week.id))
    # Who leads: of the nominators that stand the one who has stood longest; of one withdrawn, who led it last.
    user_id: Mapped[UserId] = mapped_column(ForeignKey(Member.id), index=True)
    album_id: Mapped[AlbumId] = mapped_column(ForeignKey(Album.id), index=True)
    # From 1 in each week, in the order of nominating; what `nominations.labels.code` spells.
    number: Mapped[int] = mapped_column(SmallInteger)
    genre: Mapped[str | None]
    decade: Mapped[str | None]
    country: Mapped[str | None]
    # Set while none of its nominators stands.
    withdrawn_at: Mapped[datetime | None] = mapped_column(Timestamp)
    version: Mapped[int] = mapped_column(BigInteger, default=first_version())
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())

    __table_args__ = (UniqueConstraint("week_id", "number"), Index(None, "week_id", "album_id"))


class Nominator(ClubTable):
    """A member's part in a nomination, the leading one's too; `created_at` is since when they stand."""

    __tablename__ = "nominators"

    nomination_id: Mapped[NominationId] = mapped_column(ForeignKey(Nomination.id), primary_key=True)
    user_id: Mapped[UserId] = mapped_column(ForeignKey(Member.id), primary_key=True, index=True)
    pitch: Mapped[str | None]
    pitch_track_url: Mapped[str | None]
    ref: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    withdrawn_at: Mapped[datetime | None] = mapped_column(Timestamp)
    # Not `now()`, which is when a transaction began: it may have waited for another's since.
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.clock_timestamp())
    updated_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.clock_timestamp())

    __table_args__ = (Index("ix_nominators_message", text("(ref ->> 'id')")),)
