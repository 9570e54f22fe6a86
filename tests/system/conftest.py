"""A running system for each topology, shared by the tests that do no harm to it."""

import asyncio

import asyncpg
import pytest

from standalone.postgres import find_running
from tests.homes import new_home
from tests.system.deployments import distributed, standalone


@pytest.fixture(scope="session")
def standalone_deployment():
    with new_home() as home, standalone(home) as deployment:
        yield deployment


@pytest.fixture(scope="session")
def distributed_deployment(broker):
    with new_home() as home, distributed(home, broker.url) as deployment:
        yield deployment


@pytest.fixture(params=["standalone", "distributed"])
def deployment(request):
    return request.getfixturevalue(f"{request.param}_deployment")


@pytest.fixture
def learned(deployment):
    """`learned(query, *parameters)`: what the services have written, seen from beneath."""

    async def ask(query, parameters):
        connection = await asyncpg.connect(find_running(deployment.home))
        try:
            return await connection.fetchval(query, *parameters)
        finally:
            await connection.close()

    return lambda query, *parameters: asyncio.run(ask(query, parameters))
