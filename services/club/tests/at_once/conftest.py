"""The club on connections of its own, for what only several at once can show; emptied afterwards."""

import httpx2
import pytest
from sqlalchemy import delete, update

from chassis.db import Database
from chassis.outbox import Outgoing
from chassis.supervisor import Supervisor
from chassis.testing import Scripted, Stage, trusted_keys
from chassis.tokens import Tokens
from club.models import ClubTable, Week


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
    async with db.transaction() as tx:
        await tx.execute(update(Week).values(winner_album_id=None, winner_nomination_id=None))
        for table in (Outgoing.__table__, *reversed(ClubTable.metadata.sorted_tables)):
            await tx.execute(delete(table))
    await db.engine.dispose()
