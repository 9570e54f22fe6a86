"""Who follows and blocks whom."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, Uuid, func, text
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from chassis.db import Timestamp, first_version
from contracts.ids import UserId
from identity.models.base import IdentityTable
from identity.models.people import User


class Follow(IdentityTable):
    """Whether one person follows another, and since when; one that ended stays, as a tombstone."""

    __tablename__ = "follows"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid7)
    version: Mapped[int] = mapped_column(BigInteger, default=first_version())
    follower_id: Mapped[UserId] = mapped_column(Uuid, ForeignKey(User.id))
    followed_id: Mapped[UserId] = mapped_column(Uuid, ForeignKey(User.id))
    following: Mapped[bool]
    since: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())

    __table_args__ = (
        UniqueConstraint("follower_id", "followed_id"),
        CheckConstraint("follower_id <> followed_id", name="another"),
        Index("ix_follows_followers", "followed_id", "since", postgresql_where=text("following")),
        Index("ix_follows_following", "follower_id", "since", postgresql_where=text("following")),
    )


class Block(IdentityTable):
    """Somebody who wants nothing to do with somebody else: neither sees the other."""

    __tablename__ = "blocks"

    blocker_id: Mapped[UserId] = mapped_column(Uuid, ForeignKey(User.id), primary_key=True)
    blocked_id: Mapped[UserId] = mapped_column(Uuid, ForeignKey(User.id), primary_key=True)
    since: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())

    __table_args__ = (CheckConstraint("blocker_id <> blocked_id", name="another"), Index(None, "blocked_id"))
