"""Weeks, and where they stand on Discord."""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from chassis.db import Timestamp, first_version
from club.models.clubs import DEFAULT_CLUB, Club
from club.models.copies import Album, ClubTable
from contracts.ids import AlbumId, ClubId, NominationId, WeekId
from contracts.phases import Deadlines, Phase, WeekKind

# When the phase that a week is in ends, or one that should have ended since; in PostgreSQL's own spelling, by which
# a difference between this and the migrated column is noticed.
DUE_AT = """
CASE phase::text
WHEN 'nominating'::text THEN LEAST(nominating_ends, voting_ends, discussing_ends, rating_ends)
WHEN 'voting'::text THEN LEAST(voting_ends, discussing_ends, rating_ends)
WHEN 'discussing'::text THEN LEAST(discussing_ends, rating_ends)
WHEN 'rating'::text THEN rating_ends
ELSE NULL::timestamp with time zone
END
"""


class Week(ClubTable):
    __tablename__ = "weeks"

    id: Mapped[WeekId] = mapped_column(Uuid, primary_key=True, default=uuid7)
    club_id: Mapped[ClubId] = mapped_column(ForeignKey(Club.id), default=DEFAULT_CLUB)
    number: Mapped[int]
    kind: Mapped[WeekKind] = mapped_column(String, default="album")
    phase: Mapped[Phase] = mapped_column(String, default="open")
    nominating_ends: Mapped[datetime | None] = mapped_column(Timestamp)
    voting_ends: Mapped[datetime | None] = mapped_column(Timestamp)
    discussing_ends: Mapped[datetime | None] = mapped_column(Timestamp)
    rating_ends: Mapped[datetime | None] = mapped_column(Timestamp)
    due_at: Mapped[datetime | None] = mapped_column(Timestamp, Computed(DUE_AT, persisted=True))
    # Null while the label is the default one, made of number and date.
    label: Mapped[str | None]
    date_discussion: Mapped[date | None]
    winner_album_id: Mapped[AlbumId | None] = mapped_column(ForeignKey(Album.id))
    winner_nomination_id: Mapped[NominationId | None] = mapped_column(
        ForeignKey("nominations.id", use_alter=True, name="fk_weeks_winner_nomination_id")
    )
    version: Mapped[int] = mapped_column(BigInteger, default=first_version())
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())

    __table_args__ = (
        UniqueConstraint("club_id", "number"),
        CheckConstraint("kind IN ('album', 'special', 'skipped')", name="kind"),
        CheckConstraint(
            "phase IN ('open', 'draft', 'nominating', 'voting', 'discussing', 'rating', 'closed')", name="phase"
        ),
        Index(None, "due_at", postgresql_where=text("due_at IS NOT NULL")),
    )

    @property
    def deadlines(self) -> Deadlines:
        ends = (self.nominating_ends, self.voting_ends, self.discussing_ends, self.rating_ends)
        return Deadlines.model_validate(dict(zip(Deadlines.model_fields, ends, strict=True)))


class Ref(ClubTable):
    """Where a week stands on Discord. One of a kind a week, but any number of messages."""

    __tablename__ = "refs"

    week_id: Mapped[WeekId] = mapped_column(ForeignKey(Week.id), primary_key=True)
    provider: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    guild_id: Mapped[str | None]

    __table_args__ = (Index(None, "provider", "kind", "id"),)
