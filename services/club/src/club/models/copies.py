"""Copies of the people and albums that a club speaks of."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Index,
    SmallInteger,
    Uuid,
    false,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.aliases import Alias
from chassis.db import Base, schema
from contracts.ids import AlbumId, UserId


class ClubTable(Base):
    __abstract__ = True
    metadata = schema()


class Member(ClubTable):
    """A person, as `identity.user.changed` tells of them; or a former one, of whom nothing is told any more."""

    __tablename__ = "members"

    id: Mapped[UserId] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    display_name: Mapped[str]
    handle: Mapped[str | None]
    avatar_url: Mapped[str | None]
    # Not unique: two states of one account may arrive in any order.
    discord_id: Mapped[str | None] = mapped_column(index=True)
    # Of `contracts.privacy.Privacy`; what is missing is public.
    privacy: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    former: Mapped[bool] = mapped_column(default=False, server_default=false())

    __table_args__ = (Index("ix_members_former", "id", postgresql_where=text("former")),)


class UserAlias(Alias, ClubTable):
    """Somebody who turned out to be somebody else; both have a row in `members`."""

    __tablename__ = "user_aliases"


class AlbumAlias(Alias, ClubTable):
    """An album's id that means another one, as `catalog.album.merged` tells; rows keep the id they came with."""

    __tablename__ = "album_aliases"


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
