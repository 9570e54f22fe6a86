"""Whom a request speaks for: found in the club's own copy, and asked of identity at first sight, before `Tx` opens."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.caller import Caller
from chassis.client import Neighbour, ask_each, neighbour
from chassis.db import Transactions
from chassis.errors import NotFound
from chassis.tokens import SignedCaller
from club.members import rules, store
from contracts.identity import UserChanged, UserIn
from contracts.ids import UserId


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

        async def one(user: UserIn) -> KnownMember | NotFound:
            if member := ours.get(user.user_id or user.discord_id):
                return KnownMember(member.id, member.discord_id)
            try:
                return await self._ask(user)
            except NotFound as refusal:
                return refusal

        return await ask_each(one, users)

    async def _own(self, user: UserIn) -> KnownMember | None:
        async with self._db.transaction(postgresql_readonly=True) as tx:
            member = await store.find(tx, user)
        return None if member is None else KnownMember(member.id, member.discord_id)

    async def _ask(self, user: UserIn) -> KnownMember:
        told = UserChanged.model_validate(await self._told(user))
        return KnownMember(told.user_id, told.discord_id, told)

    async def _told(self, user: UserIn) -> Any:
        if user.user_id is None:
            return await self._identity.post("/internal/users", user.model_dump(exclude_none=True))
        try:
            return await self._identity.get(f"/internal/users/{user.user_id}")
        except NotFound as error:
            raise rules.NoSuchMember from error


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
