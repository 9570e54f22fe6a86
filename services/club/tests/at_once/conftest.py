"""The club on connections of its own, for what only several at once can show; emptied afterwards."""

import httpx2
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from chassis.db import Database
from chassis.supervisor import Supervisor
from chassis.testing import Scripted, Stage, trusted_keys
from chassis.tokens import Tokens
from club.models import ClubTable


@pytest.fixture
async def stage(app, test_settings):
    settings = test_settings.model_copy(update={"trusted_keys": trusted_keys()})
    db = Database(settings, role="club")
    app.state.db, app.state.tokens, app.state.settings = db, Tokens("club", settings), settings
    app.state.supervisor = Supervisor()
    app.state.neighbours = {name: Scripted({}) for name in ("identity", "catalog")}
    wire = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=wire, base_url="http://sidetrack") as client:
        yield Stage(app, db, client)
    del app.state.neighbours
    await db.engine.dispose()
    await emptied(settings)


@pytest.fixture
def empty(test_settings):
    """`await empty()`: nothing is left of the club."""
    return lambda: emptied(test_settings)


async def emptied(settings):
    """As the owner, who may delete what is kept for ever; of the clubs, the default one stays as it was made."""
    owner = create_async_engine(settings.role_url("club_owner"))
    tables = [f"club.{table.name}" for table in ClubTable.metadata.sorted_tables if table.name != "clubs"]
    async with owner.begin() as connection:
        await connection.execute(text(f"TRUNCATE club.outbox, club.audit, club.departures, {', '.join(tables)}"))
        await connection.execute(text("DELETE FROM club.clubs WHERE slug <> 'main'"))
        blank = "name = 'The club', guild_id = NULL, rules = '{}', timezone = 'UTC', has_roster = false"
        await connection.execute(text(f"UPDATE club.clubs SET {blank}"))
    await owner.dispose()
