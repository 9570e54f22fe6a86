"""Linked accounts in the database. Locked in one order: their owner, the account, its row."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import next_version
from contracts.identity import Provider
from contracts.ids import UserId
from contracts.listening import SyncReported
from identity.links.rules import SIGNS_IN, SPOTIFY_LASTS, WARNED_BEFORE
from identity.models import LinkedAccount, Password, User

WIPED: dict[str, Any] = {
    "status": "unlinked",
    "encrypted_tokens": None,
    "scopes": [],
    "details": {},
    "access_expires_at": None,
    "authorized_at": None,
    "last_sync_at": None,
    "sync_error": None,
    "lease": None,
    "leased_until": None,
    "cooldown_until": None,
}


async def lock_user(tx: AsyncSession, user_id: UserId) -> User | None:
    """One member's links change one after the other."""
    return await tx.get(User, user_id, with_for_update={"key_share": True}, populate_existing=True)


async def account_row(tx: AsyncSession, provider: Provider, account: str) -> LinkedAccount | None:
    """Locked, and as it is now."""
    return await tx.get(LinkedAccount, (provider, account), with_for_update=True, populate_existing=True)


async def links_of(tx: AsyncSession, user_id: UserId, provider: Provider | None = None) -> Sequence[LinkedAccount]:
    """Those in force, oldest first."""
    linked = select(LinkedAccount).where(LinkedAccount.user_id == user_id, LinkedAccount.status != "unlinked")
    if provider is not None:
        linked = linked.where(LinkedAccount.provider == provider)
    return (await tx.scalars(linked.order_by(LinkedAccount.linked_at, LinkedAccount.id))).all()


async def lock_links_of(tx: AsyncSession, user_id: UserId, provider: Provider) -> Sequence[LinkedAccount]:
    locked = select(LinkedAccount).where(
        LinkedAccount.user_id == user_id, LinkedAccount.provider == provider, LinkedAccount.status != "unlinked"
    )
    fresh = locked.order_by(LinkedAccount.id).with_for_update().execution_options(populate_existing=True)
    return (await tx.scalars(fresh)).all()


async def put_link(tx: AsyncSession, provider: Provider, account: str, facts: dict[str, Any]) -> LinkedAccount:
    """The row as `facts` say, made or brought up to date."""
    row = insert(LinkedAccount).values(provider=provider, provider_id=account, **facts)
    now_so = row.on_conflict_do_update(
        index_elements=[LinkedAccount.provider, LinkedAccount.provider_id],
        set_=_columns(facts) | {"version": next_version(LinkedAccount.version), "updated_at": func.now()},
    )
    fresh = now_so.returning(LinkedAccount).execution_options(populate_existing=True)
    return (await tx.scalars(fresh)).one()


async def change_link(tx: AsyncSession, row: LinkedAccount, facts: dict[str, Any]) -> LinkedAccount:
    changed = update(LinkedAccount).where(LinkedAccount.id == row.id)
    now_so = changed.values(**facts, version=next_version(LinkedAccount.version), updated_at=func.now())
    await tx.execute(now_so.execution_options(synchronize_session=False))
    await tx.refresh(row)
    return row


async def touch_user(tx: AsyncSession, user: User) -> None:
    """What is announced of them has changed, though not in their own row."""
    raised = update(User).where(User.id == user.id)
    now_so = raised.values(version=next_version(User.version), updated_at=func.now())
    await tx.execute(now_so.execution_options(synchronize_session=False))
    await tx.refresh(user)


async def has_another_way_in(tx: AsyncSession, user_id: UserId, but: Provider) -> bool:
    password = exists().where(Password.user_id == user_id)
    other = exists().where(
        LinkedAccount.user_id == user_id,
        LinkedAccount.status != "unlinked",
        LinkedAccount.provider.in_(SIGNS_IN - {but}),
    )
    return bool(await tx.scalar(select(password | other)))


async def ending(tx: AsyncSession, now: datetime, limit: int) -> Sequence[LinkedAccount]:
    """Authorisations that end within a month, of which nobody was told."""
    soon = select(LinkedAccount).where(
        LinkedAccount.provider == "spotify",
        LinkedAccount.status == "ok",
        LinkedAccount.encrypted_tokens.is_not(None),
        LinkedAccount.authorized_at <= now - (SPOTIFY_LASTS - WARNED_BEFORE),
    )
    # A row that is being refreshed is looked at the next time.
    return (await tx.scalars(soon.order_by(LinkedAccount.id).limit(limit).with_for_update(skip_locked=True))).all()


async def keep_sync(tx: AsyncSession, told: SyncReported) -> None:
    """The newest report stays; it is no change of the link."""
    theirs = update(LinkedAccount).where(
        LinkedAccount.user_id == told.user_id,
        LinkedAccount.provider == told.provider,
        LinkedAccount.status != "unlinked",
        func.coalesce(LinkedAccount.sync_version, 0) < told.version,
    )
    now_so = theirs.values(last_sync_at=told.last_sync_at, sync_error=told.error, sync_version=told.version)
    await tx.execute(now_so.execution_options(synchronize_session=False))


def _columns(facts: dict[str, Any]) -> dict[Any, Any]:
    return {getattr(LinkedAccount, name): value for name, value in facts.items()}
