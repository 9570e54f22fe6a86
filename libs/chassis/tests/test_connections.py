"""What becomes of connections that the server ended while nobody used them."""

import asyncio

import asyncpg
import pytest
from sqlalchemy import func, select

from chassis import db as chassis_db
from chassis.db import Database


@pytest.fixture
async def db(test_settings):
    found = Database(test_settings, "club")
    yield found
    await found.engine.dispose()


async def own_pid(db):
    async with db.transaction() as tx:
        return await tx.scalar(select(func.pg_backend_pid()))


async def end(settings, pid):
    admin = await asyncpg.connect(settings.database_url)
    await admin.execute("SELECT pg_terminate_backend($1, 5000)", pid)
    await admin.close()


async def test_a_connection_is_used_again(db):
    assert await own_pid(db) == await own_pid(db)


async def test_who_comes_after_the_server_ended_a_connection_gets_another(db, test_settings):
    pid = await own_pid(db)
    await end(test_settings, pid)
    # The word that it is closed is on its way.
    await asyncio.sleep(0.2)
    assert await own_pid(db) != pid


async def test_one_that_was_quiet_for_long_is_asked_first(db, test_settings, monkeypatch):
    monkeypatch.setattr(chassis_db, "QUIET", -1)
    pid = await own_pid(db)
    assert await own_pid(db) == pid
    await end(test_settings, pid)
    # Nothing of it was read here yet.
    assert await own_pid(db) != pid
