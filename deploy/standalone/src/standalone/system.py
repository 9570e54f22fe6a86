"""The parts of Sidetrack, and the database made ready for them."""

import asyncpg
import structlog
from fastapi import FastAPI

from catalog.main import app as catalog
from chassis.announcer import raise_versions, reannounce
from chassis.db import opened
from chassis.migrate import BUS, Schema, upgrade
from chassis.provision import provision
from chassis.settings import Settings
from club.main import app as club
from identity.main import app as identity
from identity.vault.cipher import Vault
from identity.vault.rotation import Rotated, rotate
from listening.main import app as listening
from taste.main import app as taste

log = structlog.get_logger()

SERVICES: dict[str, FastAPI] = {
    "identity": identity,
    "catalog": catalog,
    "club": club,
    "listening": listening,
    "taste": taste,
}
SCHEMAS: list[Schema] = [BUS, *(app.state.schema for app in SERVICES.values())]
FREED = "UPDATE bus.delivery SET due = now(), token = NULL WHERE token IS NOT NULL AND dead IS NULL"
BEHIND = "SELECT version_num FROM {}.alembic_version"


async def prepare(settings: Settings) -> None:
    """Make roles, schemas and rights, and run the migrations that are missing. Harmless to repeat."""
    await provision(settings, settings.database_url, list(SERVICES))
    for schema in SCHEMAS:
        await upgrade(settings, schema)


async def behind(admin_url: str) -> bool:
    """Whether a database that is in use lacks some of this release's migrations."""
    admin = await asyncpg.connect(admin_url)
    try:
        present: set[str] = set()
        for schema in SCHEMAS:
            if await admin.fetchval("SELECT to_regclass($1)", f"{schema.name}.alembic_version"):
                present |= {row["version_num"] for row in await admin.fetch(BEHIND.format(schema.name))}
    finally:
        await admin.close()
    return bool(present) and not set().union(*(schema.heads for schema in SCHEMAS)) <= present


async def free_leases(admin_url: str) -> None:
    """Give back what a killed process was handling. Only for who knows that no other process works on this database."""
    admin = await asyncpg.connect(admin_url)
    try:
        await admin.execute(FREED)
    finally:
        await admin.close()


async def rotate_vault(settings: Settings, vault: Vault) -> Rotated:
    """Seal every provider token with the vault's current key. Harmless to break off and to repeat."""
    async with opened(settings, "identity") as db:
        return await rotate(db, vault)


async def overrule(settings: Settings) -> int:
    """After a restore: lift every version above what was announced since the backup, and state everything anew."""
    announced = 0
    for name, app in SERVICES.items():
        async with opened(settings, name) as db:
            for announcer in app.state.announcers.values():
                await raise_versions(db, announcer)
                announced += await reannounce(db, announcer)
    return announced
