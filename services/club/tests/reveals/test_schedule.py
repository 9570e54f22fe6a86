"""Ratings that become visible are announced as such, once."""

from datetime import timedelta
from typing import get_args

import pytest
from sqlalchemy import func, select, update

from chassis.caller import Caller
from club.models import DEFAULT_CLUB, Club, Rating, Week
from club.phases.rules import ORDER, TIMED
from club.ratings import reveal
from club.ratings.sight import sight_of
from club.ratings.store import shown_to_all
from club.reveals.schedule import reveal_due
from contracts.clubs import RatingVisibility
from contracts.ratings import RatingGiven


@pytest.fixture
async def week(ask, a_week, record):
    week_id, blue = await a_week(), await record("Blue")
    await ask("PATCH", f"/club/weeks/{week_id}", {"winner_album_id": str(blue.album_id)})
    return week_id


@pytest.fixture
def rate(ask, week):
    async def send(person, rating):
        body = {"user": {"user_id": str(person.user_id)}, "rating": rating}
        return await ask("POST", f"/club/weeks/{week}/ratings", body)

    return send


@pytest.fixture
def close(ask, week):
    async def move():
        assert (await ask("POST", f"/club/weeks/{week}/advance", {"to": "closed"})).status_code == 200

    return move


async def test_the_close_reveals_every_rating_once(stage, rate, close, announced, club_of):
    for number, person in enumerate(await club_of("Ida", "Ben", "Cleo")):
        await rate(person, 3 + number / 2)
    before = await announced(RatingGiven)
    await reveal_due(stage.db)
    assert await announced(RatingGiven) == before
    await close()
    for _ in range(2):
        await reveal_due(stage.db)
    after = await announced(RatingGiven)
    assert len(after) == 6
    hidden = {event.user_id: event for event in before}
    for event in after[3:]:
        given = hidden[event.user_id]
        assert event.version > given.version
        assert given.visible_from is None
        assert event.visible_from is not None
        assert event.model_copy(update={"version": given.version, "visible_from": None}) == given


async def test_a_deadline_reveals_before_anybody_has_closed_the_week(stage, week, rate, announced, club_of):
    (ida,) = await club_of("Ida")
    await rate(ida, 4)
    async with stage.db.transaction() as tx:
        over = {"phase": "rating", "rating_ends": func.clock_timestamp()}
        await tx.execute(update(Week).where(Week.id == week).values(over))
    await reveal_due(stage.db)
    assert (await announced(RatingGiven))[-1].visible_from is not None


async def test_a_club_that_shows_ratings_always_reveals_them_at_once(stage, rules, rate, announced, club_of):
    ida, ben = await club_of("Ida", "Ben")
    await rate(ida, 4)
    await rules(rating_visibility="always")
    await rate(ben, 3)
    assert [event.visible_from is None for event in await announced(RatingGiven)] == [True, False]
    await reveal_due(stage.db)
    (*_, last) = await announced(RatingGiven)
    assert (last.user_id, last.visible_from is None) == (ida.user_id, False)
    assert len(await announced(RatingGiven)) == 3


@pytest.mark.parametrize("visibility", ["after_rating", "at_close"])
async def test_other_clubs_wait_for_the_close(stage, rules, rate, announced, club_of, visibility):
    (ida,) = await club_of("Ida")
    await rules(rating_visibility=visibility)
    await rate(ida, 4)
    await reveal_due(stage.db)
    assert [event.visible_from for event in await announced(RatingGiven)] == [None]


@pytest.mark.parametrize("phase", ORDER)
@pytest.mark.parametrize("visibility", [{}, *({"rating_visibility": each} for each in get_args(RatingVisibility))])
async def test_the_database_and_the_rules_agree_on_what_everybody_sees(stage, sign, rules, week, phase, visibility):
    await rules(**visibility)
    for ends in ({}, {"rating_ends": -1}, {"rating_ends": 1}, {"discussing_ends": -2, "rating_ends": -1}):
        async with stage.db.transaction() as tx:
            moments = {f"{each}_ends": None for each in TIMED}
            moments |= {name: func.clock_timestamp() + timedelta(minutes=minutes) for name, minutes in ends.items()}
            await tx.execute(update(Week).where(Week.id == week).values(phase=phase, **moments))
            shown = (await tx.scalars(select(shown_to_all).select_from(Week).join(Club))).one()
            stranger = Caller(iss="gateway", sub="anonymous", kind="anonymous")
            sight = await sight_of(tx, DEFAULT_CLUB, stranger)
            row = await tx.get_one(Week, week)
            assert shown is not sight.hides(row, rated=False)


async def test_what_was_withdrawn_or_is_of_a_former_winner_is_not_revealed(
    stage, ask, week, rate, close, record, announced, club_of
):
    ida, ben = await club_of("Ida", "Ben")
    await rate(ben, 4)
    hejira = await record("Hejira", year=1976)
    await ask("PATCH", f"/club/weeks/{week}", {"winner_album_id": str(hejira.album_id)})
    await rate(ida, 4)
    await ask("DELETE", f"/club/weeks/{week}/ratings/{ida.user_id}")
    await close()
    before = await announced(RatingGiven)
    await reveal_due(stage.db)
    assert await announced(RatingGiven) == before
    await rate(ida, 2)
    assert (await announced(RatingGiven))[-1].visible_from is not None


async def test_a_rating_of_another_winner_is_hidden_again(ask, rules, week, rate, record, announced, club_of):
    (ida,) = await club_of("Ida")
    await rules(rating_visibility="always")
    await rate(ida, 4)
    await rules()
    hejira = await record("Hejira", year=1976)
    await ask("PATCH", f"/club/weeks/{week}", {"winner_album_id": str(hejira.album_id)})
    await rate(ida, 3)
    assert [event.visible_from is None for event in await announced(RatingGiven)] == [False, True]


async def test_many_are_revealed_in_batches(stage, monkeypatch, rate, close, announced, club_of):
    monkeypatch.setattr(reveal, "BATCH", 2)
    for person in await club_of(*(f"Member {number}" for number in range(5))):
        await rate(person, 4)
    await close()
    async with stage.db.transaction() as tx:
        assert await reveal.reveal_ratings(tx) == 2
    await reveal_due(stage.db)
    assert len({event.user_id for event in (await announced(RatingGiven))[5:]}) == 5
    async with stage.db.transaction() as tx:
        assert (await tx.scalars(select(Rating).where(Rating.visible_from.is_(None)))).all() == []
        assert (await tx.scalars(select(Club.rules))).one() == {}
