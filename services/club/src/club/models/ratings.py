"""What members make of a week's winner."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    SmallInteger,
    UniqueConstraint,
    Uuid,
    func,
)
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from chassis.db import Timestamp
from club.models.copies import Album, ClubTable, Member
from club.models.weeks import Week
from contracts.ids import AlbumId, UserId, WeekId


class Rating(ClubTable):
    """A member's rating of the week's winner, in half steps 2 to 10; of which album, it remembers."""

    __tablename__ = "ratings"

    id: Mapped[Any] = mapped_column(Uuid, primary_key=True, default=uuid7)
    week_id: Mapped[WeekId] = mapped_column(ForeignKey(Week.id))
    user_id: Mapped[UserId] = mapped_column(ForeignKey(Member.id), index=True)
    album_id: Mapped[AlbumId] = mapped_column(ForeignKey(Album.id), index=True)
    half_steps: Mapped[int] = mapped_column(SmallInteger)
    favorite_track: Mapped[str | None]
    review: Mapped[str | None]
    # Given, or last changed, after the week had closed.
    late: Mapped[bool] = mapped_column(default=False)
    visible_from: Mapped[datetime | None] = mapped_column(Timestamp, server_default=func.now())
    version: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())

    __table_args__ = (
        UniqueConstraint("week_id", "user_id"),
        CheckConstraint("half_steps BETWEEN 2 AND 10", name="half_steps"),
    )
