"""What the vault keeps to itself, and from whom."""

import os

import pytest

from identity.vault.cipher import Vault
from identity.vault.rules import TokensUnreadable, VaultLocked

OLD, NEW = {"old00001": os.urandom(32)}, {"new00001": os.urandom(32)}
SECRETS = {"access_token": "canary", "refresh_token": "bird"}


def test_what_was_sealed_for_a_row_opens_for_it():
    vault = Vault(OLD)
    assert vault.open("spotify", "wren", vault.seal("spotify", "wren", SECRETS)) == SECRETS


def test_nothing_of_a_token_is_seen_in_what_is_stored_and_nothing_is_stored_twice():
    vault = Vault(OLD)
    first, second = (vault.seal("spotify", "wren", SECRETS) for _ in range(2))
    assert b"canary" not in first
    assert first != second


@pytest.mark.parametrize("row", [("spotify", "oskar"), ("lastfm", "wren"), ("spotify", "wre")])
def test_what_was_sealed_for_one_row_opens_for_no_other(row):
    vault = Vault(OLD)
    sealed = vault.seal("spotify", "wren", SECRETS)
    with pytest.raises(TokensUnreadable):
        vault.open(*row, sealed)


@pytest.mark.parametrize("place", [8, 20, -1])
def test_a_changed_byte_is_noticed(place):
    vault = Vault(OLD)
    sealed = bytearray(vault.seal("spotify", "wren", SECRETS))
    sealed[place] ^= 1
    with pytest.raises(TokensUnreadable):
        vault.open("spotify", "wren", bytes(sealed))


def test_after_a_rotation_the_new_key_seals_and_the_old_one_still_opens():
    sealed = Vault(OLD).seal("spotify", "wren", SECRETS)
    vault = Vault(NEW | OLD)
    assert vault.open("spotify", "wren", sealed) == SECRETS
    assert vault.seal("spotify", "wren", SECRETS).startswith(b"new00001")


@pytest.mark.parametrize("keys", [{}, NEW])
def test_without_its_key_a_row_stays_closed(keys):
    sealed = Vault(OLD).seal("spotify", "wren", SECRETS)
    with pytest.raises(VaultLocked):
        Vault(keys).open("spotify", "wren", sealed)


def test_without_any_key_nothing_is_sealed():
    with pytest.raises(VaultLocked):
        Vault({}).seal("spotify", "wren", SECRETS)
