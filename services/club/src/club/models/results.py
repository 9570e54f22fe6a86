"""Polls, from the commitment of their draw to their result."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    String,
    Uuid,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from chassis.db import Timestamp, first_version
from club.models.copies import Album, ClubTable
from club.models.nominations import Nomination
from club.models.weeks import Week
from contracts.ids import AlbumId, NominationId, WeekId
from contracts.results import TiePolicy


class Poll(ClubTable):
    """What a week's poll began with: the seed of its draw, secret until the close, and its published commitment."""

    __tablename__ = "polls"

    week_id: Mapped[WeekId] = mapped_column(ForeignKey(Week.id), primary_key=True)
    seed: Mapped[bytes]
    commitment: Mapped[bytes]


class Result(ClubTable):
    """How a week's poll ended, computed once; of it, the service may only raise the version."""

    __tablename__ = "results"

    id: Mapped[Any] = mapped_column(Uuid, primary_key=True, default=uuid7)
    week_id: Mapped[WeekId] = mapped_column(ForeignKey(Week.id), unique=True)
    version: Mapped[int] = mapped_column(BigInteger, default=first_version())
    winner_nomination_id: Mapped[NominationId | None] = mapped_column(ForeignKey(Nomination.id))
    tie_policy: Mapped[TiePolicy] = mapped_column(String)
    ballots: Mapped[int]
    members: Mapped[int]
    root: Mapped[bytes]
    number: Mapped[int]
    head: Mapped[bytes]
    # `contracts.results.Outcome`. The ballots themselves are in the chain and nowhere else.
    outcome: Mapped[dict[str, Any]] = mapped_column(JSONB)
    computed_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.clock_timestamp())


class Override(ClubTable):
    """A winner that an admin set beside a result, for ever: the service itself has no right to change or delete it."""

    __tablename__ = "overrides"

    id: Mapped[Any] = mapped_column(Uuid, primary_key=True, default=uuid7)
    week_id: Mapped[WeekId] = mapped_column(ForeignKey(Week.id), index=True)
    nomination_id: Mapped[NominationId | None] = mapped_column(ForeignKey(Nomination.id))
    album_id: Mapped[AlbumId] = mapped_column(ForeignKey(Album.id))
    reason: Mapped[str]
    # `Caller.sub`: a user's id, or a key's.
    actor: Mapped[str]
    at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.clock_timestamp())
