"""People in the database."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import String, case, cast, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.aliases import survivor_of
from chassis.db import next_version
from chassis.departures import AccountDeleted
from contracts.identity import Provider, UserToAdopt
from contracts.ids import UserId
from identity.handles.rules import looks
from identity.merging.aliases import settle
from identity.models import LinkedAccount, User, UserAlias
from identity.users.rules import NoSuchUser


async def user_by_id(tx: AsyncSession, user_id: UUID) -> User | None:
    """The person; of who turned out to be somebody else, that one."""
    return await tx.get(User, await survivor_of(tx, UserAlias, user_id))


async def stands_no_more(tx: AsyncSession, user: User) -> bool:
    """Whether the person turned out to be somebody else, or has left; else neither happens until `tx` ends."""
    try:
        return await settle(tx, user.id) != user.id
    except AccountDeleted:
        return True


async def hold_people(tx: AsyncSession, own: UserId, other: UserId) -> None:
    """Neither leaves until `tx` ends. Raises AccountDeleted, and NoSuchUser for the other."""
    both = select(User.id).where(User.id.in_([own, other])).order_by(User.id)
    there = {*await tx.scalars(both.with_for_update(read=True, key_share=True))}
    if own not in there:
        raise AccountDeleted
    if other not in there:
        raise NoSuchUser


async def user_by_discord(tx: AsyncSession, snowflake: str) -> User | None:
    return await user_by_account(tx, "discord", snowflake)


async def users_by_discord(tx: AsyncSession, snowflakes: Iterable[str]) -> dict[str, User]:
    """Those of them who are known, as they are now."""
    account = LinkedAccount
    known = select(account.provider_id, User).join(User, User.id == account.user_id)
    linked = known.where(account.provider == "discord", account.status != "unlinked")
    found = linked.where(account.provider_id.in_([*snowflakes]))
    return dict((await tx.execute(found, execution_options={"populate_existing": True})).all())


async def user_by_account(tx: AsyncSession, provider: Provider, account: str) -> User | None:
    known = select(User).join(LinkedAccount, LinkedAccount.user_id == User.id)
    linked = known.where(LinkedAccount.provider == provider, LinkedAccount.status != "unlinked")
    return await tx.scalar(linked.where(LinkedAccount.provider_id == account))


async def user_by_discord_alone(tx: AsyncSession, snowflake: str) -> User | None:
    """The same, after everyone who is making this person has ended; whoever else wants to make them waits for `tx`."""
    await lock_account(tx, "discord", snowflake)
    return await user_by_discord(tx, snowflake)


async def lock_account(tx: AsyncSession, provider: Provider, account: str) -> None:
    """Nobody else makes or moves the person behind this account until `tx` ends."""
    await tx.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"{provider}:{account}", 0))))


async def add_user(tx: AsyncSession, snowflake: str, profile: Mapping[str, Any]) -> User:
    user = User(**profile)
    tx.add(user)
    await tx.flush()
    await add_discord_accounts(tx, {snowflake: user.id})
    await tx.refresh(user)
    return user


async def add_users(tx: AsyncSession, profiles: Mapping[str, Mapping[str, Any]]) -> dict[str, User]:
    """The same for many, by Discord id."""
    made = {snowflake: User(**profile) for snowflake, profile in profiles.items()}
    tx.add_all(made.values())
    await tx.flush()
    await add_discord_accounts(tx, {snowflake: user.id for snowflake, user in made.items()})
    return await users_by_discord(tx, made)


async def add_discord_accounts(tx: AsyncSession, owners: Mapping[str, UserId]) -> None:
    """Ones that are nobody's now. Of an account that was unlinked the tombstone comes back to life."""
    account, row = LinkedAccount, insert(LinkedAccount)
    anew = {"user_id": row.excluded.user_id, "status": "ok"}
    when = {"linked_at": func.clock_timestamp(), "updated_at": func.now()}
    again = row.on_conflict_do_update(
        index_elements=[account.provider, account.provider_id],
        set_=anew | when | {"version": next_version(account.version)},
        where=account.status == "unlinked",
    )
    rows = [{"provider": "discord", "provider_id": each, "user_id": user_id} for each, user_id in owners.items()]
    if rows:
        await tx.execute(again, rows)


