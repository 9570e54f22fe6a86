"""Ratings from before they had a history."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from sqlalchemy import select, text

from club.models import Rating, RatingState, Week

PATH = Path(__file__).parents[2] / "migrations" / "versions" / "0006_sight_of_ratings.py"


async def test_what_a_rating_is_when_its_history_begins_is_the_first_state_of_it(stage, club_of, week):
    (ida,) = await club_of("Ida")
    spec = spec_from_file_location("sight_of_ratings", PATH)
    migration = module_from_spec(spec)
    spec.loader.exec_module(migration)
    async with stage.db.transaction() as tx:
        album_id = (await tx.get_one(Week, week)).winner_album_id
        tx.add(Rating(week_id=week, user_id=ida.user_id, album_id=album_id, half_steps=9, review="Lovely.", version=7))
        await tx.flush()
        await tx.execute(text(migration.AS_THEY_ARE))
        rating = (await tx.scalars(select(Rating))).one()
        state = (await tx.scalars(select(RatingState))).one()
    assert (state.rating_id, state.version, state.album_id, state.at) == (rating.id, 7, album_id, rating.updated_at)
    assert (state.half_steps, state.review, state.late, state.withdrawn) == (9, "Lovely.", False, False)
