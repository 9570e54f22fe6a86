"""Sealing everything anew with the current key: a batch a transaction, so that it can be broken off and run again."""

from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, cast, func, select
from sqlalchemy.dialects.postgresql import BYTEA
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from chassis.db import Transactions
from identity.models import LastFmApplication, LinkedAccount
from identity.vault.cipher import Vault, application_row
from identity.vault.rules import ID_LENGTH, TokensUnreadable, VaultLocked

BATCH = 100


class Rotated(NamedTuple):
    """How many were sealed anew, and how many could not be read and stay as they are."""

    sealed: int
    unreadable: int


class Sealed(NamedTuple):
    """A table with something sealed in each row: by what its rows are in order, and how one is sealed anew."""

    order: InstrumentedAttribute[Any]
    text: InstrumentedAttribute[Any]
    anew: Callable[[Vault, Any], None]


def _account_anew(vault: Vault, row: LinkedAccount) -> None:
    secrets = vault.open(row.provider, row.provider_id, row.encrypted_tokens or b"")
    row.encrypted_tokens = vault.seal(row.provider, row.provider_id, secrets)


def _application_anew(vault: Vault, row: LastFmApplication) -> None:
    of = application_row(row.key_id)
    row.sealed = vault.seal_for(of, vault.open_for(of, row.sealed))


SEALED = (
    Sealed(LinkedAccount.id, LinkedAccount.encrypted_tokens, _account_anew),
    Sealed(LastFmApplication.key_id, LastFmApplication.sealed, _application_anew),
)


def sealed_by(kind: Sealed) -> ColumnElement[bytes]:
    """The id of the key that sealed a row, as bytes."""
    return func.substring(kind.text, 1, ID_LENGTH, type_=BYTEA)


async def rotate(db: Transactions, vault: Vault) -> Rotated:
    """Everything that another key than the current one sealed. Again, it changes nothing."""
    sealed = unreadable = 0
    for kind in SEALED:
        after: Any = None
        while True:
            async with db.transaction() as tx:
                after, done, failed = await _batch(tx, vault, kind, after)
            sealed, unreadable = sealed + done, unreadable + failed
            if after is None:
                break
    return Rotated(sealed, unreadable)


async def _batch(tx: AsyncSession, vault: Vault, kind: Sealed, after: Any) -> tuple[Any, int, int]:
    otherwise = select(kind.order.class_).where(
        kind.text.is_not(None), sealed_by(kind) != cast(vault.current.encode(), BYTEA)
    )
    if after is not None:
        otherwise = otherwise.where(kind.order > after)
    # Locked, so that a refresh that stores at this moment is neither lost nor overwritten.
    rows = (await tx.scalars(otherwise.order_by(kind.order).limit(BATCH).with_for_update())).all()
    failed = sum(not _seal_anew(vault, kind, row) for row in rows)
    return getattr(rows[-1], kind.order.key) if rows else None, len(rows) - failed, failed


def _seal_anew(vault: Vault, kind: Sealed, row: Any) -> bool:
    try:
        kind.anew(vault, row)
    except (VaultLocked, TokensUnreadable):
        return False
    return True
