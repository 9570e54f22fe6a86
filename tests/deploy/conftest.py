"""What docker-compose.yml makes of the secrets of a fresh home."""

import re

import pytest
from dotenv import dotenv_values

from standalone.keys import make_keys
from tests.deploy import compose
from tests.homes import reachable_folder


@pytest.fixture(scope="session")
def keys():
    with reachable_folder() as home:
        yield make_keys(home, {})


@pytest.fixture(scope="session")
def dotenv(keys, tmp_path_factory):
    file = tmp_path_factory.mktemp("compose") / ".env"
    file.write_text(keys.dotenv())
    return dotenv_values(file, interpolate=False)


@pytest.fixture(scope="session")
def parts(dotenv):
    """The containers, by name."""
    return compose.read(dotenv)["services"]


@pytest.fixture
def told(parts, dotenv):
    """`told("club")`: the environment that the container sees."""
    return lambda name: compose.environment_of(parts[name], dotenv)


@pytest.fixture
def entered(told, monkeypatch):
    """Puts the test into the place of one container; the servers it would reach are away."""

    def enter(name):
        for each in compose.documented():
            monkeypatch.delenv(each, raising=False)
        for setting, said in told(name).items():
            monkeypatch.setenv(setting, re.sub(r"@(postgres|rabbitmq):\d+", "@127.0.0.1:1", said))

    return enter
