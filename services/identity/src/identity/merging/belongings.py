"""What people have in identity, given to whom they turned out to be."""

from typing import Any

from sqlalchemy import delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.ids import UserId
from identity.credentials.ending import sign_out
from identity.credentials.revoking import announce_revoked
from identity.merging.acquaintances import fold_acquaintances
from identity.merging.doings import fold_doings
from identity.models import ApiKey, Export, LinkedAccount, Password, Session, TokenFamily


async def hand_over(tx: AsyncSession, old: UserId, survivor: UserId) -> None:
    """Accounts and keys, and the password of who has none; whoever is signed in as the old one is so no longer."""
    await _give(tx, LinkedAccount, LinkedAccount.user_id, old, survivor)
    await _give(tx, ApiKey, ApiKey.owner_id, old, survivor)
    if not await tx.scalar(select(exists().where(Password.user_id == survivor))):
        await _give(tx, Password, Password.user_id, old, survivor)
    await tx.execute(delete(Password).where(Password.user_id == old))
    # What was being gathered is not all of theirs any more.
    await tx.execute(delete(Export).where(Export.user_id.in_([old, survivor])))
    await sign_out(tx, old)
    # Keys that gateways remember under the old id, too.
    await announce_revoked(tx, user_id=old)
    await fold_acquaintances(tx, old, survivor)
    await fold_doings(tx, old, survivor)


async def never_signed_in(tx: AsyncSession, user_id: UserId) -> bool:
    """Whether all that is known of somebody is what Discord tells: whoever proves to have the account may claim it."""
    own = (
        exists().where(Password.user_id == user_id),
        exists().where(Session.user_id == user_id),
        exists().where(TokenFamily.user_id == user_id),
        exists().where(LinkedAccount.user_id == user_id, LinkedAccount.provider != "discord"),
    )
    return not any((await tx.execute(select(*own))).one())


async def _give(tx: AsyncSession, table: type[Any], whose: Any, old: UserId, survivor: UserId) -> None:
    given = update(table).where(whose == old).values({whose.key: survivor})
    await tx.execute(given.execution_options(synchronize_session=False))
