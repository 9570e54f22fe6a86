"""Albums, who is credited on them, and their editions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, SmallInteger, Text, Uuid, false
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.models.artists import Artist
from catalog.models.base import CatalogTable, Piece
from chassis.db import Timestamp
from contracts.ids import AlbumId, ArtistId


class Album(Piece):
    """`mbid` is a release group's; `artist` is the line as it was typed; `cover_url` only what somebody gave.

    `first_release` is a date as MusicBrainz has it, of a year, a month or a day; `kind` and `secondary_kinds` are its
    types; `front` is whether the Cover Art Archive has a cover, null while it was not asked; `image_url` is what
    Spotify shows. `enriched_at` is when sources last told of it.
    """

    __tablename__ = "albums"

    id: Mapped[AlbumId] = mapped_column(Uuid, primary_key=True)
    title: Mapped[str]
    artist: Mapped[str]
    year: Mapped[int | None] = mapped_column(SmallInteger)
    cover_url: Mapped[str | None]
    image_url: Mapped[str | None]
    front: Mapped[bool | None]
    kind: Mapped[str | None]
    secondary_kinds: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    first_release: Mapped[str | None]
    enriched_at: Mapped[datetime | None] = mapped_column(Timestamp)

    credits: Mapped[list["AlbumArtist"]] = relationship(
        order_by="AlbumArtist.position", lazy="raise", cascade="all, delete-orphan"
    )


class AlbumArtist(CatalogTable):
    """A part of an album's artist line, by the name it has there, and what joins it to the next part."""

    __tablename__ = "album_artists"

    album_id: Mapped[AlbumId] = mapped_column(Uuid, ForeignKey(Album.id), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    artist_id: Mapped[ArtistId] = mapped_column(Uuid, ForeignKey(Artist.id), index=True)
    name: Mapped[str]
    join_phrase: Mapped[str] = mapped_column(server_default="")


class Edition(CatalogTable):
    """A release of an album, by MusicBrainz's id; the representative one has the tracklist that is shown."""

    __tablename__ = "editions"

    mbid: Mapped[UUID] = mapped_column(primary_key=True)
    album_id: Mapped[AlbumId] = mapped_column(Uuid, ForeignKey(Album.id), index=True)
    title: Mapped[str]
    disambiguation: Mapped[str | None]
    released: Mapped[str | None]
    country: Mapped[str | None]
    format: Mapped[str | None]
    tracks: Mapped[int] = mapped_column(SmallInteger)
    representative: Mapped[bool] = mapped_column(server_default=false())
