"""The club schema: weeks and what members say in them, and copies of the people and albums they speak of."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    UniqueConstraint,
    Uuid,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from chassis.db import Base, Timestamp, schema
from contracts.ids import AlbumId, NominationId, UserId, WeekId


class ClubTable(Base):
    __abstract__ = True
    metadata = schema()


class Member(ClubTable):
    """A person, as `identity.user.changed` tells of them."""

    __tablename__ = "members"

    id: Mapped[UserId] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    display_name: Mapped[str]
    handle: Mapped[str | None]
    avatar_url: Mapped[str | None]
    # Not unique: two states of one account may arrive in any order.
    discord_id: Mapped[str | None] = mapped_column(index=True)


class Album(ClubTable):
    """An album, as `catalog.album.changed` tells of it."""

    __tablename__ = "albums"

    id: Mapped[AlbumId] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    title: Mapped[str]
    artist: Mapped[str]
    artists: Mapped[list[Any]] = mapped_column(JSONB)
    year: Mapped[int | None] = mapped_column(SmallInteger)
    mbid: Mapped[str | None] = mapped_column(index=True)
    spotify_id: Mapped[str | None] = mapped_column(index=True)
    cover_url: Mapped[str | None]
    # `contracts.naming.album_key`: what finds the album when somebody types its name again.
    match_key: Mapped[str]

    # A key may be longer than a btree's row can be; a hash has no such bound.
    __table_args__ = (Index(None, "match_key", postgresql_using="hash"),)


class Week(ClubTable):
    __tablename__ = "weeks"

    id: Mapped[WeekId] = mapped_column(Uuid, primary_key=True, default=uuid7)
    number: Mapped[int] = mapped_column(unique=True)
    # Null while the label is the default one, made of number and date.
    label: Mapped[str | None]
    date_discussion: Mapped[date | None]
    winner_album_id: Mapped[AlbumId | None] = mapped_column(ForeignKey(Album.id))
    winner_nomination_id: Mapped[NominationId | None] = mapped_column(
        ForeignKey("nominations.id", use_alter=True, name="fk_weeks_winner_nomination_id")
    )
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())


class Ref(ClubTable):
    """Where a week stands on Discord. One of a kind a week, but any number of messages."""

    __tablename__ = "refs"

    week_id: Mapped[WeekId] = mapped_column(ForeignKey(Week.id), primary_key=True)
    provider: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    guild_id: Mapped[str | None]

    __table_args__ = (Index(None, "provider", "kind", "id"),)


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


class Ballot(ClubTable):
    """A member's ballot in a week: the aggregate that its votes belong to, and what is locked to change them."""

    __tablename__ = "ballots"

    id: Mapped[Any] = mapped_column(Uuid, primary_key=True, default=uuid7)
    week_id: Mapped[WeekId] = mapped_column(ForeignKey(Week.id))
    user_id: Mapped[UserId] = mapped_column(ForeignKey(Member.id), index=True)
    version: Mapped[int] = mapped_column(BigInteger)
    cast_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())

    __table_args__ = (UniqueConstraint("week_id", "user_id"),)


class Vote(ClubTable):
    __tablename__ = "votes"

    week_id: Mapped[WeekId] = mapped_column(Uuid, primary_key=True)
    user_id: Mapped[UserId] = mapped_column(Uuid, primary_key=True)
    rank: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    nomination_id: Mapped[NominationId] = mapped_column(ForeignKey(Nomination.id), index=True)

    __table_args__ = (
        ForeignKeyConstraint(["week_id", "user_id"], [Ballot.week_id, Ballot.user_id]),
        CheckConstraint("rank IN (1, 2)", name="rank"),
    )


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
    visible_from: Mapped[datetime | None] = mapped_column(Timestamp, server_default=func.now())
    version: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())

    __table_args__ = (
        UniqueConstraint("week_id", "user_id"),
        CheckConstraint("half_steps BETWEEN 2 AND 10", name="half_steps"),
    )
