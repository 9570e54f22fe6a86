"""What pieces are called elsewhere: ids, and other names."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, SmallInteger, Text, Uuid, func, text
from sqlalchemy.orm import Mapped, mapped_column

from catalog.models.base import CatalogTable
from chassis.db import Timestamp
from contracts.naming import MATCHING

PieceKind = Literal["artist", "album", "track"]
IdSource = Literal["musicbrainz", "musicbrainz-release", "spotify", "isrc", "url"]


class ExternalId(CatalogTable):
    """An id by which a piece is known elsewhere. It is one piece's, but for an ISRC, which several recordings share.

    Of an album `musicbrainz` is its release group and `musicbrainz-release` an edition; each Spotify id is one too.
    """

    __tablename__ = "external_ids"

    kind: Mapped[PieceKind] = mapped_column(Text, primary_key=True)
    source: Mapped[IdSource] = mapped_column(Text, primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    piece_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())

    __table_args__ = (
        CheckConstraint("kind IN ('artist', 'album', 'track')", name="kind"),
        Index(
            "uq_external_ids_one_piece",
            "kind",
            "source",
            "value",
            unique=True,
            postgresql_where=text("source <> 'isrc'"),
        ),
        Index(None, "piece_id"),
    )


class PieceAlias(CatalogTable):
    """Another name of an artist or album, as a source has it, and as contracts.naming matches it (see Piece)."""

    __tablename__ = "piece_aliases"

    kind: Mapped[PieceKind] = mapped_column(Text, primary_key=True)
    piece_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str]
    match_key: Mapped[str]
    matching: Mapped[int] = mapped_column(SmallInteger, default=MATCHING, server_default="1")

    __table_args__ = (
        CheckConstraint("kind IN ('artist', 'album', 'track')", name="kind"),
        Index(None, "match_key", postgresql_using="hash"),
    )


class Tagging(CatalogTable):
    """That a source calls a piece a genre, or tags it so. `weight` is above 0 and at most 1 within one source."""

    __tablename__ = "taggings"

    kind: Mapped[PieceKind] = mapped_column(Text, primary_key=True)
    piece_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    weight: Mapped[float]
    is_genre: Mapped[bool]

    __table_args__ = (
        CheckConstraint("kind IN ('artist', 'album', 'track')", name="kind"),
        CheckConstraint("weight > 0 AND weight <= 1", name="weight"),
    )


class Word(CatalogTable):
    """A word that some name has, or had, as `search` folds it: what slips are mended by.

    A trigger writes them along with the names; now and then one is there twice.
    """

    __tablename__ = "words"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    word: Mapped[str] = mapped_column(Text(collation="C"))

    __table_args__ = (
        Index(None, "word"),
        Index("ix_words_alike", "word", postgresql_using="gin", postgresql_ops={"word": "gin_trgm_ops"}),
    )
