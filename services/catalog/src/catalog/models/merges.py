"""Pieces that turned out to be one."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, Uuid, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from catalog.models.base import CatalogTable
from catalog.models.naming import PieceKind
from chassis.aliases import Alias
from chassis.db import Timestamp


class AlbumAlias(Alias, CatalogTable):
    """An album's id that means another one."""

    __tablename__ = "album_aliases"


class ArtistAlias(Alias, CatalogTable):
    """An artist's id that means another one."""

    __tablename__ = "artist_aliases"


class Merge(CatalogTable):
    """A merge, with all that it changed: what undoing it puts back."""

    __tablename__ = "merges"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    kind: Mapped[PieceKind] = mapped_column(Text)
    old_id: Mapped[UUID] = mapped_column(Uuid)
    survivor_id: Mapped[UUID] = mapped_column(Uuid)
    before: Mapped[dict[str, Any]] = mapped_column(JSONB)
    merged_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    undone_at: Mapped[datetime | None] = mapped_column(Timestamp)

    __table_args__ = (
        CheckConstraint("kind IN ('artist', 'album')", name="kind"),
        Index("uq_merges_standing", "old_id", unique=True, postgresql_where=text("undone_at IS NULL")),
        Index(None, "survivor_id"),
    )
