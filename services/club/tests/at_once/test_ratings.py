"""Ratings that come at once."""

import asyncio

import pytest
from sqlalchemy import func, select

from club.models import Rating
from contracts.ratings import RatingGiven


@pytest.fixture
async def week(ask, a_week, record):
    week_id, blue = await a_week(), await record("Blue")
    decided = await ask("POST", f"/club/weeks/{week_id}/winner", {"album": {"album_id": str(blue.album_id)}})
    assert decided.status_code == 200
    return week_id


async def test_twenty_ratings_of_one_member_at_once_are_one_rating(stage, ask, announced, club_of, week):
    (ida,) = await club_of("Ida")
    said = [{"user": {"user_id": str(ida.user_id)}, "rating": 1 + each % 9 / 2} for each in range(20)]
    answers = await asyncio.gather(*(ask("POST", f"/club/weeks/{week}/ratings", body) for body in said))
    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
    async with stage.db.transaction() as tx:
        assert await tx.scalar(select(func.count()).select_from(Rating)) == 1
        last = (await tx.scalars(select(Rating))).one()
    events = await announced(RatingGiven)
    newest = max(events, key=lambda event: event.version)
    assert len({event.version for event in events}) == len(events)
    assert (newest.version, newest.rating) == (last.version, last.half_steps)


async def test_a_rating_is_of_the_album_that_wins_while_it_is_given(stage, ask, club_of, record, week):
    (ida,), hejira = await club_of("Ida"), await record("Hejira", year=1976)
    rate = ask("POST", f"/club/weeks/{week}/ratings", {"user": {"user_id": str(ida.user_id)}, "rating": 4})
    decide = ask("PATCH", f"/club/weeks/{week}", {"winner_album_id": str(hejira.album_id)})
    rated, decided = await asyncio.gather(rate, decide)
    assert (rated.status_code, decided.status_code) == (201, 200)
    summary = (await ask("GET", f"/club/weeks/{week}/ratings/summary")).json()
    assert summary["count"] == (rated.json()["album_id"] == str(hejira.album_id))
