"""The catalog schema: artists, albums, tracks and who is credited on them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, SmallInteger, Uuid, func
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from chassis.db import Base, Timestamp, schema
from contracts.ids import AlbumId, ArtistId, TrackId


class CatalogTable(Base):
    __abstract__ = True
    metadata = schema()


class Piece(CatalogTable):
    """What artists, albums and tracks have in common.

    `match_key` and `search` are the names as contracts.naming folds them: for finding the same, and the similar.
    """

    __abstract__ = True

    version: Mapped[int] = mapped_column(BigInteger)
    mbid: Mapped[UUID | None] = mapped_column(unique=True)
    spotify_id: Mapped[str | None] = mapped_column(unique=True)
    match_key: Mapped[str]
    search: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Index, ...]:  # noqa: N805 — a class is what SQLAlchemy passes
        # A key may be longer than a btree's row can be; a hash has no such bound.
        return (
            Index(None, "match_key", postgresql_using="hash"),
            Index(None, "search", postgresql_using="gin", postgresql_ops={"search": "gin_trgm_ops"}),
        )


class Artist(Piece):
    __tablename__ = "artists"

    id: Mapped[ArtistId] = mapped_column(Uuid, primary_key=True)
    name: Mapped[str]


class Album(Piece):
    """`mbid` is a release group's; `artist` is the line as it was typed; `cover_url` only what somebody gave."""

    __tablename__ = "albums"

    id: Mapped[AlbumId] = mapped_column(Uuid, primary_key=True)
    title: Mapped[str]
    artist: Mapped[str]
    year: Mapped[int | None] = mapped_column(SmallInteger)
    cover_url: Mapped[str | None]

    credits: Mapped[list["AlbumArtist"]] = relationship(
        order_by="AlbumArtist.position", lazy="raise", cascade="all, delete-orphan"
    )


class AlbumArtist(CatalogTable):
    """A part of an album's artist line, by the name it has there."""

    __tablename__ = "album_artists"

    album_id: Mapped[AlbumId] = mapped_column(Uuid, ForeignKey(Album.id), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    artist_id: Mapped[ArtistId] = mapped_column(Uuid, ForeignKey(Artist.id), index=True)
    name: Mapped[str]


class Track(Piece):
    """`position` is its place on `album_id`."""

    __tablename__ = "tracks"

    id: Mapped[TrackId] = mapped_column(Uuid, primary_key=True)
    title: Mapped[str]
    artist: Mapped[str]
    album_id: Mapped[AlbumId | None] = mapped_column(Uuid, ForeignKey(Album.id), index=True)
    position: Mapped[int | None] = mapped_column(SmallInteger)
    duration_ms: Mapped[int | None]

    credits: Mapped[list["TrackArtist"]] = relationship(
        order_by="TrackArtist.position", lazy="raise", cascade="all, delete-orphan"
    )


class TrackArtist(CatalogTable):
    """A part of a track's artist line, by the name it has there."""

    __tablename__ = "track_artists"

    track_id: Mapped[TrackId] = mapped_column(Uuid, ForeignKey(Track.id), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    artist_id: Mapped[ArtistId] = mapped_column(Uuid, ForeignKey(Artist.id), index=True)
    name: Mapped[str]
