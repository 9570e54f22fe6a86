"""Linking an account, and ending that: stored, announced and written down in one transaction."""

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.outbox import publish
from contracts.accounts import LinkStatus
from contracts.identity import Provider
from contracts.ids import UserId
from identity.journal import journal
from identity.links import store
from identity.links.announcement import state
from identity.links.rules import SEVERAL_AT_ONCE, SIGNS_IN, AccountTaken, LastWayIn, NotLinked
from identity.merging.belongings import never_signed_in
from identity.merging.merge import merge
from identity.models import LinkedAccount, User
from identity.providers.grants import Account, Grant
from identity.users import announcement as users
from identity.users.rules import NoSuchUser
from identity.users.store import lock_account
from identity.vault.cipher import Vault

CLAIMED = "They have shown that the Discord account is theirs."


async def link(tx: AsyncSession, user_id: UserId, account: Account, grant: Grant, vault: Vault) -> LinkedAccount:
    """The account as this member's. Raises AccountTaken when it is somebody else's: it is never moved in silence.

    Somebody whom bots met by it, and who never signed in, is who links it, and merged into them.
    """
    user = await store.lock_user(tx, user_id)
    if user is None:
        raise NoSuchUser
    await lock_account(tx, account.provider, account.id)
    held = await store.account_row(tx, account.provider, account.id)
    ours = held is not None and held.user_id == user_id and held.status != "unlinked"
    if held is not None and held.status != "unlinked" and not ours:
        await _claim_or_refuse(tx, held, user_id)
        await tx.refresh(user)
    before = state(held) if held is not None and ours else None
    if account.provider not in SEVERAL_AT_ONCE:
        await _make_room(tx, user_id, account)
    row = await _put(tx, user_id, account, grant, vault, first=not ours)
    await publish(tx, after := state(row))
    await journal.record(tx, "link.changed" if before else "link.made", user_id, before, after)
    if not ours:
        await _tell_of_discord(tx, user, account.provider)
    return row


async def _claim_or_refuse(tx: AsyncSession, held: LinkedAccount, user_id: UserId) -> None:
    """Whoever was only ever met by this account is who has proved to have it: they become one. Anybody else is not."""
    if held.provider != "discord" or not await never_signed_in(tx, held.user_id):
        raise AccountTaken
    await merge(tx, held.user_id, user_id, CLAIMED)
    await tx.refresh(held)


async def unlink(tx: AsyncSession, user_id: UserId, provider: Provider) -> None:
    """Every account of this provider: what opens it is wiped. Raises NotLinked, LastWayIn."""
    user = await store.lock_user(tx, user_id)
    rows = await store.lock_links_of(tx, user_id, provider)
    if user is None or not rows:
        raise NotLinked
    if provider in SIGNS_IN and not await store.has_another_way_in(tx, user_id, but=provider):
        raise LastWayIn
    for row in rows:
        await _end(tx, row)
    await _tell_of_discord(tx, user, provider)


async def set_status(tx: AsyncSession, row: LinkedAccount, status: LinkStatus, action: str) -> None:
    """What we learned of an authorisation; the row is locked."""
    before = state(row)
    await store.change_link(tx, row, {"status": status, "lease": None, "leased_until": None})
    await publish(tx, after := state(row))
    await journal.record(tx, action, row.user_id, before, after)


async def _put(  # noqa: PLR0913 — what a link is made of
    tx: AsyncSession, user_id: UserId, account: Account, grant: Grant, vault: Vault, *, first: bool
) -> LinkedAccount:
    sealed = vault.seal(account.provider, account.id, grant.secrets) if grant.secrets else None
    facts = store.WIPED | {
        "user_id": user_id,
        "status": "ok",
        "scopes": [*grant.scopes],
        "encrypted_tokens": sealed,
        "access_expires_at": grant.expires_at if sealed else None,
        "authorized_at": func.clock_timestamp(),
    }
    if first:
        facts |= {"linked_at": func.clock_timestamp()}
    return await store.put_link(tx, account.provider, account.id, facts)


async def _make_room(tx: AsyncSession, user_id: UserId, account: Account) -> None:
    for row in await store.lock_links_of(tx, user_id, account.provider):
        if row.provider_id != account.id:
            await _end(tx, row)


async def _end(tx: AsyncSession, row: LinkedAccount) -> None:
    before = state(row)
    await store.change_link(tx, row, store.WIPED)
    await publish(tx, after := state(row))
    await journal.record(tx, "link.removed", row.user_id, before, after)


async def _tell_of_discord(tx: AsyncSession, user: User, provider: Provider) -> None:
    """A person is announced with their Discord id."""
    if provider == "discord":
        await store.touch_user(tx, user)
        await publish(tx, users.state(user))
