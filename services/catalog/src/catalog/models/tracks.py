"""Tracks, who is credited on them, where they stand, and how they are called elsewhere."""

from datetime import datetime

from sqlalchemy import BigInteger, Float, ForeignKey, SmallInteger, Uuid, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.models.albums import Album
from catalog.models.artists import Artist
from catalog.models.base import CatalogTable, Piece
from chassis.db import Timestamp
from contracts.ids import AlbumId, ArtistId, TrackId


class Track(Piece):
    """A recording; it may stand on several albums. `mbid` is the recording's."""

    __tablename__ = "tracks"

    id: Mapped[TrackId] = mapped_column(Uuid, primary_key=True)
    title: Mapped[str]
    artist: Mapped[str]
    duration_ms: Mapped[int | None]

    credits: Mapped[list["TrackArtist"]] = relationship(
        order_by="TrackArtist.position", lazy="raise", cascade="all, delete-orphan"
    )
    placements: Mapped[list["Placement"]] = relationship(
        order_by="(Placement.album_id, Placement.disc, Placement.position)", lazy="raise", viewonly=True
    )


class TrackArtist(CatalogTable):
    """A part of a track's artist line, by the name it has there, and what joins it to the next part."""

    __tablename__ = "track_artists"

    track_id: Mapped[TrackId] = mapped_column(Uuid, ForeignKey(Track.id), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    artist_id: Mapped[ArtistId] = mapped_column(Uuid, ForeignKey(Artist.id), index=True)
    name: Mapped[str]
    join_phrase: Mapped[str] = mapped_column(server_default="")


class Placement(CatalogTable):
    """Where a track stands on an album, by the title it has there."""

    __tablename__ = "placements"

    album_id: Mapped[AlbumId] = mapped_column(Uuid, ForeignKey(Album.id), primary_key=True)
    disc: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    track_id: Mapped[TrackId] = mapped_column(Uuid, ForeignKey(Track.id), index=True)
    title: Mapped[str]


class MessyTrack(CatalogTable):
    """What players call a track, as they spell it, and which track that is. Its id is `naming.messy_track_id`."""

    __tablename__ = "messy_tracks"

    id: Mapped[TrackId] = mapped_column(Uuid, primary_key=True)
    artist: Mapped[str]
    title: Mapped[str]
    album: Mapped[str | None]
    version: Mapped[int] = mapped_column(BigInteger)
    track_id: Mapped[TrackId] = mapped_column(Uuid, ForeignKey(Track.id), index=True)
    album_id: Mapped[AlbumId | None] = mapped_column(Uuid, ForeignKey(Album.id), index=True)
    mapped_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())


class TrackFeatures(CatalogTable):
    """How a recording sounds, as one source measured it, in the units of `contracts.sound`; null is unknown."""

    __tablename__ = "track_features"

    track_id: Mapped[TrackId] = mapped_column(Uuid, ForeignKey(Track.id), primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    energy: Mapped[float | None] = mapped_column(Float)
    valence: Mapped[float | None] = mapped_column(Float)
    acousticness: Mapped[float | None] = mapped_column(Float)
    danceability: Mapped[float | None] = mapped_column(Float)
    instrumentalness: Mapped[float | None] = mapped_column(Float)
    speechiness: Mapped[float | None] = mapped_column(Float)
    liveness: Mapped[float | None] = mapped_column(Float)
    loudness: Mapped[float | None] = mapped_column(Float)
    tempo: Mapped[float | None] = mapped_column(Float)
    key: Mapped[int | None] = mapped_column(SmallInteger)
    mode: Mapped[int | None] = mapped_column(SmallInteger)
    time_signature: Mapped[int | None] = mapped_column(SmallInteger)
    told_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