async def change_user(tx: AsyncSession, user: User, profile: Mapping[str, Any]) -> bool:
    """Whether anything in `profile`, of values or expressions by column, was not so already."""
    if not profile:
        return False
    differs = or_(*(getattr(User, name).is_distinct_from(value) for name, value in profile.items()))
    change = update(User).where(User.id == user.id, differs).returning(User.version)
    now_so = change.values(**profile, version=next_version(User.version), updated_at=func.now())
    changed = await tx.scalar(now_so.execution_options(synchronize_session=False)) is not None
    # Unchanged by us, it may have been changed by someone we waited for.
    await tx.refresh(user)
    return changed


async def follow_discord(tx: AsyncSession, user: User, profile: Mapping[str, Any]) -> bool:
    """The same with what Discord shows, which leaves a name and a picture that somebody chose themself."""
    chosen = {"display_name": User.own_name, "avatar_url": User.own_avatar}
    columns = {
        name: case((chosen[name], getattr(User, name)), else_=literal(value, String)) for name, value in profile.items()
    }
    return await change_user(tx, user, columns)


async def lock_discord_ids(tx: AsyncSession, snowflakes: Sequence[str]) -> None:
    """Nobody else makes the people behind these until `tx` ends."""
    await lock_names(tx, [f"discord:{each}" for each in snowflakes])


async def lock_names(tx: AsyncSession, names: Sequence[str]) -> None:
    """Each for oneself until `tx` ends. Sorted, so that no two of these wait in a ring."""
    named = func.unnest(cast(names, ARRAY(String))).column_valued("name")
    numbers = select(func.hashtextextended(named, 0).label("number")).order_by("number").offset(0).subquery()
    await tx.execute(select(func.pg_advisory_xact_lock(numbers.c.number)))


async def users_by_id(tx: AsyncSession, users: Iterable[UserToAdopt]) -> dict[object, User]:
    ids = [user.id for user in users]
    found = select(User).where(User.id.in_(ids)).order_by(User.id).execution_options(populate_existing=True)
    return {user.id: user for user in await tx.scalars(found)}


async def discord_holders(tx: AsyncSession, users: Sequence[UserToAdopt]) -> dict[str, UserId]:
    """Whose each of their Discord ids is, of those that are somebody's."""
    account, snowflakes = LinkedAccount, [user.discord_id for user in users if user.discord_id]
    held = select(account.provider_id, account.user_id).where(
        account.provider == "discord", account.status != "unlinked"
    )
    holders: dict[str, UserId] = dict((await tx.execute(held.where(account.provider_id.in_(snowflakes)))).all())
    # Who was merged since is still who they were said to be.
    ids = [user.id for user in users]
    now = dict((await tx.execute(select(UserAlias.id, UserAlias.survivor_id).where(UserAlias.id.in_(ids)))).all())
    merged = [(user.discord_id, user.id) for user in users if user.discord_id and user.id in now]
    return holders | {each: user_id for each, user_id in merged if now[user_id] == holders.get(each)}


async def taken_looks(tx: AsyncSession, wished: Sequence[str]) -> set[str | None]:
    """Which of these somebody's handle has; until `tx` ends nobody else takes one."""
    await lock_names(tx, [f"handle:{each}" for each in wished])
    return set(await tx.scalars(select(User.handle_looks).where(User.handle_looks.in_(wished))))


async def add_adopted(tx: AsyncSession, users: Sequence[UserToAdopt], handles: Mapping[UserId, str]) -> None:
    """With their Discord accounts, and with those handles."""
    for user in users:
        handle = handles.get(user.id)
        columns = user.model_dump(include={"id", "display_name", "avatar_url", "privacy"})
        tx.add(User(**columns, handle=handle, handle_looks=handle and looks(handle)))
    await tx.flush()
    await add_discord_accounts(tx, {user.discord_id: user.id for user in users if user.discord_id is not None})
