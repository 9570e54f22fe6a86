"""Merging somebody into whom they turned out to be, whichever door it is asked at."""

from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.aliases import keep_alias, one_merge_at_a_time, survivor_of
from chassis.db import first_version, next_version
from chassis.outbox import publish
from contracts.ids import UserId
from identity.journal import journal
from identity.merging import aliases, rules
from identity.merging.belongings import hand_over
from identity.models import User, UserAlias
from identity.users.announcement import state
from identity.users.rules import NoSuchUser


async def merge(tx: AsyncSession, old: UserId, survivor: UserId, reason: str | None) -> User:
    """Let `old` be an alias of the survivor, whom it answers: every service follows. Again, it changes nothing.

    What the survivor has stays as it is. Whether they may be merged is asked where it comes from. Raises NoSuchUser,
    SamePerson and MergedElsewhere.
    """
    await one_merge_at_a_time(tx, UserAlias)
    into = await survivor_of(tx, UserAlias, survivor)
    if rules.already(old, survivor, await survivor_of(tx, UserAlias, old), into):
        return await tx.get_one(User, into, populate_existing=True)
    people = await _taken(tx, old, into)
    gone, stays = people[old], people[into]
    before = {"old": state(gone).model_dump(mode="json"), "survivor": state(stays).model_dump(mode="json")}
    await hand_over(tx, old, into)
    await _fold_profiles(tx, gone, stays)
    followed = await _remember(tx, old, into)
    await publish(tx, state(gone), state(stays), *followed)
    after = {"old": state(gone).model_dump(mode="json"), "survivor": state(stays).model_dump(mode="json")}
    await journal.record(tx, "user.merged", old, before, {**after, "into": str(into)}, reason)
    return stays


async def _taken(tx: AsyncSession, *ids: UserId) -> dict[UserId, User]:
    """Both for oneself: whoever writes for one of them has ended, or waits and finds the alias."""
    both = select(User).where(User.id.in_(ids)).order_by(User.id).with_for_update()
    people = {user.id: user for user in await tx.scalars(both.execution_options(populate_existing=True))}
    if len(people) < len(ids):
        raise NoSuchUser
    return people


async def _fold_profiles(tx: AsyncSession, gone: User, stays: User) -> None:
    own, theirs = (rules.Profile(each.handle, each.handle_looks, each.avatar_url) for each in (stays, gone))
    changes = rules.folded(own, theirs)
    # One after the other: a handle is somebody's alone. One that is not taken over stays with the alias, for nobody.
    freed: dict[str, Any] = {"handle": None, "handle_looks": None} if "handle" in changes else {}
    for user, columns in ((gone, freed), (stays, changes)):
        newer = {"version": next_version(User.__table__.c.version), "updated_at": func.now()}
        await tx.execute(update(User).where(User.id == user.id).values(columns | newer))
        await tx.refresh(user)


async def _remember(tx: AsyncSession, old: UserId, into: UserId) -> list[Any]:
    """The alias, and those that led to the old one, as they are announced."""
    version = (await tx.scalars(select(first_version()))).one()
    followed = await aliases.follow(tx, old, into)
    await keep_alias(tx, UserAlias, old, into, version)
    return [aliases.state(await tx.get_one(UserAlias, old)), *map(aliases.state, followed)]
