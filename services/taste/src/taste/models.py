"""The taste schema: so far, copies of what members vote for and how they rate."""

from datetime import datetime

from sqlalchemy import BigInteger, SmallInteger, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Base, Timestamp, schema
from contracts.ids import AlbumId, NominationId, UserId, WeekId


class TasteTable(Base):
    __abstract__ = True
    metadata = schema()


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

    week_id: Mapped[WeekId] = mapped_column(Uuid, primary_key=True)
    user_id: Mapped[UserId] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    album_id: Mapped[AlbumId] = mapped_column(Uuid)
    half_steps: Mapped[int] = mapped_column(SmallInteger)
    visible_from: Mapped[datetime | None] = mapped_column(Timestamp)
    withdrawn: Mapped[bool]
    given_at: Mapped[datetime] = mapped_column(Timestamp)
