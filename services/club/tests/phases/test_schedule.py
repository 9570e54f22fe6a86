"""What is performed when it is due, and what is said of what will be."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from club.models import Week
from club.phases.rules import ORDER, TIMED, ends
from club.phases.schedule import LONGEST, SHORTEST, perform_due
from contracts.phases import WeekChanged


@pytest.fixture
def passed(stage):
    """`await passed(week, "voting")`: the deadline of that phase, and those before it, were a moment ago."""

    async def bring(week, phase):
        gone = TIMED[: TIMED.index(phase) + 1]
        moments = {f"{each}_ends": func.now() - timedelta(minutes=10 - nth) for nth, each in enumerate(gone)}
        async with stage.db.transaction() as tx:
            await tx.execute(update(Week).where(Week.id == week["id"]).values(moments))

    return bring


async def phase_of(ask, week):
    return (await ask("GET", f"/club/weeks/{week['id']}")).json()["phase"]


async def test_a_week_moves_on_when_its_phase_has_ended(stage, ask, managed, passed, announced):
    week = await managed(nominating=1, voting=2, discussing=3, rating=4)
    await perform_due(stage.db)
    assert await phase_of(ask, week) == "nominating"
    for ended, then in zip(TIMED, ("voting", "discussing", "rating", "closed"), strict=True):
        await passed(week, ended)
        await perform_due(stage.db)
        await perform_due(stage.db)
        assert await phase_of(ask, week) == then
    told = [event.phase for event in await announced(WeekChanged)]
    assert told == ["nominating", "voting", "discussing", "rating", "closed"]


async def test_what_was_due_while_nobody_ran_is_made_up_for_in_one_move(stage, ask, managed, passed, announced):
    week = await managed(nominating=1, voting=2, discussing=3, rating=4)
    await passed(week, "discussing")
    await perform_due(stage.db)
    assert await phase_of(ask, week) == "rating"
    assert [event.phase for event in await announced(WeekChanged)] == ["nominating", "rating"]


async def test_a_draft_waits_for_its_host_whatever_the_clock_says(stage, ask, managed, passed):
    draft = {"number": 4, "phase": "draft", "deadlines": {"nominating": "2125-11-20T20:00:00Z"}}
    week = (await ask("POST", "/club/weeks", draft)).json()
    await passed(week, "nominating")
    await perform_due(stage.db)
    assert await phase_of(ask, week) == "draft"


async def test_it_sleeps_until_the_next_deadline_and_never_for_long(stage, managed):
    assert await perform_due(stage.db) == LONGEST
    await managed(3, nominating=1)
    assert await perform_due(stage.db) == LONGEST
    await managed(4, nominating=1 / 3600)
    assert SHORTEST <= await perform_due(stage.db) <= 1


@pytest.mark.parametrize("phase", ORDER)
async def test_the_database_and_the_rules_agree_on_when_a_week_is_due(stage, a_week, phase):
    start = datetime(2125, 11, 20, 20, tzinfo=UTC)
    for number, given in enumerate([TIMED, TIMED[1:], TIMED[:1], TIMED[3:], ()]):
        week_id = await a_week(number)
        moments = {f"{each}_ends": start + timedelta(days=TIMED.index(each)) for each in given}
        async with stage.db.transaction() as tx:
            await tx.execute(update(Week).where(Week.id == week_id).values(phase=phase, **moments))
            week = (await tx.scalars(select(Week).where(Week.id == week_id))).one()
        assert week.due_at == min((end for _, end in ends(week.deadlines, week.phase)), default=None)


async def test_the_schedule_tells_what_ends_when_and_when_to_remind(ask, sign, managed):
    week = await managed(nominating=2, voting=3, discussing=4, rating=5)
    sooner = await managed(4, rating=1)
    items = (await ask("GET", "/club/schedule", by=sign("anonymous"))).json()["items"]
    assert [(each["week_id"], each["phase"], each["to"]) for each in items] == [
        (sooner["id"], "rating", "closed"),
        (week["id"], "nominating", "voting"),
        (week["id"], "voting", "discussing"),
        (week["id"], "discussing", "rating"),
        (week["id"], "rating", "closed"),
    ]
    assert items[1]["due_at"] == week["deadlines"]["nominating"]
    remind, due = (datetime.fromisoformat(items[1][name]) for name in ("remind_at", "due_at"))
    assert due - remind == timedelta(hours=1)
    assert {each["missing"] for each in items} == {None}


async def test_hosts_see_who_is_missing_in_the_phase_that_runs(ask, sign, advance, managed, club_of, record):
    ida, ben, _ = await club_of("Ida", "Ben", "Cam")
    week = await managed(nominating=1, voting=2, discussing=3, rating=4)
    here, blue = f"/club/weeks/{week['id']}", await record("Blue")
    whose = {"user": {"user_id": str(ida.user_id)}, "album": {"album_id": str(blue.album_id)}}

    async def missing(by=None):
        items = (await ask("GET", "/club/schedule", by=by)).json()["items"]
        assert all(each["missing"] is None for each in items[1:])
        waited_for = items[0]["missing"]
        return None if waited_for is None else [each["display_name"] for each in waited_for]

    assert await missing() == ["Ida", "Ben", "Cam"]
    nomination = (await ask("POST", f"{here}/nominations", whose)).json()["id"]
    assert await missing() == ["Ben", "Cam"]
    assert await missing(sign("user", str(ben.user_id))) is None
    await advance(week, "voting")
    vote = {"user": {"user_id": str(ben.user_id)}, "nomination_id": nomination, "rank": 1}
    await ask("POST", f"{here}/votes", vote)
    assert await missing() == ["Ida", "Cam"]
    await advance(week, "discussing")
    assert await missing() == []
    await ask("POST", f"{here}/winner", {"nomination_id": nomination})
    await advance(week, "rating")
    await ask("POST", f"{here}/ratings", {"user": {"user_id": str(ben.user_id)}, "rating": 4})
    assert await missing() == ["Ida", "Cam"]
    await ask("PUT", "/club/members", {"members": [{"user": {"user_id": str(ida.user_id)}}]})
    assert await missing() == ["Ida"]
