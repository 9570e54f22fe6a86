"""Who people are, as identity tells it."""

import pytest
from services.taste.tests.telling import user
from sqlalchemy import select

from taste.models import User


@pytest.mark.parametrize("order", [(1, 2), (2, 1), (2, 1, 2)])
async def test_what_somebody_shows_last_stays(stage, deliver, order):
    states = {1: user(), 2: user(version=2, privacy={"taste": "private"}, timezone="Europe/Berlin")}
    for version in order:
        await deliver(states[version])
    async with stage.db.transaction() as tx:
        (row,) = (await tx.scalars(select(User))).all()
    assert (row.handle, row.timezone, row.privacy["taste"]) == ("ida", "Europe/Berlin", "private")
