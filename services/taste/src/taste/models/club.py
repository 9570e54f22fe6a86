"""What the club tells: clubs with their weeks and rosters, nominations, ballots and ratings."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, SmallInteger, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Timestamp
from contracts.ids import AlbumId, ClubId, NominationId, UserId, WeekId
from taste.models.base import TasteTable


class Club(TasteTable):
    """A club that weeks or a roster told of; `roster_version` is that of the newest roster, null without one."""

    __tablename__ = "clubs"

    id: Mapped[ClubId] = mapped_column(Uuid, primary_key=True)
    slug: Mapped[str] = mapped_column(index=True)
    roster_version: Mapped[int | None] = mapped_column(BigInteger)


class Belonging(TasteTable):
    """A line of a club's roster."""

    __tablename__ = "roster"

    club_id: Mapped[ClubId] = mapped_column(Uuid, primary_key=True)
    user_id: Mapped[UserId] = mapped_column(Uuid, primary_key=True, index=True)


class Week(TasteTable):
    """A week, as `club.week.changed` tells of it; `album_id` is what won."""

    __tablename__ = "weeks"

    week_id: Mapped[WeekId] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    club_id: Mapped[ClubId] = mapped_column(Uuid, index=True)
    number: Mapped[int]
    label: Mapped[str]
    phase: Mapped[str]
    album_id: Mapped[AlbumId | None] = mapped_column(Uuid)
    nomination_id: Mapped[NominationId | None] = mapped_column(Uuid)


class Nomination(TasteTable):
    """An album that was put up, as `club.nomination.changed` tells."""

    __tablename__ = "nominations"

    nomination_id: Mapped[NominationId] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    week_id: Mapped[WeekId] = mapped_column(Uuid, index=True)
    album_id: Mapped[AlbumId] = mapped_column(Uuid)
    withdrawn: Mapped[bool]


class Nominator(TasteTable):
    """Somebody who stands behind a nomination."""

    __tablename__ = "nominators"

    nomination_id: Mapped[NominationId] = mapped_column(Uuid, primary_key=True)
    user_id: Mapped[UserId] = mapped_column(Uuid, primary_key=True, index=True)


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
