"""Ending keys."""

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession

from identity.credentials.revoking import announce_revoked as announce
from identity.journal import journal
from identity.keys.answers import told
from identity.models import ApiKey


async def announce_revoked(tx: AsyncSession, key_id: str) -> None:
    """Tell whoever remembers whom keys stand for that this one ended, or ends soon."""
    await announce(tx, credential=f"key:{key_id}")


async def revoke(tx: AsyncSession, key: ApiKey) -> None:
    """End a key that is taken, now and for good; one that was revoked before stays as it is."""
    if key.revoked_at is not None:
        return
    before = told(key)
    key.revoked_at = func.now()
    # The environment, should the key come from there, no longer brings it back.
    key.bootstrap = False
    await tx.flush()
    await tx.refresh(key)
    await journal.record(tx, "key.revoked", key.id, before, told(key))
    await announce_revoked(tx, key.id)
