"""Weeks that several move at once: members, hosts, and as many schedulers as there are replicas."""

import asyncio
import os
import subprocess
import sys
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from tests.servers import free_port, wait_for_port

from chassis.db import Database
from club.models import Week
from club.phases.rules import TIMED, after
from club.phases.schedule import perform_due
from contracts.phases import WeekChanged


@pytest.fixture
def due(stage):
    """`await due(20, seconds=1)`: so many weeks, a quarter in each phase, all of which end in that moment."""

    async def make(count, seconds=0.0):
        async with stage.db.transaction() as tx:
            end = func.clock_timestamp() + timedelta(seconds=seconds)
            for number in range(count):
                phase = TIMED[number % len(TIMED)]
                tx.add(Week(number=number, phase=phase, **{f"{phase}_ends": end}))

    return make


async def moved(stage, count):
    """Whether each of the weeks has moved one phase on, and was announced once."""
    async with stage.db.transaction() as tx:
        phases = dict((await tx.execute(select(Week.number, Week.phase))).all())
    assert phases == {number: after(TIMED[number % len(TIMED)]) for number in range(count)}
    told = [event.number for event in await stage.announced(WeekChanged)]
    assert sorted(told) == list(range(count))


async def test_two_schedulers_at_once_move_each_week_once(stage, due, test_settings):
    await due(20)
    others = [Database(test_settings, role="club") for _ in range(2)]
    await asyncio.gather(*(perform_due(each) for each in (stage.db, *others)))
    for each in others:
        await each.engine.dispose()
    await moved(stage, 20)


async def test_two_hosts_at_once_close_a_week_once(ask, stage, a_week):
    for number in range(5):
        week = f"/club/weeks/{await a_week(number)}"
        step = {"to": "closed", "from": "open"}
        answers = await asyncio.gather(*(ask("POST", f"{week}/advance", step) for _ in range(4)))
        assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    closed = [event.number for event in await stage.announced(WeekChanged) if event.phase == "closed"]
    assert sorted(closed) == list(range(5))


async def test_a_member_who_nominates_twice_at_once_keeps_to_the_limit(ask, a_week, club_of, record):
    (ida,), week = await club_of("Ida"), await a_week()
    albums = [await record(f"Album {number}") for number in range(10)]
    bodies = [{"user": {"user_id": str(ida.user_id)}, "album": {"album_id": str(each.album_id)}} for each in albums]
    answers = await asyncio.gather(*(ask("POST", f"/club/weeks/{week}/nominations", body) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 9


async def test_votes_that_race_the_close_are_taken_before_it_or_refused(ask, stage, a_week, club_of, record):
    ida, *voters = await club_of("Ida", *(f"Member {each}" for each in range(20)))
    week, blue = f"/club/weeks/{await a_week()}", await record("Blue")
    put_up = {"user": {"user_id": str(ida.user_id)}, "album": {"album_id": str(blue.album_id)}}
    nomination = (await ask("POST", f"{week}/nominations", put_up)).json()["id"]
    votes = [{"user": {"user_id": str(each.user_id)}, "nomination_id": nomination, "rank": 1} for each in voters]
    *answers, closed = await asyncio.gather(
        *(ask("POST", f"{week}/votes", vote) for vote in votes), ask("POST", f"{week}/advance", {"to": "discussing"})
    )
    assert closed.status_code == 200
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} <= {"phase_closed"}
    summary = (await ask("GET", f"{week}/votes/summary")).json()
    assert summary["ballots"] == sum(answer.status_code == 200 for answer in answers)


@pytest.fixture
def replicas(test_settings):
    """Three processes of the club service; their broker is away, so what they announce stays to be counted."""
    environment = {
        **{name: setting for name, setting in os.environ.items() if not name.startswith("SIDETRACK_")},
        "SIDETRACK_DATABASE_URL": test_settings.database_url,
        "SIDETRACK_ROLE_SECRET": test_settings.role_secret.get_secret_value(),
        "SIDETRACK_BUS_URL": f"amqp://127.0.0.1:{free_port()}",
        "SIDETRACK_IDENTITY_URL": "http://127.0.0.1:9",
        "SIDETRACK_CATALOG_URL": "http://127.0.0.1:9",
        "SIDETRACK_LOG_LEVEL": "CRITICAL",
    }
    ports = [free_port() for _ in range(3)]
    serve = [sys.executable, "-m", "chassis.serve", "club.main:app", "--port"]
    processes = [subprocess.Popen([*serve, str(port)], env=environment) for port in ports]
    for port in ports:
        wait_for_port(port)
    yield processes
    for process in processes:
        process.terminate()
    assert [process.wait(timeout=30) for process in processes] == [0, 0, 0]


async def test_three_processes_fire_each_transition_once(stage, due, replicas):
    await due(40, seconds=1)
    async with asyncio.timeout(30):
        while await _waiting(stage):
            await asyncio.sleep(0.05)
    await moved(stage, 40)


async def _waiting(stage):
    async with stage.db.transaction() as tx:
        return await tx.scalar(select(func.count()).where(Week.due_at.is_not(None)))
