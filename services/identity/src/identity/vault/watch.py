"""Whether this process has every key that some row was sealed with; without one it is not ready."""

import asyncio

from sqlalchemy import select, union

from chassis.bus import Up
from chassis.db import Database, Transactions
from chassis.supervisor import Misfit
from identity.vault.cipher import VaultSettings, key_id
from identity.vault.rotation import SEALED, sealed_by
from identity.vault.rules import BadVaultKeys, read_keys

EVERY = 30.0


async def watch_vault(db: Database, up: Up) -> None:
    while True:
        await check_vault(db)
        up()
        await asyncio.sleep(EVERY)


async def check_vault(db: Transactions) -> None:
    """Raises Misfit for a key that is missing, and for keys that are none."""
    try:
        known = read_keys(VaultSettings().given)
    except BadVaultKeys as error:
        raise Misfit(str(error)) from error
    if missing := await _used(db) - set(known):
        raise Misfit(f"SIDETRACK_VAULT_KEYS lacks the key that sealed some tokens: {', '.join(sorted(missing))}.")


async def _used(db: Transactions) -> set[str]:
    used = union(*(select(sealed_by(kind)).where(kind.text.is_not(None)) for kind in SEALED))
    async with db.transaction() as tx:
        return {key_id(each) for each in await tx.scalars(used)}
