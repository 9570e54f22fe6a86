"""What the club tells: ballots and ratings."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, SmallInteger, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Timestamp
from contracts.ids import AlbumId, NominationId, UserId, WeekId
from taste.models.base import TasteTable


class Vote(TasteTable):
    """A whole ballot, as `club.vote.cast` tells it."""

    __tablename__ = "votes"

    week_id: Mapped[WeekId] = mapped_column(Uuid, primary_key=True)
    user_id: Mapped[UserId] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    first: Mapped[NominationId | None] = mapped_column(Uuid)
    first_album_id: Mapped[AlbumId | None] = mapped_column(Uuid)
    second: Mapped[NominationId | None] = mapped_column(Uuid)
    second_album_id: Mapped[AlbumId | None] = mapped_column(Uuid)
    cast_at: Mapped[datetime] = mapped_column(Timestamp)


class Rating(TasteTable):
    """A rating, as `club.rating.given` tells it; a withdrawn one stays, as a tombstone."""

    __tablename__ = "ratings"
    __table_args__ = (Index("ix_ratings_user_id", "user_id"),)

    week_id: Mapped[WeekId] = mapped_column(Uuid, primary_key=True)
    user_id: Mapped[UserId] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    album_id: Mapped[AlbumId] = mapped_column(Uuid, index=True)
    half_steps: Mapped[int] = mapped_column(SmallInteger)
    visible_from: Mapped[datetime | None] = mapped_column(Timestamp)
    withdrawn: Mapped[bool]
    given_at: Mapped[datetime] = mapped_column(Timestamp)
