"""Ratings that come at once."""

import asyncio
from itertools import pairwise

import pytest
from sqlalchemy import func, select

from chassis.db import Database
from club.models import DiaryEntry, Rating, RatingState
from club.reveals.schedule import reveal_due
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
    async with stage.db.transaction() as tx:
        states = dict((await tx.execute(select(RatingState.version, RatingState.half_steps))).all())
    assert states == {event.version: event.rating for event in events}


async def test_members_who_change_their_minds_in_opposite_directions_at_once_are_all_counted(ask, club_of, week, stage):
    people = await club_of(*(f"Member {number}" for number in range(10)))
    for turn in range(3):
        bodies = [
            {"user": {"user_id": str(person.user_id)}, "rating": 4 + (each + turn) % 2}
            for each, person in enumerate(people)
        ]
        answers = await asyncio.gather(*(ask("POST", f"/club/weeks/{week}/ratings", body) for body in bodies))
        assert {answer.status_code for answer in answers} == {200 if turn else 201}
    summary = (await ask("GET", f"/club/weeks/{week}/ratings/summary")).json()
    assert {each["rating"]: each["count"] for each in summary["histogram"] if each["count"]} == {4: 5, 5: 5}


async def test_twenty_first_ratings_of_a_closed_week_are_one_late_rating_and_a_diary(stage, ask, club_of, week):
    (ida,) = await club_of("Ida")
    await ask("POST", f"/club/weeks/{week}/advance", {"to": "closed"})
    said = [{"user": {"user_id": str(ida.user_id)}, "rating": 1 + each % 9 / 2} for each in range(20)]
    answers = await asyncio.gather(*(ask("POST", f"/club/weeks/{week}/ratings", body) for body in said))
    (first,) = {answer.json()["rating"] for answer in answers}
    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
    async with stage.db.transaction() as tx:
        entries = (await tx.scalars(select(DiaryEntry.half_steps).order_by(DiaryEntry.at))).all()
    row = [first * 2, *entries]
    assert all(one != other for one, other in pairwise(row))


async def test_three_revealers_at_once_announce_each_rating_once(stage, ask, announced, club_of, week, test_settings):
    people = await club_of(*(f"Member {number}" for number in range(12)))
    bodies = [{"user": {"user_id": str(person.user_id)}, "rating": 4} for person in people]
    await asyncio.gather(*(ask("POST", f"/club/weeks/{week}/ratings", body) for body in bodies))
    await ask("POST", f"/club/weeks/{week}/advance", {"to": "closed"})
    others = [Database(test_settings, role="club") for _ in range(2)]
    await asyncio.gather(*(reveal_due(each) for each in (stage.db, *others)))
    for each in others:
        await each.engine.dispose()
    # What another held was left to it.
    revealed = [event.user_id for event in await announced(RatingGiven) if event.visible_from]
    assert sorted(revealed) == sorted(person.user_id for person in people)


async def test_withdrawing_and_rating_at_once_end_as_the_last_of_them_said(stage, ask, announced, club_of, week):
    (ida,) = await club_of("Ida")
    here, whose = f"/club/weeks/{week}/ratings", {"user": {"user_id": str(ida.user_id)}}
    await ask("POST", here, whose | {"rating": 1})
    asked = [ask("POST", here, whose | {"rating": 2 + each % 3}) for each in range(8)]
    asked += [ask("DELETE", f"{here}/{ida.user_id}") for _ in range(8)]
    answers = await asyncio.gather(*asked)
    assert {answer.status_code for answer in answers} <= {200, 204, 404}
    newest = max(await announced(RatingGiven), key=lambda event: event.version)
    listed = (await ask("GET", here)).json()["items"]
    assert [each["rating"] for each in listed] == ([] if newest.withdrawn else [newest.rating / 2])


async def test_a_rating_is_of_the_album_that_wins_while_it_is_given(stage, ask, club_of, record, week):
    (ida,), hejira = await club_of("Ida"), await record("Hejira", year=1976)
    rate = ask("POST", f"/club/weeks/{week}/ratings", {"user": {"user_id": str(ida.user_id)}, "rating": 4})
    decide = ask("PATCH", f"/club/weeks/{week}", {"winner_album_id": str(hejira.album_id)})
    rated, decided = await asyncio.gather(rate, decide)
    assert (rated.status_code, decided.status_code) == (201, 200)
    summary = (await ask("GET", f"/club/weeks/{week}/ratings/summary")).json()
    assert summary["count"] == (rated.json()["album_id"] == str(hejira.album_id))
