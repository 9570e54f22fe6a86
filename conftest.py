"""The suite's servers, shared by every package's tests."""

import asyncio
import os
from importlib import import_module
from pathlib import Path

import pytest
from pydantic import SecretStr
from tests.brokers import new_broker
from tests.homes import FAST, new_home

import gateway  # noqa: F401 — before pytest takes the folder of that name for the package
from chassis.migrate import BUS, schema_of, upgrade
from chassis.provision import provision
from chassis.settings import Settings
from standalone.postgres import Postgres

pytest_plugins = ["chassis.testing"]

SERVICES = [
    name
    for name in os.environ.get("ONLY", "identity catalog club listening taste").split()
    if list(Path(f"services/{name}/migrations/versions").glob("*.py"))
]


async def _prepare(settings: Settings, admin_url: str) -> None:
    await provision(settings, admin_url, SERVICES)
    await upgrade(settings, BUS)
    for name in SERVICES:
        table = getattr(import_module(f"{name}.models"), f"{name.capitalize()}Table")
        await upgrade(settings, schema_of(name, table.metadata))


@pytest.fixture(scope="session")
def postgres():
    with new_home() as home, Postgres(home, FAST) as server:
        yield server


@pytest.fixture(scope="session")
def broker():
    server = new_broker()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def test_settings(postgres):
    """Every schema migrated, as a fresh installation has them."""
    settings = Settings(database_url=postgres.url, role_secret=SecretStr("only for tests"))
    asyncio.run(_prepare(settings, postgres.url))
    return settings
