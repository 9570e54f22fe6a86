"""Clients and their refresh tokens in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.ids import UserId
from identity.models import RefreshToken, TokenFamily

_STANDS = (TokenFamily.revoked_at.is_(None), TokenFamily.expires_at > func.clock_timestamp())


class Shown(NamedTuple):
    token: RefreshToken
    family: TokenFamily
    now: datetime


async def take(tx: AsyncSession, secret_hash: bytes) -> Shown | None:
    """The refresh token and its family, which nobody else uses until `tx` ends."""
    found = select(RefreshToken, TokenFamily, func.clock_timestamp()).join(TokenFamily)
    one = found.where(RefreshToken.secret_hash == secret_hash).with_for_update(of=TokenFamily)
    row = (await tx.execute(one)).one_or_none()
    if row is None:
        return None
    # What it waited for may have used it.
    await tx.refresh(row[0])
    return Shown(row[0], row[1], row[2])


async def family(tx: AsyncSession, family_id: UUID) -> TokenFamily | None:
    """One in force."""
    return await tx.scalar(select(TokenFamily).where(TokenFamily.id == family_id, *_STANDS))


async def of_user(tx: AsyncSession, user_id: UserId) -> Sequence[TokenFamily]:
    return (await tx.scalars(select(TokenFamily).where(TokenFamily.user_id == user_id, *_STANDS))).all()
