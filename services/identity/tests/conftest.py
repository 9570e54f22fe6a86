"""The identity service under test: in one rolled-back transaction, or live, with connections of its own."""

import json
import secrets
from contextlib import asynccontextmanager

import httpx2
import pytest
from sqlalchemy import text
from tests.servers import free_port

from chassis.testing import trusted_keys
from identity.main import app as identity


@pytest.fixture
def app():
    return identity


@pytest.fixture
def make_key():
    """A key as `sidetrack keys` would make it; of an id, when one is given."""

    def make(key_id: str | None = None) -> str:
        return f"sdt_{key_id or secrets.token_hex(4)}_{secrets.token_urlsafe(32)}"

    return make


@pytest.fixture
def environment(test_settings, monkeypatch):
    """Sets what identity reads when it starts. The bus is away, so what is announced stays to be counted."""
    settings = {
        "DATABASE_URL": test_settings.database_url,
        "ROLE_SECRET": test_settings.role_secret.get_secret_value(),
        "TRUSTED_KEYS": json.dumps(trusted_keys()),
        "BUS_URL": f"amqp://127.0.0.1:{free_port()}/",
    }

    def set_(**more: str) -> None:
        for name, value in more.items():
            monkeypatch.setenv(f"SIDETRACK_{name}", value)

    set_(**settings)
    return set_


@pytest.fixture
async def start(app, environment):
    """`async with start() as client`: the service with its lifespan, as a process would run it."""

    @asynccontextmanager
    async def started():
        wire = httpx2.ASGITransport(app, raise_app_exceptions=False)
        async with app.router.lifespan_context(app), httpx2.AsyncClient(transport=wire, base_url="http://it") as client:
            yield client

    yield started
    async with app.router.lifespan_context(app), app.state.db.transaction() as tx:
        await tx.execute(text("DELETE FROM linked_accounts"))
        await tx.execute(text("DELETE FROM api_keys"))
        await tx.execute(text("DELETE FROM users"))
        await tx.execute(text("DELETE FROM outbox"))
