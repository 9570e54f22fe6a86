"""The first keys, from the environment: without them nobody could make any other."""

import asyncio

import structlog
from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.bus import Up
from chassis.db import Database
from chassis.supervisor import Misfit
from identity.keys import rules, store
from identity.keys.rules import Presented

log = structlog.get_logger()


class BootstrapKeys(BaseSettings):
    """`SIDETRACK_BOT_KEY` and so on. Where none is given, what is stored stays."""

    model_config = SettingsConfigDict(env_prefix="SIDETRACK_", env_ignore_empty=True, frozen=True)

    bot_key: SecretStr | None = None
    worker_key: SecretStr | None = None
    admin_key: SecretStr | None = None

    def by_kind(self) -> dict[str, Presented]:
        """The keys that are given. Raises Misfit for one that is no key, or that is given twice."""
        given = {"bot": self.bot_key, "worker": self.worker_key, "admin": self.admin_key}
        keys = {kind: _presented(kind, key.get_secret_value()) for kind, key in given.items() if key is not None}
        if len({key.id for key in keys.values()}) < len(keys):
            raise Misfit("SIDETRACK_BOT_KEY, SIDETRACK_WORKER_KEY and SIDETRACK_ADMIN_KEY must be different keys.")
        return keys


async def store_bootstrap_keys(db: Database, up: Up) -> None:
    """A loop that works once: it starts over only when the database was away."""
    await replace_bootstrap_keys(db, BootstrapKeys().by_kind())
    up()
    await asyncio.Event().wait()


async def replace_bootstrap_keys(db: Database, keys: dict[str, Presented]) -> None:
    """Store each kind's key and revoke the one that was in its place. Raises Misfit for the id of another key."""
    async with db.transaction() as tx:
        await store.one_starter_at_a_time(tx)
        for kind, key in keys.items():
            if not await store.put_bootstrap_key(tx, kind, key):
                await _check_withdrawn(tx, kind, key)
            await store.revoke_former_bootstrap_keys(tx, kind, but=key.id)


async def _check_withdrawn(tx: AsyncSession, kind: str, key: Presented) -> None:
    """What an admin has ended stays so, though the environment still says it."""
    if not await store.was_withdrawn(tx, key):
        raise Misfit(f"{_setting(kind)} has the id of a key that was made otherwise; please make a new one.")
    log.warning("bootstrap_key_withdrawn", setting=_setting(kind))


def _presented(kind: str, key: str) -> Presented:
    presented = rules.parse(key)
    if presented is None:
        raise Misfit(f"{_setting(kind)} is not an API key: one reads {rules.FORM}.")
    return presented


def _setting(kind: str) -> str:
    return f"SIDETRACK_{kind.upper()}_KEY"
