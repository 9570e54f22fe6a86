"""Whom an API key stands for."""

from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.identity import Principal
from identity.keys.rules import in_force, parse, same_secret
from identity.keys.store import key_by_id, note_use


async def principal_of(tx: AsyncSession, key: str) -> Principal | None:
    """None for a key that is garbled, unknown, expired or revoked: which of them is nobody's business."""
    presented = parse(key)
    kept = await key_by_id(tx, presented.id) if presented else None
    if presented is None or kept is None or not same_secret(presented.secret_hash, kept.secret_hash):
        return None
    if not in_force(kept.expires_at, kept.revoked_at, datetime.now(UTC)):
        return None
    await note_use(tx, kept.id)
    return Principal(
        id=str(kept.owner_id or kept.id),
        kind=kept.kind,
        scopes=kept.scopes,
        credential=f"key:{kept.id}",
        expires_at=kept.expires_at,
    )
