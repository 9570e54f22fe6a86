"""Which phase a week was in, and since when."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, func
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Timestamp
from club.models.copies import ClubTable
from club.models.weeks import Week
from contracts.ids import WeekId
from contracts.phases import Phase


class Moved(ClubTable):
    """A week entered a phase. Never changed: it tells what a message that was missed would have met."""

    __tablename__ = "moves"

    week_id: Mapped[WeekId] = mapped_column(ForeignKey(Week.id), primary_key=True)
    at: Mapped[datetime] = mapped_column(Timestamp, primary_key=True, server_default=func.clock_timestamp())
    phase: Mapped[Phase] = mapped_column(String)
