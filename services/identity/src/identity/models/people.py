"""People, the accounts they have elsewhere, and who turned out to be whom."""

from datetime import datetime
from typing import Any, Literal, get_args
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, ForeignKey, String, Uuid, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, column_property, mapped_column
from uuid_utils.compat import uuid7

from chassis.aliases import Alias
from chassis.db import Timestamp, first_version
from contracts.accounts import LinkStatus
from contracts.identity import Provider
from contracts.ids import UserId
from contracts.syncing import SyncError
from identity.models.base import IdentityTable, one_of


class LinkedAccount(IdentityTable):
    """Who somebody is elsewhere. `encrypted_tokens` is null where the provider gave none, or nothing was to be kept.

    One that was unlinked stays as a tombstone, with nothing in it but whose it was; somebody may link it again.
    """

    __tablename__ = "linked_accounts"
    __table_args__ = (
        CheckConstraint(one_of("provider", get_args(Provider)), name="provider"),
        CheckConstraint(one_of("status", get_args(LinkStatus)), name="status"),
        CheckConstraint("status <> 'unlinked' OR encrypted_tokens IS NULL", name="wiped"),
    )

    provider: Mapped[Provider] = mapped_column(String, primary_key=True)
    provider_id: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, unique=True, default=uuid7, server_default=func.gen_random_uuid())
    version: Mapped[int] = mapped_column(BigInteger, default=first_version(), server_default="0")
    user_id: Mapped[UserId] = mapped_column(Uuid, ForeignKey("users.id"), index=True)
    status: Mapped[LinkStatus] = mapped_column(String, default="ok", server_default="ok")
    scopes: Mapped[list[str]] = mapped_column(ARRAY(String), default=list, server_default="{}")
    encrypted_tokens: Mapped[bytes | None]
    # `metadata` itself is SQLAlchemy's word for the tables.
    details: Mapped[dict[str, Any]] = mapped_column("metadata", JSONB, default=dict, server_default="{}")
    linked_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.clock_timestamp())
    # When the member last said yes on the provider's page; no refresh moves it.
    authorized_at: Mapped[datetime | None] = mapped_column(Timestamp)
    access_expires_at: Mapped[datetime | None] = mapped_column(Timestamp)
    # As listening reports it, by the version of its report.
    last_sync_at: Mapped[datetime | None] = mapped_column(Timestamp)
    sync_error: Mapped[SyncError | None] = mapped_column(String)
    sync_version: Mapped[int | None] = mapped_column(BigInteger)
    # Who is refreshing the tokens, and until when that is believed; and before when nobody may ask the provider.
    lease: Mapped[UUID | None] = mapped_column(Uuid)
    leased_until: Mapped[datetime | None] = mapped_column(Timestamp)
    cooldown_until: Mapped[datetime | None] = mapped_column(Timestamp)
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())


class User(IdentityTable):
    """A person. `version` counts every change of what is announced of them, linked accounts included."""

    __tablename__ = "users"
    __table_args__ = (CheckConstraint("role IN ('member', 'admin')", name="role"),)

    id: Mapped[UserId] = mapped_column(Uuid, primary_key=True, default=uuid7)
    version: Mapped[int] = mapped_column(BigInteger, default=first_version())
    display_name: Mapped[str]
    handle: Mapped[str | None] = mapped_column(unique=True)
    # `handles.rules.looks`, by which no two handles can be mistaken for each other.
    handle_looks: Mapped[str | None] = mapped_column(unique=True)
    role: Mapped[Literal["member", "admin"]] = mapped_column(String, default="member", server_default="member")
    avatar_url: Mapped[str | None]
    # Chosen by themself, and then no longer as Discord has it.
    own_name: Mapped[bool] = mapped_column(default=False, server_default="false")
    own_avatar: Mapped[bool] = mapped_column(default=False, server_default="false")
    bio: Mapped[str | None]
    timezone: Mapped[str | None]
    # Of `contracts.privacy.Privacy`, what was decided.
    privacy: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())

    # One of them, should a person have several Discord accounts: the one that was linked first.
    discord_id: Mapped[str | None] = column_property(
        select(LinkedAccount.provider_id)
        .where(LinkedAccount.provider == "discord", LinkedAccount.status != "unlinked")
        .where(LinkedAccount.user_id == id)  # noqa: A003 — the column above is what is meant
        .order_by(LinkedAccount.created_at, LinkedAccount.provider_id)
        .limit(1)
        .correlate_except(LinkedAccount)
        .scalar_subquery()
    )


class UserAlias(Alias, IdentityTable):
    """Somebody who turned out to be somebody else; their row in `users` stays, as nobody's."""

    __tablename__ = "user_aliases"
