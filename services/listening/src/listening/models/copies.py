"""What other services own and listening keeps a copy of."""

from typing import Any

from sqlalchemy import ARRAY, BigInteger, Index, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.aliases import Alias
from contracts.ids import AlbumId, ArtistId, TrackId, UserId
from listening.models.base import ListeningTable


class User(ListeningTable):
    """A person, as `identity.user.changed` tells of them. Days begin at midnight of their `timezone`, else UTC."""

    __tablename__ = "users"

    id: Mapped[UserId] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    display_name: Mapped[str]
    handle: Mapped[str | None] = mapped_column(index=True)
    avatar_url: Mapped[str | None]
    discord_id: Mapped[str | None] = mapped_column(index=True)
    timezone: Mapped[str | None]
    privacy: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")


class UserAlias(Alias, ListeningTable):
    """Somebody who turned out to be somebody else, as `identity.user.merged` tells."""

    __tablename__ = "user_aliases"


class AlbumAlias(Alias, ListeningTable):
    """An album's id that means another one, as `catalog.album.merged` tells; what is kept is read through it."""

    __tablename__ = "album_aliases"


class ArtistAlias(Alias, ListeningTable):
    """The same of an artist, as `catalog.artist.merged` tells."""

    __tablename__ = "artist_aliases"


class Album(ListeningTable):
    """An album with its tracklist and genres, as `catalog.album.changed` tells of it."""

    __tablename__ = "albums"

    id: Mapped[AlbumId] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    title: Mapped[str]
    artist: Mapped[str]
    tracks: Mapped[list[TrackId]] = mapped_column(ARRAY(Uuid))
    genres: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)


class Mapping(ListeningTable):
    """Which track a messy one is, as `catalog.track.mapped` tells. Until it is `applied`, nothing is counted so."""

    __tablename__ = "mappings"
    __table_args__ = (Index("ix_mappings_waiting", "messy_id", postgresql_where=text("NOT applied")),)

    messy_id: Mapped[TrackId] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    track_id: Mapped[TrackId] = mapped_column(Uuid)
    album_id: Mapped[AlbumId | None] = mapped_column(Uuid)
    artist_ids: Mapped[list[ArtistId]] = mapped_column(ARRAY(Uuid))
    title: Mapped[str]
    artist: Mapped[str]
    duration_ms: Mapped[int | None]
    applied: Mapped[bool] = mapped_column(server_default="false")
