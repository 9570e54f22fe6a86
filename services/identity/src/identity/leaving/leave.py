"""Letting a person leave, whichever door it is asked at."""

from collections.abc import Collection, Sequence
from uuid import uuid4

import structlog
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import departures
from chassis.caller import Caller
from chassis.db import first_version
from chassis.forgetting import Leaver, forget
from chassis.outbox import publish
from contracts.ids import UserId
from contracts.leaving import UserDeleted
from identity.credentials.revoking import announce_revoked
from identity.journal import journal
from identity.leaving import rules, store
from identity.leaving.taking import take
from identity.users.rules import NoSuchUser


async def leave(tx: AsyncSession, user_id: UserId, caller: Caller, reason: str | None = None) -> None:
    """Delete a person with all that is theirs, for ever: every service follows.

    Of who has left it is told once more, for a service that may have missed it; else nothing changes. Raises
    NoSuchUser, and LastAdmin.
    """
    beside = {caller.user_id} if caller.user_id else set()
    ids = await take(tx, user_id, beside)
    if await departures.gone(tx, beside - {user_id}):
        raise departures.AccountDeleted
    known = await store.people(tx, ids)
    former = UserId(uuid4())
    if not known:
        if not await departures.gone(tx, [user_id]):
            raise NoSuchUser
        await _announce(tx, ids, former)
        return
    rules.check_another_admin(ids[0], await store.admins_who_sign_in(tx))
    accounts, keys = await store.accounts(tx, ids), await store.keys(tx, ids)
    handles = {user.handle for user in known if user.handle}
    await departures.keep(tx, ids)
    await store.wipe(tx, ids, handles)
    await _announce(tx, ids, former)
    names = {*map(str, ids), *accounts, *handles, *(user.display_name for user in known)}
    await _record(tx, ids, former, rules.unnamed(reason, names))
    await forget(tx, Leaver(ids, former, [*accounts, *handles], [*keys]))


async def _announce(tx: AsyncSession, ids: Sequence[UserId], former: UserId) -> None:
    version, now = (await tx.execute(select(first_version(), func.clock_timestamp()))).one()
    for each in ids:
        await announce_revoked(tx, user_id=each)
    told = {"user_id": ids[0], "aliases": ids[1:], "former_id": former, "deleted_at": now}
    await publish(tx, UserDeleted.model_validate(told | {"version": version}))


async def _record(tx: AsyncSession, ids: Collection[UserId], former: UserId, reason: str | None) -> None:
    """Whoever left by themself did so as somebody former."""
    kind, _, who = structlog.contextvars.get_contextvars().get("actor", "").partition(":")
    own = {"actor": f"{kind}:{former}"} if who in map(str, ids) else {}
    with structlog.contextvars.bound_contextvars(**own):
        await journal.record(tx, "user.deleted", former, None, None, reason)
