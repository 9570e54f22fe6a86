"""Tracks as sources spell them, and what pieces of music are called."""

from sqlalchemy import Uuid
from sqlalchemy.orm import Mapped, mapped_column

from contracts.ids import AlbumId, ArtistId, TrackId
from listening.models.base import ListeningTable


class MessyTrack(ListeningTable):
    """A track as players spell it. Its id is naming's, for ever; which pieces it counts for, the catalogue may change.

    Until the catalogue has said so, it counts for ids made of the names alone. `title_key` is what spellings of one
    title share.
    """

    __tablename__ = "messy_tracks"

    id: Mapped[TrackId] = mapped_column(Uuid, primary_key=True)
    artist: Mapped[str]
    title: Mapped[str]
    album: Mapped[str | None]
    duration_ms: Mapped[int | None]
    title_key: Mapped[str]
    track_id: Mapped[TrackId] = mapped_column(Uuid, index=True)
    artist_id: Mapped[ArtistId] = mapped_column(Uuid, index=True)
    album_id: Mapped[AlbumId | None] = mapped_column(Uuid, index=True)


class PieceName(ListeningTable):
    """What a track, an album or an artist is called: as it was first said, or as the catalogue has it."""

    __tablename__ = "piece_names"

    id: Mapped[TrackId | AlbumId | ArtistId] = mapped_column(Uuid, primary_key=True)
    name: Mapped[str]
    artist: Mapped[str | None]
