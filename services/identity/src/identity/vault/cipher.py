"""AES-256-GCM: what is sealed for one row opens for no other."""

import json
import os
from collections.abc import Mapping
from typing import NewType

import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from contracts.identity import Provider
from identity.vault.rules import ID_LENGTH, BadVaultKeys, TokensUnreadable, VaultLocked, read_keys

log = structlog.get_logger()

NONCE_LENGTH = 12

Secrets = Mapping[str, str]
# A row's table and its primary key, which what is sealed for it is bound to.
Row = NewType("Row", bytes)


class Vault:
    """A sealed text is the key's id, a nonce, and the ciphertext with its tag."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self._ciphers = {name: AESGCM(key) for name, key in keys.items()}

    @property
    def key_ids(self) -> list[str]:
        """The current key's first."""
        return [*self._ciphers]

    @property
    def current(self) -> str:
        """The id of the key that seals. Raises VaultLocked without one."""
        if not self._ciphers:
            raise VaultLocked
        return self.key_ids[0]

    def seal(self, provider: Provider, account: str, secrets: Secrets) -> bytes:
        """For an account elsewhere. Raises VaultLocked without a key."""
        return self.seal_for(_row("linked_accounts", provider, account), secrets)

    def open(self, provider: Provider, account: str, sealed: bytes) -> dict[str, str]:
        """Raises VaultLocked when its key is missing, TokensUnreadable when it was not sealed for this row."""
        return self.open_for(_row("linked_accounts", provider, account), sealed)

    def seal_for(self, row: Row, secrets: Secrets) -> bytes:
        """Raises VaultLocked without a key."""
        nonce = os.urandom(NONCE_LENGTH)
        plain = json.dumps(dict(secrets)).encode()
        return self.current.encode() + nonce + self._ciphers[self.current].encrypt(nonce, plain, row)

    def open_for(self, row: Row, sealed: bytes) -> dict[str, str]:
        """Raises as `open` does."""
        cipher = self._ciphers.get(key_id(sealed))
        if cipher is None:
            log.error("vault_key_missing", key_id=key_id(sealed))
            raise VaultLocked
        nonce, ciphertext = sealed[ID_LENGTH : ID_LENGTH + NONCE_LENGTH], sealed[ID_LENGTH + NONCE_LENGTH :]
        try:
            opened: dict[str, str] = json.loads(cipher.decrypt(nonce, ciphertext, row))
        except (InvalidTag, ValueError) as error:
            log.error("vault_row_unreadable", row=row.decode())
            raise TokensUnreadable from error
        return opened


def key_id(sealed: bytes) -> str:
    return sealed[:ID_LENGTH].decode("ascii", errors="replace")


def application_row(key_id: str) -> Row:
    """Of what a scrobbler of Last.fm's protocol signs with."""
    return _row("lastfm_applications", key_id)


def _row(table: str, *primary_key: str) -> Row:
    # A ciphertext that was copied into another row does not open there.
    return Row(json.dumps([table, *primary_key]).encode())


class VaultSettings(BaseSettings):
    """`SIDETRACK_VAULT_KEYS`: see `rules.FORM`."""

    model_config = SettingsConfigDict(env_prefix="SIDETRACK_", env_ignore_empty=True, frozen=True)

    vault_keys: SecretStr | None = None

    @property
    def given(self) -> str:
        return self.vault_keys.get_secret_value() if self.vault_keys else ""


def vault_at_hand() -> Vault:
    """The vault with the keys of the environment. Raises VaultLocked when they are none."""
    try:
        return Vault(read_keys(VaultSettings().given))
    except BadVaultKeys as error:
        raise VaultLocked from error


def vault_of(keys: str) -> Vault:
    """For an operator's command. Raises VaultLocked, which says how keys read, when they are none."""
    try:
        return Vault(read_keys(keys))
    except BadVaultKeys as error:
        raise VaultLocked(str(error)) from error
