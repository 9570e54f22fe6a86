"""API keys in the database."""

from datetime import timedelta

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from identity.keys.rules import SCOPES, Presented
from identity.models import ApiKey

USE_NOTED_EVERY = timedelta(minutes=1)


async def key_by_id(tx: AsyncSession, key_id: str) -> ApiKey | None:
    return await tx.get(ApiKey, key_id)


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


async def revoke_former_bootstrap_keys(tx: AsyncSession, kind: str, but: str) -> None:
    former = update(ApiKey).where(ApiKey.bootstrap, ApiKey.kind == kind, ApiKey.id != but, ApiKey.revoked_at.is_(None))
    await tx.execute(former.values(revoked_at=func.now()).execution_options(synchronize_session=False))
