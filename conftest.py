"""The suite's servers, shared by every package's tests."""

import asyncio
import os
from pathlib import Path

import pytest
from pydantic import SecretStr
from tests.brokers import new_broker
from tests.homes import FAST, new_home
from xdist.scheduler import LoadScopeScheduling

import gateway  # noqa: F401 — before pytest takes the folder of that name for the package
from chassis.settings import Settings
from standalone.postgres import Postgres
from standalone.system import prepare

pytest_plugins = ["chassis.testing"]
# Tests reach nobody outside.
os.environ["SIDETRACK_PROVIDERS"] = "off"
WHOLE_SYSTEMS = Path(__file__).parent / "tests"


class ByPlace(LoadScopeScheduling):
    """What shares a running system stays with one worker; of the rest each file stays with one."""

    def _split_scope(self, nodeid):
        file = nodeid.partition("::")[0]
        return str(Path(file).parent) if file.startswith("tests/") else file


def pytest_xdist_make_scheduler(config, log):
    return ByPlace(config, log)


def pytest_collection_modifyitems(items):
    """What takes longest begins at once."""
    items.sort(key=lambda item: not item.path.is_relative_to(WHOLE_SYSTEMS))


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
