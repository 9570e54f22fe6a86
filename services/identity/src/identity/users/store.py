"""People in the database."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import String, cast, func, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import next_version
from contracts.identity import UserToAdopt
from contracts.ids import UserId
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


async def lock_discord_ids(tx: AsyncSession, snowflakes: Sequence[str]) -> None:
    """Nobody else makes the people behind these until `tx` ends. Sorted, so that no two of these wait in a ring."""
    named = func.unnest(cast([f"discord:{each}" for each in snowflakes], ARRAY(String))).column_valued("name")
    numbers = select(func.hashtextextended(named, 0).label("number")).order_by("number").offset(0).subquery()
    await tx.execute(select(func.pg_advisory_xact_lock(numbers.c.number)))


async def users_by_id(tx: AsyncSession, users: Iterable[UserToAdopt]) -> dict[object, User]:
    ids = [user.id for user in users]
    found = select(User).where(User.id.in_(ids)).order_by(User.id).execution_options(populate_existing=True)
    return {user.id: user for user in await tx.scalars(found)}


async def discord_holders(tx: AsyncSession, users: Iterable[UserToAdopt]) -> dict[str, UserId]:
    """Whose each of their Discord ids is, of those that are somebody's."""
    account, snowflakes = LinkedAccount, [user.discord_id for user in users if user.discord_id]
    held = select(account.provider_id, account.user_id).where(account.provider == "discord")
    return dict((await tx.execute(held.where(account.provider_id.in_(snowflakes)))).all())


async def taken_handles(tx: AsyncSession, users: Iterable[UserToAdopt]) -> set[str | None]:
    return set(await tx.scalars(select(User.handle).where(User.handle.in_([user.handle for user in users]))))


async def add_adopted(tx: AsyncSession, users: Sequence[UserToAdopt], taken: Collection[str | None]) -> None:
    """With their Discord accounts, and those handles that nobody has."""
    taken = {*taken}
    for user in users:
        handle = None if user.handle in taken else user.handle
        taken.add(handle)
        tx.add(User(**user.model_dump(include={"id", "display_name", "avatar_url"}), handle=handle))
    await tx.flush()
    for user in users:
        if user.discord_id is not None:
            tx.add(LinkedAccount(provider="discord", provider_id=user.discord_id, user_id=user.id))
    await tx.flush()
