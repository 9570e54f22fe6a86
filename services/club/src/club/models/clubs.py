"""Clubs and their rosters."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Uuid,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from chassis.db import Timestamp, first_version
from club.models.copies import ClubTable, Member
from contracts.ids import ClubId, UserId

# The club that `/club/…` addresses; the migration makes it.
DEFAULT_CLUB = ClubId(UUID("00000000-0000-7000-8000-000000000001"))


class Club(ClubTable):
    """A club, and the aggregate that its roster belongs to."""

    __tablename__ = "clubs"

    id: Mapped[ClubId] = mapped_column(Uuid, primary_key=True, default=uuid7)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    guild_id: Mapped[str | None]
    timezone: Mapped[str]
    # Only what was decided: the rest are the defaults of `contracts.clubs.ClubRules`.
    rules: Mapped[dict[str, Any]] = mapped_column(JSONB)
    has_roster: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(BigInteger, default=first_version())
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())


class Belonging(ClubTable):
    """A line of a club's roster."""

    __tablename__ = "roster"

    club_id: Mapped[ClubId] = mapped_column(ForeignKey(Club.id), primary_key=True)
    user_id: Mapped[UserId] = mapped_column(ForeignKey(Member.id), primary_key=True)
    role: Mapped[str]

    __table_args__ = (CheckConstraint("role IN ('member', 'host')", name="role"), Index(None, "user_id"))


class Participant(ClubTable):
    """Somebody who ever nominated, voted or rated in a club; triggers on what they did alone keep it."""

    __tablename__ = "participants"

    club_id: Mapped[ClubId] = mapped_column(ForeignKey(Club.id), primary_key=True)
    user_id: Mapped[UserId] = mapped_column(ForeignKey(Member.id), primary_key=True, index=True)

    # Derived: an export leaves it to the triggers of whoever restores it.
    __table_args__ = ({"info": {"derived": True}},)
