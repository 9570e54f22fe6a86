"""Begun sign-ins and links in the database."""

from sqlalchemy import delete, func
from sqlalchemy.ext.asyncio import AsyncSession

from identity.models import OAuthState


async def put_state(tx: AsyncSession, row: OAuthState) -> None:
    """And those go of which nobody came back in time."""
    await tx.execute(delete(OAuthState).where(OAuthState.expires_at < func.clock_timestamp()))
    tx.add(row)
    await tx.flush()


async def take_state(tx: AsyncSession, state_hash: bytes) -> OAuthState | None:
    """The row, which is gone then; None when it is not there, or too old."""
    taken = delete(OAuthState).where(OAuthState.state_hash == state_hash)
    in_time = (OAuthState.expires_at > func.clock_timestamp()).label("in_time")
    row = (await tx.execute(taken.returning(OAuthState, in_time))).one_or_none()
    return row[0] if row is not None and row.in_time else None
