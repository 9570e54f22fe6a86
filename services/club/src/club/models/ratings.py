"""What members make of a week's winner: as it stands, as it was before, and what they made of it later."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from chassis.db import Timestamp
from club.models.copies import Album, ClubTable, Member
from club.models.weeks import Week
from contracts.ids import AlbumId, UserId, WeekId


class Rating(ClubTable):
    """A member's rating of the week's winner, in half steps 2 to 10; of which album, it remembers.

    A withdrawn one stays, and is revived when the member rates again.
    """

    __tablename__ = "ratings"

    id: Mapped[Any] = mapped_column(Uuid, primary_key=True, default=uuid7)
    week_id: Mapped[WeekId] = mapped_column(ForeignKey(Week.id))
    user_id: Mapped[UserId] = mapped_column(ForeignKey(Member.id), index=True)
    album_id: Mapped[AlbumId] = mapped_column(ForeignKey(Album.id), index=True)
    half_steps: Mapped[int] = mapped_column(SmallInteger)
    favorite_track: Mapped[str | None]
    review: Mapped[str | None]
    # Where it was said: what is said there again is an edited message.
    ref: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    # Given, or last changed, after the week had closed.
    late: Mapped[bool] = mapped_column(default=False)
    # Null until it may be shown to everybody. The default is for the release before, which showed all at once.
    visible_from: Mapped[datetime | None] = mapped_column(Timestamp, server_default=func.now())
    withdrawn_at: Mapped[datetime | None] = mapped_column(Timestamp)
    review_hidden_at: Mapped[datetime | None] = mapped_column(Timestamp)
    review_hidden_reason: Mapped[str | None]
    version: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())

    __table_args__ = (
        UniqueConstraint("week_id", "user_id"),
        CheckConstraint("half_steps BETWEEN 2 AND 10", name="half_steps"),
        # What is still to be revealed.
        Index("ix_ratings_unseen", "week_id", postgresql_where=text("visible_from IS NULL AND withdrawn_at IS NULL")),
        Index(None, "ref", postgresql_using="gin"),
        # Sums over a club's ratings are read of the index alone.
        Index(
            None,
            "week_id",
            "album_id",
            postgresql_include=["half_steps", "user_id"],
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )


class RatingCount(ClubTable):
    """How many ratings of an album stand in a week at a half step; a trigger on `ratings` alone keeps it."""

    __tablename__ = "rating_counts"

    week_id: Mapped[WeekId] = mapped_column(ForeignKey(Week.id), primary_key=True)
    album_id: Mapped[AlbumId] = mapped_column(ForeignKey(Album.id), primary_key=True)
    half_steps: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    ratings: Mapped[int]

    # Derived: an export leaves it to the trigger of whoever restores it.
    __table_args__ = (CheckConstraint("ratings >= 0", name="ratings"), {"info": {"derived": True}})


class RatingState(ClubTable):
    """What a rating was from one of its versions on, for ever: the service itself cannot change or delete it."""

    __tablename__ = "rating_states"

    rating_id: Mapped[UUID] = mapped_column(ForeignKey(Rating.id), primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    album_id: Mapped[AlbumId] = mapped_column(ForeignKey(Album.id))
    half_steps: Mapped[int] = mapped_column(SmallInteger)
    favorite_track: Mapped[str | None]
    review: Mapped[str | None]
    late: Mapped[bool]
    withdrawn: Mapped[bool]
    ref: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    at: Mapped[datetime] = mapped_column(Timestamp)


class DiaryEntry(ClubTable):
    """What a member made of the album once the week had closed: beside their rating of it, which stays."""

    __tablename__ = "diary_entries"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid7)
    rating_id: Mapped[UUID] = mapped_column(ForeignKey(Rating.id))
    half_steps: Mapped[int] = mapped_column(SmallInteger)
    favorite_track: Mapped[str | None]
    review: Mapped[str | None]
    at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.clock_timestamp())

    __table_args__ = (
        CheckConstraint("half_steps BETWEEN 2 AND 10", name="half_steps"),
        Index(None, "rating_id", "at"),
    )
