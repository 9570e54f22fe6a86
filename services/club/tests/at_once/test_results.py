"""Ballots and closers that come at once: one ballot each, one result, one announcement."""

import asyncio
from itertools import pairwise

import pytest
from sqlalchemy import func, select, update

from chassis.announcer import raise_versions, reannounce
from club.models import BallotLink, Result, Week
from club.phases.schedule import perform_due
from club.proof.verification import faults
from contracts import results
from contracts.phases import WeekChanged
from contracts.results import ResultComputed
from contracts.votes import VoteCast


async def chain(stage):
    async with stage.db.transaction() as tx:
        return (await tx.scalars(select(BallotLink).order_by(BallotLink.number))).all()


async def result_rows(stage):
    async with stage.db.transaction() as tx:
        return await tx.scalar(select(func.count()).select_from(Result))


@pytest.fixture
def advance(ask, booth):
    async def move(to="discussing", **more):
        return await ask("POST", f"{booth.week}/advance", {"to": to, **more})

    return move


async def test_twenty_ballots_of_one_member_at_once_are_one_ballot_and_a_chain_without_a_gap(stage, booth, announced):
    (ida, *_), nominations = booth.people, booth.nominations
    said = [(nominations[each % 3], nominations[(each + 1) % 3]) for each in range(20)]
    answers = await asyncio.gather(*(booth.cast(ida, *choices) for choices in said))
    assert {answer.status_code for answer in answers} == {200}
    links = await chain(stage)
    assert [link.number for link in links] == list(range(1, len(links) + 1))
    assert len({link.ballot_ref for link in links}) == 1
    assert all(later.previous == link.head for link, later in pairwise(links))
    assert len(await announced(VoteCast)) == len(links)
    await booth.close()
    told = await booth.result()
    assert (told["ballots"], len(told["leaves"])) == (1, 1)
    assert faults(results.Result.model_validate(told)) == []


async def test_votes_that_race_the_close_are_counted_or_told_that_they_were_late(stage, booth, club_of, advance):
    people = await club_of(*(f"Member {number}" for number in range(20)))
    blue = booth.nominations[0]

    async def vote(person):
        return await booth.cast(person, blue)

    early, late = people[:10], people[10:]
    answers = await asyncio.gather(*map(vote, early), advance(), *map(vote, late))
    closed = answers.pop(10)
    assert closed.status_code == 200
    accepted = [answer for answer in answers if answer.status_code == 200]
    refused = [answer for answer in answers if answer.status_code != 200]
    assert {(answer.status_code, answer.json()["code"]) for answer in refused} <= {(409, "phase_closed")}
    told = await booth.result()
    assert told["ballots"] == len(accepted) == len(await chain(stage))
    heads = {answer.json()["number"]: answer.json()["head"] for answer in accepted}
    assert faults(results.Result.model_validate(told), heads) == []


async def test_two_closers_at_once_compute_one_result(stage, booth, advance, announced):
    for person in booth.people:
        await booth.cast(person, booth.nominations[0])
    answers = await asyncio.gather(*(advance() for _ in range(5)))
    assert {answer.status_code for answer in answers} == {200}
    assert await result_rows(stage) == 1
    assert len(await announced(ResultComputed)) == 1


async def test_closers_who_name_where_they_came_from_are_told_who_was_second(stage, booth, advance, announced):
    answers = await asyncio.gather(*(advance(**{"from": "open"}) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409]
    assert await result_rows(stage) == 1
    assert len(await announced(ResultComputed)) == 1


async def test_a_host_and_the_clock_at_once_compute_one_result(stage, booth, advance, announced):
    for person in booth.people:
        await booth.cast(person, booth.nominations[0])
    async with stage.db.transaction() as tx:
        # As a host and a scheduler see it in the moment in which the deadline passes.
        await tx.execute(update(Week).values(phase="voting", voting_ends=func.clock_timestamp()))
    closing = [advance(), perform_due(stage.db), advance(), perform_due(stage.db), perform_due(stage.db)]
    await asyncio.gather(*closing)
    assert await result_rows(stage) == 1
    (told,) = await announced(ResultComputed)
    assert (str(told.winner), told.ballots) == (booth.nominations[0], 3)
    assert [each.phase for each in await announced(WeekChanged)].count("discussing") == 1


async def test_a_close_against_a_host_s_decision_ends_with_one_of_the_two_told(booth, ask, advance):
    blue, hejira, _ = booth.nominations
    await booth.cast(booth.people[0], blue)
    decided, closed = await asyncio.gather(ask("POST", f"{booth.week}/winner", {"nomination_id": hejira}), advance())
    assert closed.status_code == 200
    winner = (await ask("GET", booth.week)).json()["winner"]["title"]
    if decided.status_code == 200:
        assert winner == "Hejira"
    else:
        assert (decided.json()["code"], winner) == ("result_final", "Blue")
    assert (await booth.result())["winner"] == blue


@pytest.mark.parametrize("first", ["the override", "the close"])
async def test_an_override_against_the_close_is_too_early_or_holds_and_is_told_which(
    booth, ask, sign, advance, announced, first
):
    blue, hejira, _ = booth.nominations
    await booth.cast(booth.people[0], blue)
    path = f"/admin/weeks/{booth.week.rpartition('/')[2]}/override-winner"
    override = ask("POST", path, {"nomination_id": hejira, "reason": "It must be."}, by=sign("admin"))
    both = [override, advance()] if first == "the override" else [advance(), override]
    answers = await asyncio.gather(*both)
    overridden, closed = answers if first == "the override" else reversed(answers)
    assert closed.status_code == 200
    week, told = (await ask("GET", booth.week)).json(), await booth.result()
    if overridden.status_code == 200:
        assert (week["winner"]["title"], len(told["overrides"])) == ("Hejira", 1)
    else:
        assert (overridden.json()["code"], week["winner"]["title"], told["overrides"]) == ("no_result", "Blue", [])
    assert told["winner"] == blue
    assert len(await announced(ResultComputed)) == 1
    assert str((await announced(WeekChanged))[-1].winner_album_id) == week["winner_album_id"]


async def test_the_same_override_ten_times_at_once_is_one(booth, ask, sign, announced):
    await booth.cast(booth.people[0], booth.nominations[0])
    await booth.close()
    before = len(await announced(WeekChanged))
    path = f"/admin/weeks/{booth.week.rpartition('/')[2]}/override-winner"
    body = {"nomination_id": booth.nominations[1], "reason": "It must be."}
    answers = await asyncio.gather(*(ask("POST", path, body, by=sign("admin")) for _ in range(10)))
    assert {answer.status_code for answer in answers} == {200}
    assert len((await booth.result())["overrides"]) == 1
    assert len(await announced(WeekChanged)) == before + 1


async def test_after_a_restore_a_result_is_announced_above_what_was_said_of_it(stage, booth, announced):
    await booth.close()
    (before,) = await announced(ResultComputed)
    announcer = stage.app.state.announcers["result"]
    await raise_versions(stage.db, announcer)
    assert await reannounce(stage.db, announcer) == 1
    _, after = await announced(ResultComputed)
    assert after.version > before.version
    assert after.model_copy(update={"version": before.version}) == before
