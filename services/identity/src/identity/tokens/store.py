"""The rows that tokens are read from: locked for a moment to look, leased for as long as a refresh takes."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.identity import Provider
from contracts.ids import UserId
from identity.models import LinkedAccount, User


async def lock_link(tx: AsyncSession, user_id: UserId, provider: Provider) -> LinkedAccount | None:
    """The member's account there, if it was linked to be used; nobody else looks at it until `tx` ends."""
    kept = select(LinkedAccount).where(
        LinkedAccount.user_id == user_id,
        LinkedAccount.provider == provider,
        LinkedAccount.encrypted_tokens.is_not(None),
    )
    newest = kept.order_by(LinkedAccount.linked_at.desc()).limit(1).with_for_update()
    return await tx.scalar(newest.execution_options(populate_existing=True))


async def still_there(tx: AsyncSession, user_id: UserId) -> bool:
    """Whether the member has not left; if so, they do not until `tx` ends."""
    held = select(User.id).where(User.id == user_id).with_for_update(read=True, key_share=True)
    return await tx.scalar(held) is not None


async def lock_leased(tx: AsyncSession, link_id: UUID, lease: UUID) -> LinkedAccount | None:
    """None when somebody else has it by now, or nobody has: it was linked anew, or unlinked, meanwhile."""
    leased = select(LinkedAccount).where(LinkedAccount.id == link_id, LinkedAccount.lease == lease)
    return await tx.scalar(leased.with_for_update().execution_options(populate_existing=True))


async def database_time(tx: AsyncSession) -> datetime:
    """One clock for all replicas."""
    now: datetime = (await tx.scalars(select(func.clock_timestamp()))).one()
    return now


def leased(lease: UUID, now: datetime, seconds: float) -> dict[str, Any]:
    return {"lease": lease, "leased_until": now + timedelta(seconds=seconds)}
