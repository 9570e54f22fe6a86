"""Artists."""

from datetime import datetime

from sqlalchemy import Uuid
from sqlalchemy.orm import Mapped, mapped_column

from catalog.models.base import Piece
from chassis.db import Timestamp
from contracts.ids import ArtistId


class Artist(Piece):
    """What follows the name is what MusicBrainz says, once it was asked.

    `country` is ISO 3166-1 alpha-2, `kind` a person, a group or whatever else makes music; `begun` and `ended` are
    dates of a year, a month or a day. `enriched_at` is when it last told of them.
    """

    __tablename__ = "artists"

    id: Mapped[ArtistId] = mapped_column(Uuid, primary_key=True)
    name: Mapped[str]
    sort_name: Mapped[str | None]
    country: Mapped[str | None]
    disambiguation: Mapped[str | None]
    kind: Mapped[str | None]
    begun: Mapped[str | None]
    ended: Mapped[str | None]
    enriched_at: Mapped[datetime | None] = mapped_column(Timestamp)
