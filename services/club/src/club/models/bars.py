"""Who is barred from what."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Timestamp
from club.models.clubs import Club
from club.models.copies import ClubTable, Member
from contracts.clubs import Act
from contracts.ids import ClubId, UserId


class Bar(ClubTable):
    """Lifting a bar deletes its row; the audit remembers it."""

    __tablename__ = "bars"

    club_id: Mapped[ClubId] = mapped_column(ForeignKey(Club.id), primary_key=True)
    user_id: Mapped[UserId] = mapped_column(ForeignKey(Member.id), primary_key=True)
    acts: Mapped[list[Act]] = mapped_column(ARRAY(String))
    reason: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())

    __table_args__ = (Index(None, "user_id"),)
