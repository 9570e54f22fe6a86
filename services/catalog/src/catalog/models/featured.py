"""What clubs chose."""

from sqlalchemy import BigInteger, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from catalog.models.base import CatalogTable
from contracts.ids import AlbumId, ClubId, WeekId


class FeaturedWeek(CatalogTable):
    """A week as `club.week.changed` tells it; `album_id` is what won it, by the id it had then."""

    __tablename__ = "featured_weeks"

    week_id: Mapped[WeekId] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    club_id: Mapped[ClubId] = mapped_column(Uuid)
    number: Mapped[int]
    label: Mapped[str]
    album_id: Mapped[AlbumId | None] = mapped_column(Uuid, index=True)
