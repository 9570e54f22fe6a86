"""What people sign in with, and what they are signed in with."""

from datetime import datetime
from typing import Literal, get_args
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Uuid, func
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from chassis.db import Timestamp
from contracts.identity import Provider
from contracts.ids import UserId
from identity.models.base import IdentityTable, one_of
from identity.models.people import User

Method = Literal["password", "discord", "spotify"]
Purpose = Literal["sign_in", "link"]


class Password(IdentityTable):
    """What somebody signs in with here: an Argon2id hash, with its salt and parameters."""

    __tablename__ = "passwords"

    user_id: Mapped[UserId] = mapped_column(Uuid, ForeignKey(User.id), primary_key=True)
    hash: Mapped[str]
    changed_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.clock_timestamp())


class Session(IdentityTable):
    """A signed-in browser. It ends when it was idle for long, at `expires_at` in any case, or when it is revoked."""

    __tablename__ = "sessions"
    __table_args__ = (CheckConstraint(one_of("method", get_args(Method)), name="method"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid7)
    secret_hash: Mapped[bytes] = mapped_column(unique=True)
    user_id: Mapped[UserId] = mapped_column(Uuid, ForeignKey(User.id), index=True)
    method: Mapped[Method] = mapped_column(String)
    user_agent: Mapped[str | None]
    address: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.clock_timestamp())
    seen_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.clock_timestamp())
    expires_at: Mapped[datetime] = mapped_column(Timestamp)
    revoked_at: Mapped[datetime | None] = mapped_column(Timestamp)


class TokenFamily(IdentityTable):
    """An API client that somebody let in: all the refresh tokens that came from one sign-in."""

    __tablename__ = "token_families"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid7)
    user_id: Mapped[UserId] = mapped_column(Uuid, ForeignKey(User.id), index=True)
    name: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.clock_timestamp())
    expires_at: Mapped[datetime] = mapped_column(Timestamp)
    revoked_at: Mapped[datetime | None] = mapped_column(Timestamp)


class RefreshToken(IdentityTable):
    """One of a family; used once, but for two requests that cross."""

    __tablename__ = "refresh_tokens"

    secret_hash: Mapped[bytes] = mapped_column(primary_key=True)
    family_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(TokenFamily.id, ondelete="CASCADE"), index=True)
    issued_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.clock_timestamp())
    used_at: Mapped[datetime | None] = mapped_column(Timestamp)


class FailedLogins(IdentityTable):
    """How often in a row it was tried in vain to sign in: as somebody, or from an address."""

    __tablename__ = "failed_logins"

    whom: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(Timestamp)


class OAuthState(IdentityTable):
    """A sign-in or a link that somebody has begun on a provider's page. Whoever comes back takes the row along."""

    __tablename__ = "oauth_states"
    __table_args__ = (
        CheckConstraint(one_of("provider", get_args(Provider)), name="provider"),
        CheckConstraint(one_of("purpose", get_args(Purpose)), name="purpose"),
        CheckConstraint("(purpose = 'link') = (user_id IS NOT NULL)", name="user"),
    )

    state_hash: Mapped[bytes] = mapped_column(primary_key=True)
    provider: Mapped[Provider] = mapped_column(String)
    purpose: Mapped[Purpose] = mapped_column(String)
    user_id: Mapped[UserId | None] = mapped_column(Uuid, ForeignKey(User.id))
    # Of the cookie that the browser was given when it began.
    browser_hash: Mapped[bytes]
    code_verifier: Mapped[str]
    next: Mapped[str]
    expires_at: Mapped[datetime] = mapped_column(Timestamp, index=True)
