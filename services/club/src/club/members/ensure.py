"""Whom a request speaks for: found in the club's own copy, and asked of identity at first sight, before `Tx` opens."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Annotated, Any

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.caller import Caller
from chassis.client import Neighbour, ask_each, neighbour
from chassis.db import Transactions
from chassis.errors import NotFound
from chassis.tokens import SignedCaller
from club.members import rules, store
from contracts.identity import MetUsers, UserChanged, UserIn
from contracts.ids import UserId

# What identity answers well within the time that a call may take.
ASKED_TOGETHER = 200


@dataclass(frozen=True)
class KnownMember:
    """`told` is what identity just answered; None for somebody the club knew before."""

    id: UserId
    discord_id: str | None
    told: UserChanged | None = None


class _Members:
    def __init__(self, db: Transactions, caller: Caller, identity: Neighbour) -> None:
        self._db, self._caller, self._identity = db, caller, identity

    async def meant(self, user: UserIn | None) -> KnownMember:
        """The member that a body's `user` means from this caller; refuses what the caller may not say."""
        named = rules.meant(self._caller, user)
        member = await self._own(named) or await self._ask(named)
        if self._caller.kind == "user":
            rules.check_same(user, member.discord_id)
        return member

    async def all_meant(self, users: Sequence[UserIn]) -> list[KnownMember]:
        """The members that a list means, in its order; for who may speak for any, which a host may."""
        return [_found(each) for each in await self.each_meant(users)]

    async def each_meant(self, users: Sequence[UserIn]) -> list[KnownMember | NotFound]:
        """The same, with the refusal in the place of somebody who is not there."""
        async with self._db.transaction(postgresql_readonly=True) as tx:
            ours = await store.find_all(tx, users)
        known = {named: KnownMember(member.id, member.discord_id) for named, member in ours.items()}
        strangers = {_named(user): user for user in users if _named(user) not in known}
        told = dict(zip(strangers, await self._ask_all([*strangers.values()]), strict=True))
        return [known.get(_named(user)) or told[_named(user)] for user in users]

    async def _own(self, user: UserIn) -> KnownMember | None:
        async with self._db.transaction(postgresql_readonly=True) as tx:
            member = await store.find(tx, user)
        return None if member is None else KnownMember(member.id, member.discord_id)

    async def _ask(self, user: UserIn) -> KnownMember:
        told = UserChanged.model_validate(await self._told(user))
        return KnownMember(told.user_id, told.discord_id, told)

    async def _ask_all(self, users: Sequence[UserIn]) -> list[KnownMember | NotFound]:
        async def some(asked: Sequence[UserIn]) -> list[UserChanged | None]:
            body = {"users": [user.model_dump(exclude_none=True, mode="json") for user in asked]}
            return MetUsers.model_validate(await self._identity.post("/internal/users/meet", body)).users

        several = [users[start : start + ASKED_TOGETHER] for start in range(0, len(users), ASKED_TOGETHER)]
        told = chain.from_iterable(await ask_each(some, several))
        return [KnownMember(each.user_id, each.discord_id, each) if each else rules.NoSuchMember() for each in told]

    async def _told(self, user: UserIn) -> Any:
        if user.user_id is None:
            return await self._identity.post("/internal/users", user.model_dump(exclude_none=True))
        try:
            return await self._identity.get(f"/internal/users/{user.user_id}")
        except NotFound as error:
            raise rules.NoSuchMember from error


def _named(user: UserIn) -> UserId | str | None:
    return user.user_id or user.discord_id


def _found(known: KnownMember | NotFound) -> KnownMember:
    if isinstance(known, NotFound):
        raise known
    return known


async def _members(
    request: Request, caller: SignedCaller, identity: Annotated[Neighbour, Depends(neighbour("identity"))]
) -> _Members:
    return _Members(request.app.state.db, caller, identity)


# For a dependency of the endpoint, declared before its `Tx`; it calls the body as the endpoint does.
Members = Annotated[_Members, Depends(_members)]


async def settle(tx: AsyncSession, known: KnownMember) -> UserId:
    """The member's id, with a row in the club's copy; take the week first and albums after, as everybody does.

    Whoever was merged since they were found is the survivor; until `tx` ends, they are merged by nobody.
    """
    if known.told is not None:
        await store.keep(tx, known.told)
    return await store.hold(tx, known.id)


async def settle_all(tx: AsyncSession, known: Sequence[KnownMember]) -> list[UserId]:
    """The same for many, in their order: all of them, or MemberLeft."""
    await store.keep_told(tx, [each.told for each in known if each.told is not None])
    now = await store.hold_all(tx, [each.id for each in known])
    return [now[each.id] for each in known]
