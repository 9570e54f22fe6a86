"""What albums are like, as the catalogue tells it."""

import pytest
from services.taste.tests.telling import album
from sqlalchemy import select

from taste.models import Album

MOOD = {"energy": 0.3, "valence": 0.3, "electronic": 0.1, "density": 0.2, "coverage": 1.0}


@pytest.mark.parametrize("order", [(1, 2), (2, 1), (2, 1, 2)])
async def test_the_newest_state_of_an_album_stays(stage, deliver, order):
    states = {1: album(genres=["rock"]), 2: album(genres=["folk"], version=2, mood=MOOD)}
    for version in order:
        await deliver(states[version])
    async with stage.db.transaction() as tx:
        (row,) = (await tx.scalars(select(Album))).all()
    assert (row.genres, row.year, row.countries) == ([{"name": "folk", "weight": 1.0}], 1971, ["CA"])
    assert (row.mood["energy"], row.features) == (0.3, None)
