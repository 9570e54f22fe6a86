"""What taste learns from ratings."""

from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy import select

from contracts.ratings import RatingGiven
from taste.models import Rating


async def test_a_rating_is_learned_in_half_steps_and_a_newer_one_replaces_it(stage, deliver):
    given = RatingGiven(
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
    await deliver(given)
    await deliver(given.model_copy(update={"version": 8, "withdrawn": True}))
    async with stage.db.transaction() as tx:
        (row,) = (await tx.scalars(select(Rating))).all()
    assert (row.half_steps, row.withdrawn, row.version) == (9, True, 8)
