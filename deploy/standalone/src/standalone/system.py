"""The parts of Sidetrack, and the database made ready for them."""

import asyncpg
import structlog
from fastapi import FastAPI

from catalog.main import app as catalog
from chassis.announcer import raise_versions, reannounce
from chassis.db import Database
from chassis.errors import Conflict, NotFound
from chassis.migrate import BUS, Schema, upgrade
from chassis.provision import provision
from chassis.settings import Settings
from club.main import app as club
from identity.main import app as identity
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
WAITING = "SELECT count(*) FROM bus.delivery"
FREED = "UPDATE bus.delivery SET due = now(), token = NULL WHERE token IS NOT NULL AND dead IS NULL"
BEHIND = "SELECT version_num FROM {}.alembic_version"


class NoSuchService(NotFound):
    sentence = "There is no such service."


class NoSuchNoun(NotFound):
    sentence = "This service announces no such noun."


class NoSuchHandler(NotFound):
    sentence = "No such handler hears of this."


class DeliveriesWait(Conflict):
    sentence = "Deliveries still wait in the database: let them be handled on the local transport before you leave it."


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


async def check_transport(settings: Settings) -> None:
    """Raises DeliveriesWait when the bus is to be a broker while the database still holds deliveries."""
    if settings.local:
        return
    admin = await asyncpg.connect(settings.database_url)
    try:
        if await admin.fetchval("SELECT to_regclass('bus.delivery')") and await admin.fetchval(WAITING):
            raise DeliveriesWait
    finally:
        await admin.close()


async def free_leases(admin_url: str) -> None:
    """Give back what a killed process was handling. Only for who knows that no other process works on this database."""
    admin = await asyncpg.connect(admin_url)
    try:
        await admin.execute(FREED)
    finally:
        await admin.close()


async def announce_again(settings: Settings, service: str, noun: str, to: str) -> int:
    """State every aggregate of the noun to one handler; how many. Raises NoSuchService, NoSuchNoun, NoSuchHandler."""
    if service not in SERVICES:
        raise NoSuchService(f"There is no service {service}; there are {', '.join(SERVICES)}.")
    announcers = SERVICES[service].state.announcers
    if noun not in announcers:
        raise NoSuchNoun(f"{service} announces {', '.join(announcers) or 'nothing'}, not {noun}.")
    announcer = announcers[noun]
    if to not in announcer.event.consumers:
        raise NoSuchHandler(f"{announcer.event.topic} is heard by {', '.join(announcer.event.consumers)}, not by {to}.")
    db = Database(settings, role=service)
    try:
        return await reannounce(db, announcer, to)
    finally:
        await db.engine.dispose()


async def overrule(settings: Settings) -> int:
    """After a restore: lift every version above what was announced since the backup, and state everything anew."""
    announced = 0
    for name, app in SERVICES.items():
        db = Database(settings, role=name)
        try:
            for announcer in app.state.announcers.values():
                await raise_versions(db, announcer)
                announced += await reannounce(db, announcer)
        finally:
            await db.engine.dispose()
    return announced
