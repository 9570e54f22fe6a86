"""The suite's servers, shared by every package's tests."""

import asyncio

import pytest
from pydantic import SecretStr
from tests.brokers import new_broker
from tests.homes import FAST, new_home

import gateway  # noqa: F401 — before pytest takes the folder of that name for the package
from chassis.settings import Settings
from standalone.postgres import Postgres
from standalone.system import prepare

pytest_plugins = ["chassis.testing"]


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
    asyncio.run(prepare(settings))
    return settings
