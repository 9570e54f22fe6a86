"""People in the database."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import next_version
from identity.models import LinkedAccount, User


async def user_by_id(tx: AsyncSession, user_id: UUID) -> User | None:
    return await tx.get(User, user_id)


async def user_by_discord(tx: AsyncSession, snowflake: str) -> User | None:
    known = select(User).join(LinkedAccount, LinkedAccount.user_id == User.id)
    return await tx.scalar(known.where(LinkedAccount.provider == "discord", LinkedAccount.provider_id == snowflake))


async def user_by_discord_alone(tx: AsyncSession, snowflake: str) -> User | None:
    """The same, after everyone who is making this person has ended; whoever else wants to make them waits for `tx`."""
    await tx.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"discord:{snowflake}", 0))))
    return await user_by_discord(tx, snowflake)


async def add_user(tx: AsyncSession, snowflake: str, profile: Mapping[str, Any]) -> User:
    user = User(**profile)
    tx.add(user)
    await tx.flush()
    tx.add(LinkedAccount(provider="discord", provider_id=snowflake, user_id=user.id))
    await tx.flush()
    await tx.refresh(user)
    return user


async def change_user(tx: AsyncSession, user: User, profile: Mapping[str, Any]) -> bool:
    """Whether anything in `profile` was not so already."""
    if not profile:
        return False
    differs = or_(*(getattr(User, name).is_distinct_from(value) for name, value in profile.items()))
    change = update(User).where(User.id == user.id, differs).returning(User.version)
    now_so = change.values(**profile, version=next_version(User.version), updated_at=func.now())
    changed = await tx.scalar(now_so.execution_options(synchronize_session=False)) is not None
    # Unchanged by us, it may have been changed by someone we waited for.
    await tx.refresh(user)
    return changed
