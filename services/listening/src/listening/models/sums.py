"""Sums of plays, kept with them in one transaction. Days are those of the listener's time zone."""

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Computed, Date, Index, SmallInteger, Uuid, func, text
from sqlalchemy.orm import Mapped, mapped_column

from contracts.ids import TrackId, UserId
from listening.models.base import ListeningTable

# What an item of a sum is.
ARTIST, ALBUM, TRACK = 1, 2, 3
_TIER = f"width_bucket(plays, ARRAY{[2**power for power in range(3, 31)]})"


class Day(ListeningTable):
    """A day of somebody: a row for ever, once there was something. `told` is whether it was announced as it is."""

    __tablename__ = "days"
    __table_args__ = (
        Index("ix_days_untold", "user_id", "day", postgresql_where=text("NOT told")),
        Index("ix_days_left_out", "user_id", postgresql_where=text("left_out IS NOT NULL")),
    )

    user_id: Mapped[UserId] = mapped_column(Uuid, primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, unique=True, server_default=func.gen_random_uuid())
    version: Mapped[int] = mapped_column(BigInteger)
    plays: Mapped[int]
    ms: Mapped[int] = mapped_column(BigInteger)
    left_out: Mapped[str | None]
    told: Mapped[bool] = mapped_column(server_default="false")


class Hour(ListeningTable):
    """An hour of a day, 0 to 23."""

    __tablename__ = "hours"

    user_id: Mapped[UserId] = mapped_column(Uuid, primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    hour: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    plays: Mapped[int]
    ms: Mapped[int] = mapped_column(BigInteger)


class DayTrack(ListeningTable):
    """A messy track on a day."""

    __tablename__ = "day_tracks"
    __table_args__ = (Index("ix_day_tracks_messy_id_user_id", "messy_id", "user_id"),)

    user_id: Mapped[UserId] = mapped_column(Uuid, primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    messy_id: Mapped[TrackId] = mapped_column(Uuid, primary_key=True)
    plays: Mapped[int]
    ms: Mapped[int] = mapped_column(BigInteger)


class MonthItem(ListeningTable):
    """An artist, an album or a track in a month, by its first day."""

    __tablename__ = "month_items"

    user_id: Mapped[UserId] = mapped_column(Uuid, primary_key=True)
    month: Mapped[date] = mapped_column(Date, primary_key=True)
    kind: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    item_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    plays: Mapped[int]
    ms: Mapped[int] = mapped_column(BigInteger)


class UserItem(ListeningTable):
    """The same of all time. No index has sums in it: counting on writes an entry only where a page is full.

    `tier` says roughly how often: 0 below eight plays, and one more each time they double. It seldom changes, so that
    an index may have it: what is played most is found there, among the highest.
    """

    __tablename__ = "user_items"
    __table_args__ = (
        Index("ix_user_items_item_id", "item_id", postgresql_where=text("kind IN (1, 2)")),
        Index("ix_user_items_tier", "user_id", "kind", "tier", postgresql_where=text("tier > 0")),
    )

    user_id: Mapped[UserId] = mapped_column(Uuid, primary_key=True)
    kind: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    item_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    plays: Mapped[int]
    ms: Mapped[int] = mapped_column(BigInteger)
    tier: Mapped[int] = mapped_column(SmallInteger, Computed(_TIER))


class ItemCount(ListeningTable):
    """How many items of a kind somebody ever played; triggers on `user_items` alone keep it."""

    __tablename__ = "item_counts"
    __table_args__ = (CheckConstraint("items >= 0", name="items"),)

    user_id: Mapped[UserId] = mapped_column(Uuid, primary_key=True)
    kind: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    items: Mapped[int]
