"""What the club is about: its weeks, who put their winners up, and who rated them when."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Date, Uuid, func
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Timestamp
from contracts.ids import AlbumId, NominationId, UserId, WeekId
from listening.models.base import ListeningTable


class Week(ListeningTable):
    """A week, as `club.week.changed` tells of it."""

    __tablename__ = "weeks"

    week_id: Mapped[WeekId] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    date_discussion: Mapped[date | None] = mapped_column(Date)
    album_id: Mapped[AlbumId | None] = mapped_column(Uuid)
    nomination_id: Mapped[NominationId | None] = mapped_column(Uuid)


class Nomination(ListeningTable):
    """When something was put up, as `club.nomination.changed` tells."""

    __tablename__ = "nominations"

    nomination_id: Mapped[NominationId] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(Timestamp)


class Rating(ListeningTable):
    """When somebody rated a week's winner, as `club.rating.given` tells."""

    __tablename__ = "ratings"

    week_id: Mapped[WeekId] = mapped_column(Uuid, primary_key=True)
    user_id: Mapped[UserId] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    given_at: Mapped[datetime] = mapped_column(Timestamp)
    withdrawn: Mapped[bool]


class Completion(ListeningTable):
    """An album that somebody has heard whole, which was told once; taken back, it stays as a tombstone.

    `doubted`: plays of it were taken back since it was looked at.
    """

    __tablename__ = "completions"

    user_id: Mapped[UserId] = mapped_column(Uuid, primary_key=True)
    album_id: Mapped[AlbumId] = mapped_column(Uuid, primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, unique=True, server_default=func.gen_random_uuid())
    version: Mapped[int] = mapped_column(BigInteger, server_default="0")
    completed_at: Mapped[datetime] = mapped_column(Timestamp)
    in_order: Mapped[bool] = mapped_column(server_default="false")
    withdrawn: Mapped[bool] = mapped_column(server_default="false")
    doubted: Mapped[bool] = mapped_column(server_default="false")
