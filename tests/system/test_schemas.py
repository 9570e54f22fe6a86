"""The tables are what the migrations make of them, for each service."""

import asyncio
import re

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.ext.asyncio import create_async_engine

from standalone.system import SCHEMAS

# Alembic's own, and the parts of what is partitioned.
BESIDE = re.compile(r"alembic_version|'sightings_(\d{4}|default)")


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: schema.name)
def test_no_model_differs_from_its_migrated_table(test_settings, schema):
    assert asyncio.run(_differences(test_settings, schema)) == []


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: schema.name)
def test_migrations_are_read_as_alembic_reads_them(schema):
    scripts = ScriptDirectory.from_config(schema.config)
    assert schema.heads == {*scripts.get_heads()}
    assert {(each.revision, each.follows) for each in schema.steps} == {
        (each.revision, each.down_revision) for each in scripts.walk_revisions()
    }


async def _differences(settings, schema):
    # The bus names its schema in its models, for it is used beside others; the rest is found by search_path.
    named = schema.name == "bus"
    seen = {"server_settings": {"search_path": "ext" if named else f"{schema.name}, ext"}}
    engine = create_async_engine(settings.role_url(f"{schema.name}_owner"), connect_args=seen)

    def compare(connection):
        looked_at = "bus" if named else None
        wanted = {"include_schemas": named, "include_name": lambda name, kind, _: kind != "schema" or name == looked_at}
        opts = {"compare_type": True, "compare_server_default": True, **wanted}
        return compare_metadata(MigrationContext.configure(connection, opts=opts), schema.metadata)

    async with engine.connect() as connection:
        differences = await connection.run_sync(compare)
    await engine.dispose()
    return [each for each in differences if not BESIDE.search(str(each))]


def test_a_role_reads_no_table_but_those_of_its_own_schema(test_settings):
    assert asyncio.run(_what_roles_may_read_elsewhere(test_settings)) == []


async def _what_roles_may_read_elsewhere(settings):
    roles = [schema.name for schema in SCHEMAS if schema.name != "bus"]
    query = """
        SELECT role, schemaname, tablename
        FROM pg_tables, unnest($1::text[]) AS role
        WHERE schemaname = ANY($1 || ARRAY['bus']) AND schemaname <> role
          AND has_schema_privilege(role, schemaname, 'USAGE')
    """
    admin = await asyncpg.connect(settings.database_url)
    try:
        return await admin.fetch(query, roles)
    finally:
        await admin.close()


def test_the_taste_role_cannot_read_the_club_s_tables(test_settings):
    address = test_settings.role_url("taste").set(drivername="postgresql").render_as_string(hide_password=False)

    async def read():
        taste = await asyncpg.connect(address)
        try:
            assert await taste.fetchval("SELECT count(*) FROM taste.votes") == 0
            await taste.fetch("SELECT * FROM club.ballots")
        finally:
            await taste.close()

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        asyncio.run(read())
