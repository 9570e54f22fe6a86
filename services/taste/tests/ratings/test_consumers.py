"""What taste learns from ratings."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import select

from contracts.ratings import RatingGiven
from taste.models import Rating


@pytest.fixture
def given():
    return RatingGiven(
        week_id=uuid4(),
        user_id=uuid4(),
        album_id=uuid4(),
        version=7,
        rating=4.5,
        favorite_track="River",
        review=None,
        visible_from=None,
        given_at=datetime(2025, 11, 24, 20, tzinfo=UTC),
    )


async def test_a_rating_is_learned_in_half_steps_and_a_newer_one_replaces_it(stage, deliver, given):
    await deliver(given)
    await deliver(given.model_copy(update={"version": 8, "withdrawn": True}))
    async with stage.db.transaction() as tx:
        (row,) = (await tx.scalars(select(Rating))).all()
    assert (row.half_steps, row.withdrawn, row.version) == (9, True, 8)


async def test_a_rating_is_known_to_be_visible_once_it_is_revealed(stage, deliver, given):
    revealed = given.model_copy(update={"version": 8, "visible_from": given.given_at, "review_hidden": True})
    for told in (given, revealed, given):
        await deliver(told)
    async with stage.db.transaction() as tx:
        (row,) = (await tx.scalars(select(Rating))).all()
    assert (row.visible_from, row.version) == (given.given_at, 8)
