"""Roles, schemas and rights, made by an administrator of the database. Harmless to repeat.

A service has two roles: `<service>_owner` owns its schema and migrates it, `<service>` reads and writes rows there and
can do nothing else, nor anything elsewhere. The role `bus` is the stated exception: it moves every outbox.
"""

import asyncpg

from chassis.bus.local import ROLE as BUS
from chassis.db import EXTENSIONS
from chassis.settings import Settings, password_of

REQUIRED = ("pg_trgm", "unaccent")
ROLE = """
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN CREATE ROLE {role} LOGIN; END IF;
END $$
"""
SCHEMA = """
GRANT {name}_owner TO CURRENT_USER;
CREATE SCHEMA IF NOT EXISTS {name} AUTHORIZATION {name}_owner;
GRANT USAGE ON SCHEMA {name} TO {name}, {bus};
ALTER DEFAULT PRIVILEGES FOR ROLE {name}_owner IN SCHEMA {name}
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {name};
ALTER DEFAULT PRIVILEGES FOR ROLE {name}_owner IN SCHEMA {name} GRANT USAGE, SELECT ON SEQUENCES TO {name};
ALTER ROLE {name}_owner SET search_path = {name}, {ext};
ALTER ROLE {name} SET search_path = {name}, {ext};
"""
# Two provisioners at once would trip over each other's roles.
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('sidetrack.provision'))"


async def provision(settings: Settings, admin_url: str, services: list[str]) -> None:
    """Make what `services` and the bus need in the database of `admin_url`."""
    if settings.role_secret is None:
        raise LookupError("SIDETRACK_ROLE_SECRET is needed to give the roles their passwords.")
    secret = settings.role_secret.get_secret_value()
    admin = await asyncpg.connect(admin_url)
    try:
        async with admin.transaction():
            await admin.execute(ONE_AT_A_TIME)
            await _extensions(admin)
            for name in (BUS, *services):
                for role in (name, f"{name}_owner"):
                    await admin.execute(ROLE.format(role=role))
                    # A password is a literal here: DDL takes no parameters. It is made of hexadecimal digits.
                    await admin.execute(f"ALTER ROLE {role} PASSWORD '{password_of(role, secret)}'")
            for name in (BUS, *services):
                await admin.execute(SCHEMA.format(name=name, bus=BUS, ext=EXTENSIONS))
    finally:
        await admin.close()


async def _extensions(admin: asyncpg.Connection) -> None:
    await admin.execute(f"CREATE SCHEMA IF NOT EXISTS {EXTENSIONS}; GRANT USAGE ON SCHEMA {EXTENSIONS} TO PUBLIC")
    await admin.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    for extension in REQUIRED:
        await admin.execute(f"CREATE EXTENSION IF NOT EXISTS {extension} SCHEMA {EXTENSIONS}")
