"""API keys in the database."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeVarTuple

from sqlalchemy import Row, Select, func, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.ids import UserId
from identity.keys.rules import SCOPES, Presented
from identity.models import ApiKey, LastFmApplication, User

K = TypeVarTuple("K")

USE_NOTED_EVERY = timedelta(minutes=1)


async def key_by_id(tx: AsyncSession, key_id: str) -> ApiKey | None:
    return await tx.get(ApiKey, key_id)


async def take_key(tx: AsyncSession, key_id: str) -> ApiKey | None:
    """The key for oneself, until `tx` ends."""
    return await tx.get(ApiKey, key_id, with_for_update=True, populate_existing=True)


async def keep_key(tx: AsyncSession, key: ApiKey) -> ApiKey:
    tx.add(key)
    await tx.flush()
    await tx.refresh(key)
    return key


async def page(tx: AsyncSession, before: tuple[datetime, str] | None, limit: int) -> Sequence[Row[ApiKey, User | None]]:
    """Every key with its owner, newest first; one more than `limit`, if there are more."""
    keys = select(ApiKey, User).outerjoin(User, User.id == ApiKey.owner_id)
    return (await tx.execute(_newest_first(keys, before, limit))).all()


async def own_keys(
    tx: AsyncSession, owner_id: UserId, before: tuple[datetime, str] | None, limit: int
) -> Sequence[Row[ApiKey, str | None]]:
    """Somebody's own keys that are not revoked, newest first, with what a scrobbler of Last.fm calls itself by.

    One more than `limit`, if there are more.
    """
    keys = select(ApiKey, LastFmApplication.api_key).outerjoin(LastFmApplication, LastFmApplication.key_id == ApiKey.id)
    standing = keys.where(ApiKey.owner_id == owner_id, ApiKey.revoked_at.is_(None))
    return (await tx.execute(_newest_first(standing, before, limit))).all()


def _newest_first(keys: Select[*K], before: tuple[datetime, str] | None, limit: int) -> Select[*K]:
    place = tuple_(ApiKey.created_at, ApiKey.id)
    if before is not None:
        keys = keys.where(place < tuple_(*before))
    return keys.order_by(ApiKey.created_at.desc(), ApiKey.id.desc()).limit(limit + 1)


async def number_of_own_keys(tx: AsyncSession, owner_id: UserId) -> int:
    """Counted one after the other: whoever else makes a key for them waits for `tx`."""
    await tx.execute(select(User.id).where(User.id == owner_id).with_for_update())
    own = select(func.count()).where(ApiKey.owner_id == owner_id, ApiKey.revoked_at.is_(None))
    return (await tx.scalars(own)).one()


async def note_use(tx: AsyncSession, key_id: str) -> None:
    """At most once a minute: a busy key is not written for each of its requests."""
    not_lately = or_(ApiKey.last_used_at.is_(None), ApiKey.last_used_at < func.now() - USE_NOTED_EVERY)
    used = update(ApiKey).where(ApiKey.id == key_id, not_lately).values(last_used_at=func.now())
    await tx.execute(used.execution_options(synchronize_session=False))


async def one_starter_at_a_time(tx: AsyncSession) -> None:
    """Replicas that start together store their keys one after the other."""
    await tx.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("identity.bootstrap_keys", 0))))


async def put_bootstrap_key(tx: AsyncSession, kind: str, key: Presented) -> bool:
    """False when the id belongs to a key that did not come from the environment: that one stays as it is."""
    facts = {"secret_hash": key.secret_hash, "kind": kind, "scopes": list(SCOPES[kind])}
    row = insert(ApiKey).values(id=key.id, name=f"{kind} key of the environment", bootstrap=True, **facts)
    stored = row.on_conflict_do_update(
        index_elements=[ApiKey.id], set_=facts | {"revoked_at": None}, where=ApiKey.bootstrap.is_(True)
    )
    return await tx.scalar(stored.returning(ApiKey.id)) is not None


async def was_withdrawn(tx: AsyncSession, key: Presented) -> bool:
    """Whether this is a key of the environment that an admin has since revoked or rotated out."""
    ended = or_(ApiKey.revoked_at.is_not(None), ApiKey.replaced_by.is_not(None))
    known = select(ApiKey.id).where(ApiKey.id == key.id, ApiKey.secret_hash == key.secret_hash, ended)
    return await tx.scalar(known) is not None


async def revoke_former_bootstrap_keys(tx: AsyncSession, kind: str, but: str) -> None:
    former = update(ApiKey).where(ApiKey.bootstrap, ApiKey.kind == kind, ApiKey.id != but, ApiKey.revoked_at.is_(None))
    await tx.execute(former.values(revoked_at=func.now()).execution_options(synchronize_session=False))
