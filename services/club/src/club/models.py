"""The club schema: weeks and what members say in them, and copies of the people and albums they speak of."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    String,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from chassis.db import Base, Timestamp, first_version, schema
from contracts.ids import AlbumId, ClubId, NominationId, UserId, WeekId
from contracts.phases import Deadlines, Phase, WeekKind
from contracts.results import TiePolicy

# The club that `/club/…` addresses; the migration makes it.
DEFAULT_CLUB = ClubId(UUID("00000000-0000-7000-8000-000000000001"))
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


class ClubTable(Base):
    __abstract__ = True
    metadata = schema()


class Member(ClubTable):
    """A person, as `identity.user.changed` tells of them."""

    __tablename__ = "members"

    id: Mapped[UserId] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    display_name: Mapped[str]
    handle: Mapped[str | None]
    avatar_url: Mapped[str | None]
    # Not unique: two states of one account may arrive in any order.
    discord_id: Mapped[str | None] = mapped_column(index=True)


class Album(ClubTable):
    """An album, as `catalog.album.changed` tells of it."""

    __tablename__ = "albums"

    id: Mapped[AlbumId] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    title: Mapped[str]
    artist: Mapped[str]
    artists: Mapped[list[Any]] = mapped_column(JSONB)
    year: Mapped[int | None] = mapped_column(SmallInteger)
    mbid: Mapped[str | None] = mapped_column(index=True)
    spotify_id: Mapped[str | None] = mapped_column(index=True)
    cover_url: Mapped[str | None]
    # `contracts.naming.album_key`: what finds the album when somebody types its name again.
    match_key: Mapped[str]

    # A key may be longer than a btree's row can be; a hash has no such bound.
    __table_args__ = (Index(None, "match_key", postgresql_using="hash"),)


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


class Nomination(ClubTable):
    """Withdrawn ones stay, for ballots may hold them; nominating the album again revives its row."""

    __tablename__ = "nominations"

    id: Mapped[NominationId] = mapped_column(Uuid, primary_key=True, default=uuid7)
    week_id: Mapped[WeekId] = mapped_column(ForeignKey(Week.id))
    user_id: Mapped[UserId] = mapped_column(ForeignKey(Member.id), index=True)
    album_id: Mapped[AlbumId] = mapped_column(ForeignKey(Album.id), index=True)
    pitch: Mapped[str | None]
    pitch_track_url: Mapped[str | None]
    genre: Mapped[str | None]
    decade: Mapped[str | None]
    country: Mapped[str | None]
    ref: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    withdrawn_at: Mapped[datetime | None] = mapped_column(Timestamp)
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())

    __table_args__ = (UniqueConstraint("week_id", "user_id", "album_id"),)


class Ballot(ClubTable):
    """A member's ballot in a week: the aggregate that its votes belong to, and what is locked to change them."""

    __tablename__ = "ballots"

    id: Mapped[Any] = mapped_column(Uuid, primary_key=True, default=uuid7)
    week_id: Mapped[WeekId] = mapped_column(ForeignKey(Week.id))
    user_id: Mapped[UserId] = mapped_column(ForeignKey(Member.id), index=True)
    version: Mapped[int] = mapped_column(BigInteger)
    cast_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())

    __table_args__ = (UniqueConstraint("week_id", "user_id"),)


class Vote(ClubTable):
    __tablename__ = "votes"

    week_id: Mapped[WeekId] = mapped_column(Uuid, primary_key=True)
    user_id: Mapped[UserId] = mapped_column(Uuid, primary_key=True)
    rank: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    nomination_id: Mapped[NominationId] = mapped_column(ForeignKey(Nomination.id), index=True)

    __table_args__ = (
        ForeignKeyConstraint(["week_id", "user_id"], [Ballot.week_id, Ballot.user_id]),
        CheckConstraint("rank IN (1, 2)", name="rank"),
    )


class Rating(ClubTable):
    """A member's rating of the week's winner, in half steps 2 to 10; of which album, it remembers."""

    __tablename__ = "ratings"

    id: Mapped[Any] = mapped_column(Uuid, primary_key=True, default=uuid7)
    week_id: Mapped[WeekId] = mapped_column(ForeignKey(Week.id))
    user_id: Mapped[UserId] = mapped_column(ForeignKey(Member.id), index=True)
    album_id: Mapped[AlbumId] = mapped_column(ForeignKey(Album.id), index=True)
    half_steps: Mapped[int] = mapped_column(SmallInteger)
    favorite_track: Mapped[str | None]
    review: Mapped[str | None]
    # Given, or last changed, after the week had closed.
    late: Mapped[bool] = mapped_column(default=False)
    visible_from: Mapped[datetime | None] = mapped_column(Timestamp, server_default=func.now())
    version: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())

    __table_args__ = (
        UniqueConstraint("week_id", "user_id"),
        CheckConstraint("half_steps BETWEEN 2 AND 10", name="half_steps"),
    )


class Poll(ClubTable):
    """What a week's poll began with: the seed of its draw, secret until the close, and its published commitment."""

    __tablename__ = "polls"

    week_id: Mapped[WeekId] = mapped_column(ForeignKey(Week.id), primary_key=True)
    seed: Mapped[bytes]
    commitment: Mapped[bytes]


class BallotSecret(ClubTable):
    """Who is behind a ballot in the chain, and the key of its salts: all that merging or deleting a person edits."""

    __tablename__ = "ballot_secrets"

    ballot_ref: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    week_id: Mapped[WeekId] = mapped_column(ForeignKey(Week.id))
    user_id: Mapped[UserId] = mapped_column(ForeignKey(Member.id), index=True)
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
    # `contracts.results.Outcome`, and the `Leaf` of each ballot as it was counted.
    outcome: Mapped[dict[str, Any]] = mapped_column(JSONB)
    leaves: Mapped[list[Any]] = mapped_column(JSONB)
    computed_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.clock_timestamp())
