"""The catalog service under test."""

import httpx2
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from catalog.main import app as catalog
from catalog.models import CatalogTable
from chassis.db import Database
from chassis.testing import trusted_keys
from chassis.tokens import Tokens

WRITTEN = [table.name for table in CatalogTable.metadata.sorted_tables] + ["outbox", "audit"]


@pytest.fixture
def app():
    return catalog


@pytest.fixture
def committing(test_settings):
    """The settings of `db`."""
    return test_settings.model_copy(update={"trusted_keys": trusted_keys()})


@pytest.fixture
async def db(app, committing):
    """A database that commits, for several at once. Empty at first and in the end; the app writes to it, too."""
    db = Database(committing, "catalog")
    app.state.db, app.state.tokens = db, Tokens("catalog", committing)
    await _empty(committing)
    yield db
    await _empty(committing)
    await db.engine.dispose()


@pytest.fixture
async def bot(app, db, sign):
    """Speaks to the app on `db`, as a bot."""
    wire = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=wire, base_url="http://sidetrack", headers=sign(), timeout=60) as client:
        yield client


async def _empty(settings):
    # Only the audit's owner may.
    owner = create_async_engine(settings.role_url("catalog_owner"))
    async with owner.begin() as connection:
        await connection.execute(text(f"TRUNCATE {', '.join(f'catalog.{name}' for name in WRITTEN)}"))
    await owner.dispose()
