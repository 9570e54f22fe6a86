"""The identity schema: people, the accounts they have elsewhere, and the keys of programs."""

from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, ForeignKey, String, Uuid, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, column_property, mapped_column
from uuid_utils.compat import uuid7

from chassis.db import Base, Timestamp, first_version, schema
from contracts.identity import Provider
from contracts.ids import UserId

KeyKind = Literal["bot", "worker", "admin", "user"]


def _one_of(column: str, words: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(word) for word in words)})"


class IdentityTable(Base):
    __abstract__ = True
    metadata = schema()


class LinkedAccount(IdentityTable):
    """Who somebody is elsewhere. `encrypted_tokens` is null where the provider gave none."""

    __tablename__ = "linked_accounts"
    __table_args__ = (CheckConstraint(_one_of("provider", get_args(Provider)), name="provider"),)

    provider: Mapped[Provider] = mapped_column(String, primary_key=True)
    provider_id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[UserId] = mapped_column(Uuid, ForeignKey("users.id"), index=True)
    encrypted_tokens: Mapped[bytes | None]
    # `metadata` itself is SQLAlchemy's word for the tables.
    details: Mapped[dict[str, Any]] = mapped_column("metadata", JSONB, default=dict, server_default="{}")
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())


class User(IdentityTable):
    """A person. `version` counts every change of what is announced of them, linked accounts included."""

    __tablename__ = "users"

    id: Mapped[UserId] = mapped_column(Uuid, primary_key=True, default=uuid7)
    version: Mapped[int] = mapped_column(BigInteger, default=first_version())
    display_name: Mapped[str]
    handle: Mapped[str | None] = mapped_column(unique=True)
    avatar_url: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())

    # One of them, should a person have several Discord accounts: the one that was linked first.
    discord_id: Mapped[str | None] = column_property(
        select(LinkedAccount.provider_id)
        .where(LinkedAccount.provider == "discord")
        .where(LinkedAccount.user_id == id)  # noqa: A003 — the column above is what is meant
        .order_by(LinkedAccount.created_at, LinkedAccount.provider_id)
        .limit(1)
        .correlate_except(LinkedAccount)
        .scalar_subquery()
    )


class ApiKey(IdentityTable):
    """A program's key. Its secret is not here: only the hash by which it is known again.

    A `bootstrap` key came from the environment, and gives way to the next one of its kind that does.
    """

    __tablename__ = "api_keys"
    __table_args__ = (
        CheckConstraint(_one_of("kind", get_args(KeyKind)), name="kind"),
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
