"""Whose listens are told: found in the copy of people, and asked of identity at first sight, before `Tx` opens."""

from collections.abc import Collection
from typing import Annotated

from fastapi import Depends, Request

from chassis.client import Neighbour, ask_each, neighbour
from chassis.db import Transactions
from chassis.errors import NotFound
from contracts.identity import UserChanged, UserIn
from contracts.ids import UserId
from listening.users.store import find_all, keep_user

Named = UserId | str


def name_of(user: UserIn) -> Named:
    """What they are named by; UserIn has exactly one of the two."""
    return user.user_id or user.discord_id or ""


class _People:
    def __init__(self, db: Transactions, identity: Neighbour) -> None:
        self._db, self._identity = db, identity

    async def meant(self, users: Collection[UserIn]) -> dict[Named, UserId]:
        """Who each is, by what they were named by; who is not there is not among them."""
        wanted = {name_of(each): each for each in users}
        async with self._db.transaction(postgresql_readonly=True) as tx:
            found = await find_all(tx, wanted.values())
        missing = [each for name, each in wanted.items() if name not in found]
        told = [each for each in await ask_each(self._ask, missing) if each]
        await self._keep(told)
        for each in told:
            found |= {name: each.user_id for name in (each.user_id, each.discord_id) if name}
        return {name: found[name] for name in wanted if name in found}

    async def _ask(self, user: UserIn) -> UserChanged | None:
        try:
            if user.user_id is not None:
                return UserChanged.model_validate(await self._identity.get(f"/internal/users/{user.user_id}"))
            said = user.model_dump(exclude_none=True)
            return UserChanged.model_validate(await self._identity.post("/internal/users", said))
        except NotFound:
            return None

    async def _keep(self, told: Collection[UserChanged]) -> None:
        async with self._db.transaction() as tx:
            for each in sorted(told, key=lambda each: each.user_id):
                await keep_user(tx, each)


async def _people(request: Request, identity: Annotated[Neighbour, Depends(neighbour("identity"))]) -> _People:
    return _People(request.app.state.db, identity)


# For a dependency of the endpoint, declared before its `Tx`; it calls the body as the endpoint does.
People = Annotated[_People, Depends(_people)]
