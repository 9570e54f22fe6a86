"""The taste service under test."""

import pytest
from services.taste.tests.members import of_everybody

from taste.main import app as taste
from taste.matching.work import match_due
from taste.profiles.work import compute_due


@pytest.fixture
def app():
    return taste


@pytest.fixture
def settle(stage):
    async def until_done():
        while await compute_due(stage.db) + await match_due(stage.db):
            pass

    return until_done


@pytest.fixture
def tell(deliver, settle):
    """`await tell(*events)`: and wait until everybody is compared."""

    async def told(*events):
        for event in events:
            await deliver(event)
        await settle()

    return told


@pytest.fixture
def club(tell):
    async def make(**privacy):
        await tell(*of_everybody(**privacy))

    return make
