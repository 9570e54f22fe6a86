"""Days of listening as they are announced."""

from datetime import UTC, date, datetime, timedelta

import pytest

from contracts.listening import ListeningDayChanged
from listening.sums.announcing import tell_next
from listening.sums.rules import left_out

MORNING = datetime(2025, 11, 18, 6, 0, tzinfo=UTC)


@pytest.fixture
def settle(stage, announced):
    """`await settle()`: what was announced of days since the last time."""
    seen = 0

    async def tell():
        nonlocal seen
        async with stage.db.transaction() as tx:
            while await tell_next(tx):
                pass
        days = await announced(ListeningDayChanged)
        new, seen = days[seen:], len(days)
        return new

    return tell


async def test_a_day_is_told_whole_however_often_it_changed(tell, listen, settle, wren):
    await tell(listen("Blue", minutes=0))
    await tell(listen("Blue", minutes=10), listen("River", minutes=20, track={"duration_ms": 240_000}))
    [day] = await settle()
    assert (day.user_id, day.day, day.left_out) == (wren.user_id, date(2025, 11, 18), None)
    assert sorted((each.title, each.plays, each.ms) for each in day.plays) == [("Blue", 2, 0), ("River", 1, 240_000)]
    assert day.hours == [0] * 20 + [3, 0, 0, 0]
    assert await settle() == []


async def test_what_changes_nothing_announces_nothing(tell, listen, settle):
    await tell(listen("Blue"))
    await settle()
    await tell(listen("Blue"))
    assert await settle() == []


async def test_a_day_that_became_empty_is_told_empty(client, sign, tell, listen, settle, wren):
    await tell(listen("Blue"))
    [before] = await settle()
    headers = sign("user", sub=str(wren.user_id))
    word = (await client.get("/users/me/listens/recent", headers=headers)).json()["items"][0]["id"]
    await client.delete(f"/users/me/listens/{word}", headers=headers)
    [after] = await settle()
    assert (after.plays, after.hours, after.version > before.version) == ([], [0] * 24, True)


async def test_more_than_anybody_hears_in_a_day_is_left_out(tell, listen, settle, client, sign, wren):
    listens = [listen(f"Song {each}", at=MORNING + timedelta(minutes=each)) for each in range(651)]
    await tell(*listens[:650])
    [day] = await settle()
    assert day.left_out is None
    await tell(listens[650])
    [day] = await settle()
    assert day.left_out == "too_many_plays"
    headers = sign("user", sub=str(wren.user_id))
    told = (await client.get("/users/me/summary?period=all", headers=headers)).json()
    assert (told["plays"]["now"], told["left_out"]) == (651, {"too_many_plays": 1})


async def test_more_than_144_hours_in_eight_days_leave_all_of_them_out_until_they_are_fewer(tell, listen, settle):
    nineteen = 19 * 3_600_000
    days = [MORNING + timedelta(days=each) for each in range(8)]
    await tell(*(listen(f"Song {at}", at=day, duration_ms=nineteen) for at, day in enumerate(days[:7])))
    assert {day.left_out for day in await settle()} == {None}
    await tell(listen("Song 7", at=days[7], duration_ms=nineteen))
    told = await settle()
    assert {day.day for day in told} == {day.date() for day in days}
    assert {day.left_out for day in told} == {"too_many_hours"}


@pytest.mark.parametrize(("hours", "reason"), [(18.0, None), (18.1, "too_many_hours")])
def test_the_bound_lies_at_144_hours(hours, reason):
    days = [date(2025, 11, each) for each in range(1, 9)]
    ms = {day: int(hours * 3_600_000) for day in days}
    assert {left_out(day, {}, ms) for day in days} == {reason}
