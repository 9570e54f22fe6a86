"""Writes that come while somebody leaves."""

import asyncio
from uuid import uuid4

import pytest

from chassis.testing import Scripted, mentions
from club.proof.verification import faults
from contracts.identity import UserMerged
from contracts.leaving import UserDeleted
from contracts.results import Result

AT_ONCE = 20


@pytest.fixture
def leave(deliver):
    async def tell(person, *aliases):
        told = {"version": 9_000, "deleted_at": "2025-11-25T12:00:00Z", "former_id": uuid4()}
        whose = {"user_id": person.user_id, "aliases": [each.user_id for each in aliases]}
        await deliver(UserDeleted.model_validate(told | whose))

    return tell


@pytest.fixture
def named(stage):
    """`await named(ida)`: which tables tell of Ida."""

    async def read(person):
        async with stage.db.transaction() as tx:
            return {table for table, _ in await mentions(tx, str(person.user_id), person.discord_id)}

    return read


def statuses(answers):
    return {answer.status_code for answer in answers if answer is not None}


async def test_votes_that_come_while_a_voter_leaves_are_struck_or_refused(booth, leave, named, stage):
    (ida, ben, cleo), (blue, hejira, mingus) = booth.people, booth.nominations
    stage.app.state.neighbours["identity"] = Scripted(
        {f"GET /internal/users/{ida.user_id}": ida.model_dump(mode="json")}
    )
    await booth.cast(cleo, mingus)
    votes = [
        booth.cast(ida, *pair) if number % 2 else booth.cast(ben, *pair)
        for number in range(AT_ONCE)
        for pair in [((blue, hejira), (hejira, mingus))[number // 2 % 2]]
    ]
    answers = await asyncio.gather(*votes[:10], leave(ida), *votes[10:])
    assert statuses(answers) <= {200, 404}
    assert await named(ida) == set()
    late = await booth.cast(ida, blue)
    assert (late.status_code, late.json()["code"]) == (404, "member_left")
    await booth.close()
    result = Result.model_validate(await booth.result())
    assert (faults(result), result.ballots) == ([], 2)


async def test_first_writes_in_other_weeks_while_somebody_leaves_leave_nothing(
    ask, a_week, club_of, record, leave, named, rules, stage
):
    await rules(self_votes=True)
    weeks, blue = [await a_week(number) for number in range(1, 6)], await record("Blue")
    for week in weeks:
        await ask("PATCH", f"/club/weeks/{week}", {"winner_album_id": str(blue.album_id)})
    (ida,) = await club_of("Ida")
    told = ida.model_dump(mode="json")
    stage.app.state.neighbours["identity"] = Scripted({f"GET /internal/users/{ida.user_id}": told})
    user, album = {"user_id": str(ida.user_id)}, {"album_id": str(blue.album_id)}
    writes = [
        ask("POST", f"/club/weeks/{week}/{path}", {"user": user} | body)
        for week in weeks
        for path, body in (("nominations", {"album": album}), ("ratings", {"rating": 4, "review": f"Of {week}."}))
    ]
    answers = await asyncio.gather(*writes[:5], leave(ida), *writes[5:])
    assert statuses(answers) <= {200, 201, 404}
    assert await named(ida) == set()


async def test_first_sight_of_somebody_who_leaves_meanwhile_leaves_nothing(ask, a_week, club_of, leave, named, stage):
    """The club has never met them; a bot's vote, the deletion and a late state come at once."""
    week = await a_week(7)
    (xenia,) = await club_of("Xenia")
    album = {"album": {"title": "Blue", "artist": "Joni Mitchell"}}
    for _ in range(5):
        ida = xenia.model_copy(update={"user_id": uuid4(), "discord_id": str(uuid4().int >> 64), "handle": None})
        told = ida.model_dump(mode="json")
        stage.app.state.neighbours["identity"] = Scripted({"POST /internal/users": told})
        vote = {"user": {"discord_id": ida.discord_id}, "rank": 1} | album
        votes = [ask("POST", f"/club/weeks/{week}/votes", vote) for _ in range(3)]
        roster = ask("PUT", "/club/members", {"members": [{"user": {"discord_id": ida.discord_id}}]})
        states = [stage.deliver(ida.model_copy(update={"version": each})) for each in range(3)]
        await asyncio.gather(*votes, states[0], leave(ida), roster, *states[1:])
        assert await named(ida) == set()


async def test_merges_and_departures_at_once_leave_nothing(booth, leave, named, deliver):
    (ida, ben, cleo), (blue, hejira, mingus) = booth.people, booth.nominations
    for person, choice in ((ida, blue), (ben, hejira), (cleo, mingus)):
        await booth.cast(person, choice)
    merged = UserMerged(user_id=ben.user_id, survivor_id=ida.user_id, version=5)
    for _ in range(3):
        told = [deliver(merged), leave(ida, ben), deliver(ida), deliver(ben), leave(ida, ben), deliver(merged)]
        # What two of these do to each other the ladder mends.
        await asyncio.gather(*told, return_exceptions=True)
    await leave(ida, ben)
    await deliver(merged)
    assert await named(ida) == await named(ben) == set()
    await booth.close()
    result = Result.model_validate(await booth.result())
    assert (faults(result), result.ballots) == ([], 1)
