"""The keys of programs."""

from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, String, Uuid, func
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Timestamp
from contracts.ids import UserId
from identity.models.base import IdentityTable, one_of

KeyKind = Literal["bot", "worker", "admin", "user"]


class ApiKey(IdentityTable):
    """A program's key. Its secret is not here: only the hash by which it is known again.

    A `bootstrap` key came from the environment, and gives way to the next one of its kind that does.
    """

    __tablename__ = "api_keys"
    __table_args__ = (
        CheckConstraint(one_of("kind", get_args(KeyKind)), name="kind"),
        CheckConstraint("(kind = 'user') = (owner_id IS NOT NULL)", name="owner"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    secret_hash: Mapped[bytes]
    kind: Mapped[KeyKind] = mapped_column(String)
    name: Mapped[str]
    scopes: Mapped[list[str]] = mapped_column(ARRAY(String))
    owner_id: Mapped[UserId | None] = mapped_column(Uuid, ForeignKey("users.id"), index=True)
    bootstrap: Mapped[bool] = mapped_column(default=False, server_default="false")
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    expires_at: Mapped[datetime | None] = mapped_column(Timestamp)
    revoked_at: Mapped[datetime | None] = mapped_column(Timestamp)
    last_used_at: Mapped[datetime | None] = mapped_column(Timestamp)
    # The key that took its place, which it goes on beside until it expires.
    replaced_by: Mapped[str | None] = mapped_column(ForeignKey("api_keys.id"))


class LastFmApplication(IdentityTable):
    """What a scrobbler of Last.fm's protocol is by one of somebody's own keys, and ends with.

    Sealed are the secret that it signs with, and the MD5 of the key, by which older ones prove that they know it.
    """

    __tablename__ = "lastfm_applications"

    key_id: Mapped[str] = mapped_column(ForeignKey(ApiKey.id, ondelete="CASCADE"), primary_key=True)
    api_key: Mapped[str] = mapped_column(unique=True)
    sealed: Mapped[bytes]


class LastFmToken(IdentityTable):
    """What a scrobbler asked for to be approved. It is used once."""

    __tablename__ = "lastfm_tokens"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    application_id: Mapped[str] = mapped_column(ForeignKey(LastFmApplication.key_id, ondelete="CASCADE"), index=True)
    approved: Mapped[bool] = mapped_column(default=False, server_default="false")
    expires_at: Mapped[datetime] = mapped_column(Timestamp)


class LastFmSession(IdentityTable):
    """A scrobbler that was let in, by one of its owner's keys, with which it ends: by itself never."""

    __tablename__ = "lastfm_sessions"

    session_hash: Mapped[bytes] = mapped_column(primary_key=True)
    application_id: Mapped[str] = mapped_column(ForeignKey(LastFmApplication.key_id, ondelete="CASCADE"), index=True)
    key_id: Mapped[str] = mapped_column(ForeignKey(ApiKey.id, ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.clock_timestamp())
