"""What people do, as the feed tells it, and what of the club it is told by."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, SmallInteger, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from chassis.db import Timestamp
from contracts.activity import Act
from contracts.ids import AlbumId, ClubId, UserId, WeekId
from identity.models.base import IdentityTable


class Activity(IdentityTable):
    """Something that somebody did, in its newest state; one that was taken back stays, as a tombstone.

    `subject_id` is the nomination, the week that was rated or won, who is followed, or the album that was listened to.
    `at` orders the feed, and others see it from `seen_from` on: null is not yet.
    """

    __tablename__ = "activities"

    kind: Mapped[Act] = mapped_column(String, primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    user_id: Mapped[UserId] = mapped_column(Uuid, primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, default=uuid7, unique=True)
    version: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(Timestamp)
    seen_from: Mapped[datetime | None] = mapped_column(Timestamp)
    withdrawn: Mapped[bool]
    week_id: Mapped[WeekId | None] = mapped_column(Uuid, index=True)
    album_id: Mapped[AlbumId | None] = mapped_column(Uuid)
    half_steps: Mapped[int | None] = mapped_column(SmallInteger)

    __table_args__ = (Index(None, "at", "id"), Index(None, "user_id", "at", "id"))


class Heard(IdentityTable):
    """Up to which version the club has told who nominated an album, or whose nomination won a week."""

    __tablename__ = "heard"

    kind: Mapped[Act] = mapped_column(String, primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)


class Week(IdentityTable):
    """Of which club a week is, as `club.week.changed` tells it."""

    __tablename__ = "weeks"

    id: Mapped[WeekId] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    club_id: Mapped[ClubId] = mapped_column(Uuid)


class Participant(IdentityTable):
    """Somebody who nominated or rated in a club, ever."""

    __tablename__ = "participants"

    club_id: Mapped[ClubId] = mapped_column(Uuid, primary_key=True)
    user_id: Mapped[UserId] = mapped_column(Uuid, primary_key=True, index=True)
