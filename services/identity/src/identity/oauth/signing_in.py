"""Signing in with an account elsewhere: as the member it is linked to, or as somebody new."""

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.outbox import publish
from identity.journal import journal
from identity.links.linking import link
from identity.models import User
from identity.oauth.returning import Arrival
from identity.users.announcement import state
from identity.users.meeting import meet
from identity.users.rules import provisional_name
from identity.users.store import lock_account, user_by_account


async def who_signs_in(tx: AsyncSession, arrival: Arrival) -> User:
    """Who is known keeps the name and the picture they have here."""
    account = arrival.account
    if known := await user_by_account(tx, account.provider, account.id):
        return known
    if account.provider == "discord":
        return (await meet(tx, account.id, account.profile)).user
    await lock_account(tx, account.provider, account.id)
    return await user_by_account(tx, account.provider, account.id) or await _make(tx, arrival)


async def _make(tx: AsyncSession, arrival: Arrival) -> User:
    account = arrival.account
    tx.add(user := User(**{"display_name": provisional_name(account.id), **account.profile}))
    await tx.flush()
    await tx.refresh(user)
    await publish(tx, state(user))
    await journal.record(tx, "user.made", user.id, None, state(user))
    await link(tx, user.id, account, arrival.grant, arrival.vault)
    return user
