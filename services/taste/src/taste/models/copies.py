"""What other services own and taste keeps a copy of: people, albums, and days of listening."""

from datetime import date
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Date, Identity, Index, Integer, String, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.aliases import Alias
from contracts.ids import AlbumId, UserId
from taste.models.base import TasteTable


class User(TasteTable):
    """A person, as `identity.user.changed` tells of them. The `seat` is their place in rows of matches."""

    __tablename__ = "users"

    id: Mapped[UserId] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    display_name: Mapped[str]
    handle: Mapped[str | None] = mapped_column(index=True)
    timezone: Mapped[str | None]
    seat: Mapped[int] = mapped_column(Integer, Identity(), unique=True)
    privacy: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")


class UserAlias(Alias, TasteTable):
    """Somebody who turned out to be somebody else, as `identity.user.merged` tells."""

    __tablename__ = "user_aliases"


class Album(TasteTable):
    """What an album is like, as `catalog.album.changed` tells; `features` were measured, `mood` is estimated."""

    __tablename__ = "albums"

    id: Mapped[AlbumId] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    title: Mapped[str]
    artist: Mapped[str]
    year: Mapped[int | None]
    countries: Mapped[list[str]] = mapped_column(ARRAY(String))
    genres: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    genre_parents: Mapped[dict[str, list[str]]] = mapped_column(JSONB)
    mood: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    features: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))


class AlbumAlias(Alias, TasteTable):
    """An album's id that means another one, as `catalog.album.merged` tells; what is kept is read through it."""

    __tablename__ = "album_aliases"


class Day(TasteTable):
    """A person's day, as `listening.day.changed` tells: plays by artist, album and track; hours of their own clock.

    `album_ids` are those of the plays. What was taken in before tracks were kept names none. A day with `left_out`
    counts for nothing, and so its plays are not kept.
    """

    __tablename__ = "days"
    __table_args__ = (Index("ix_days_album_ids", "album_ids", postgresql_using="gin"),)

    user_id: Mapped[UserId] = mapped_column(Uuid, primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    plays: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    album_ids: Mapped[list[AlbumId]] = mapped_column(ARRAY(Uuid))
    hours: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    left_out: Mapped[str | None]
