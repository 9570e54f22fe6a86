"""Making an application of a key, and knowing one again by what it signed."""

import secrets
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.ids import UserId
from contracts.lastfm import Fault, SignedCall
from identity.keys.making import Made
from identity.lastfm import store
from identity.lastfm.rules import is_signed, is_word, md5
from identity.models import LastFmApplication
from identity.vault.cipher import Vault, application_row

# As long as Last.fm's own, which is what scrobblers expect.
BYTES = 16


class Application(NamedTuple):
    """One that is in force, with its owner and what they are called."""

    key_id: str
    owner_id: UserId
    name: str
    secret: str
    password_md5: str


def new_word() -> str:
    return secrets.token_hex(BYTES)


async def make_application(tx: AsyncSession, made: Made, vault: Vault) -> tuple[str, str]:
    """Its API key, and the secret that it signs with. Raises VaultLocked."""
    api_key, secret = new_word(), new_word()
    sealed = vault.seal_for(application_row(made.kept.id), {"secret": secret, "password_md5": md5(made.shown)})
    tx.add(LastFmApplication(key_id=made.kept.id, api_key=api_key, sealed=sealed))
    await tx.flush()
    return api_key, secret


async def application_of(
    tx: AsyncSession, call: SignedCall, vault: Vault, *, unsigned: bool = False
) -> Application | Fault:
    """Which one it is; `unsigned`: it need not have signed. Raises VaultLocked, TokensUnreadable."""
    found = await store.standing(tx, call.api_key) if is_word(call.api_key) else None
    if found is None:
        return "invalid_api_key"
    row, owner = found
    opened = vault.open_for(application_row(row.key_id), row.sealed)
    if not (unsigned and call.signature is None) and not is_signed(call.said, call.signature, opened["secret"]):
        return "invalid_signature"
    return Application(row.key_id, owner.id, owner.handle or str(owner.id), opened["secret"], opened["password_md5"])
