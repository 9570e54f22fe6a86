"""A new key takes over from the old one, however often it is interrupted."""

import asyncio
import base64
import os

import pytest
from sqlalchemy import select

from chassis.supervisor import Misfit
from identity.models import LinkedAccount, User
from identity.vault import rotation
from identity.vault.cipher import Vault
from identity.vault.rotation import Rotated, rotate
from identity.vault.watch import check_vault

OLD, NEW = {"old00001": os.urandom(32)}, {"new00001": os.urandom(32)}
NUMBER = 5


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(rotation, "BATCH", 2)


@pytest.fixture
async def sealed(stage):
    """Five accounts sealed by the old key, and one with nothing to seal."""
    async with stage.db.transaction() as tx:
        tx.add(user := User(display_name="Wren"))
        await tx.flush()
        for number in range(NUMBER):
            account = f"wren{number}"
            tokens = Vault(OLD).seal("spotify", account, {"number": str(number)})
            tx.add(LinkedAccount(provider="spotify", provider_id=account, user_id=user.id, encrypted_tokens=tokens))
        tx.add(LinkedAccount(provider="discord", provider_id="1", user_id=user.id))


@pytest.fixture
def opened(stage):
    async def opened_(keys):
        async with stage.db.transaction() as tx:
            rows = await tx.scalars(select(LinkedAccount).where(LinkedAccount.provider == "spotify"))
            return {row.provider_id: Vault(keys).open("spotify", row.provider_id, row.encrypted_tokens) for row in rows}

    return opened_


@pytest.fixture
def keys_are(monkeypatch):
    def set_(keys):
        told = ",".join(f"{name}:{base64.b64encode(key).decode()}" for name, key in keys.items())
        monkeypatch.setenv("SIDETRACK_VAULT_KEYS", told)

    return set_


EVERYTHING = {f"wren{number}": {"number": str(number)} for number in range(NUMBER)}


async def test_after_it_the_old_key_is_not_needed_any_more(stage, sealed, opened, small_batches):
    assert await rotate(stage.db, Vault(NEW | OLD)) == Rotated(NUMBER, 0)
    assert await opened(NEW) == EVERYTHING


async def test_again_it_changes_nothing(stage, sealed, small_batches):
    await rotate(stage.db, Vault(NEW | OLD))
    assert await rotate(stage.db, Vault(NEW | OLD)) == Rotated(0, 0)


async def test_broken_off_it_goes_on_where_it_was(stage, sealed, opened, small_batches):
    class BrokenOff(Exception):
        pass

    class Twice:
        def __init__(self):
            self.left = 2

        def transaction(self):
            if not self.left:
                raise BrokenOff
            self.left -= 1
            return stage.db.transaction()

    with pytest.raises(BrokenOff):
        await rotate(Twice(), Vault(NEW | OLD))
    assert await opened(NEW | OLD) == EVERYTHING
    assert await rotate(stage.db, Vault(NEW | OLD)) == Rotated(NUMBER - 4, 0)


async def test_what_cannot_be_read_is_counted_and_stays_as_it_is(stage, sealed, opened, small_batches):
    async with stage.db.transaction() as tx:
        swapped = await tx.get(LinkedAccount, ("spotify", "wren1"))
        swapped.encrypted_tokens = Vault(OLD).seal("spotify", "somebody", {})
    assert await rotate(stage.db, Vault(NEW | OLD)) == Rotated(NUMBER - 1, 1)


async def test_a_key_that_is_missing_is_named_and_makes_the_service_not_ready(stage, sealed, keys_are):
    keys_are(NEW)
    with pytest.raises(Misfit, match="old00001"):
        await check_vault(stage.db)
    keys_are(NEW | OLD)
    await check_vault(stage.db)


async def test_keys_that_are_none_make_the_service_not_ready_and_are_not_quoted(stage, monkeypatch):
    monkeypatch.setenv("SIDETRACK_VAULT_KEYS", "hunter2")
    with pytest.raises(Misfit, match="not a list of vault keys") as misfit:
        await check_vault(stage.db)
    assert "hunter2" not in str(misfit.value)


async def test_without_keys_and_without_tokens_there_is_nothing_to_miss(stage, monkeypatch):
    monkeypatch.delenv("SIDETRACK_VAULT_KEYS", raising=False)
    await check_vault(stage.db)


async def test_a_started_service_without_the_key_is_not_ready_and_with_it_is(start, app, environment, keys_are):
    keys_are(NEW)
    async with start() as client, app.state.db.transaction() as tx:
        tx.add(user := User(display_name="Wren"))
        await tx.flush()
        tokens = Vault(OLD).seal("spotify", "wren", {})
        tx.add(LinkedAccount(provider="spotify", provider_id="wren", user_id=user.id, encrypted_tokens=tokens))
    async with start() as client:
        async with asyncio.timeout(30):
            while "vault" not in (report := (await client.get("/readyz")).json())["failures"]:
                await asyncio.sleep(0.05)
        assert (await client.get("/readyz")).status_code == 503
    assert report["failures"]["vault"].endswith("some tokens: old00001.")
    keys_are(NEW | OLD)
    async with start() as client:
        async with asyncio.timeout(30):
            while "vault" in (await client.get("/readyz")).json()["warnings"]:
                await asyncio.sleep(0.05)
        assert "vault" not in (await client.get("/readyz")).json()["failures"]
