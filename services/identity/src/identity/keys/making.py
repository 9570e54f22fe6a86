"""Making keys, anew and in the place of others."""

import secrets
import string
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from identity.credentials.secret import hash_secret, new_secret
from identity.journal import journal
from identity.keys import rules, store
from identity.keys.answers import told
from identity.keys.revoking import announce_revoked, revoke
from identity.models import ApiKey

ID_LETTERS, ID_LENGTH = string.ascii_lowercase + string.digits, 8


@dataclass(frozen=True)
class Made:
    """A key as it is kept, and as it is shown this once."""

    kept: ApiKey
    shown: str


async def make_key(tx: AsyncSession, **facts: Any) -> Made:
    """A new key with these columns. Only the hash of its secret is kept, and nothing of it is audited."""
    key_id, secret = "".join(secrets.choice(ID_LETTERS) for _ in range(ID_LENGTH)), new_secret()
    key = await store.keep_key(tx, ApiKey(id=key_id, secret_hash=hash_secret(secret), **facts))
    await journal.record(tx, "key.made", key.id, None, told(key))
    return Made(key, f"sdt_{key_id}_{secret}")


async def rotate(tx: AsyncSession, old: ApiKey, overlap: timedelta, expires_at: datetime | None) -> Made:
    """A new key of the same kind, name and scopes; the old one, which is taken, ends after the overlap.

    Raises OwnKeysOnly, AlreadyRotated, KeyNotInForce.
    """
    now = datetime.now(UTC)
    good = rules.in_force(old.expires_at, old.revoked_at, now)
    rules.check_rotates(old.owner_id, old.replaced_by, good=good)
    made = await make_key(tx, kind=old.kind, name=old.name, scopes=old.scopes, expires_at=expires_at)
    before = told(old)
    old.replaced_by, old.expires_at, old.bootstrap = (
        made.kept.id,
        rules.overlap_ends(old.expires_at, overlap, now),
        False,
    )
    await tx.flush()
    await journal.record(tx, "key.rotated", old.id, before, told(old))
    if overlap:
        await announce_revoked(tx, old.id)
    else:
        await revoke(tx, old)
    return made
