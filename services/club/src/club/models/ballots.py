"""Ballots as they stand, and the chain that seals them."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    UniqueConstraint,
    Uuid,
    false,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from chassis.db import Timestamp
from club.models.copies import ClubTable, Member
from club.models.nominations import Nomination
from club.models.weeks import Week
from contracts.ids import NominationId, UserId, WeekId


class Ballot(ClubTable):
    """A member's ballot in a week: the aggregate that its votes belong to, and what is locked to change them.

    Of a decided poll the chain alone says what was chosen; its ballots are only what is announced, and in what version.
    """

    __tablename__ = "ballots"

    id: Mapped[Any] = mapped_column(Uuid, primary_key=True, default=uuid7)
    week_id: Mapped[WeekId] = mapped_column(ForeignKey(Week.id))
    user_id: Mapped[UserId] = mapped_column(ForeignKey(Member.id), index=True)
    version: Mapped[int] = mapped_column(BigInteger)
    cast_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    # Whether it was announced with its choices.
    revealed: Mapped[bool] = mapped_column(server_default=false())

    __table_args__ = (
        UniqueConstraint("week_id", "user_id"),
        Index(None, "week_id", postgresql_where=text("NOT revealed")),
    )


class Vote(ClubTable):
    """One choice of a ballot while the poll is open; once it is counted, only what does not fit the chain is left."""

    __tablename__ = "votes"

    week_id: Mapped[WeekId] = mapped_column(Uuid, primary_key=True)
    user_id: Mapped[UserId] = mapped_column(Uuid, primary_key=True)
    rank: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    nomination_id: Mapped[NominationId] = mapped_column(ForeignKey(Nomination.id), index=True)

    __table_args__ = (
        # Merging people re-points a ballot with its votes.
        ForeignKeyConstraint(["week_id", "user_id"], [Ballot.week_id, Ballot.user_id], onupdate="CASCADE"),
        CheckConstraint("rank IN (1, 2)", name="rank"),
    )


class BallotSecret(ClubTable):
    """Who is behind a ballot in the chain, and the key of its salts: all that merging or deleting a person edits."""

    __tablename__ = "ballot_secrets"

    ballot_ref: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    week_id: Mapped[WeekId] = mapped_column(ForeignKey(Week.id))
    # Null of one that was struck, once its voter has left.
    user_id: Mapped[UserId | None] = mapped_column(ForeignKey(Member.id), index=True)
    salt_key: Mapped[bytes]

    __table_args__ = (Index(None, "week_id", "user_id"),)


class BallotLink(ClubTable):
    """One change of one ballot, for ever: the service itself has no right to change or delete it."""

    __tablename__ = "ballot_links"

    week_id: Mapped[WeekId] = mapped_column(ForeignKey(Week.id), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    ballot_ref: Mapped[UUID] = mapped_column(ForeignKey(BallotSecret.ballot_ref))
    first: Mapped[NominationId | None] = mapped_column(ForeignKey(Nomination.id))
    second: Mapped[NominationId | None] = mapped_column(ForeignKey(Nomination.id))
    cast_at: Mapped[datetime] = mapped_column(Timestamp)
    leaf: Mapped[bytes]
    previous: Mapped[bytes]
    head: Mapped[bytes]

    __table_args__ = (Index(None, "ballot_ref", "number"),)
