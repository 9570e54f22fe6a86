"""Writes that come while two are merged into one."""

import asyncio

import pytest
from sqlalchemy import select, text

from club.models import UserAlias
from club.proof.verification import faults
from contracts.ratings import RatingGiven
from contracts.results import Result
from contracts.votes import VoteCast

AT_ONCE = 20
WHOSE = ("ballots", "votes", "nominators", "nominations", "bars", "roster", "participants")


@pytest.fixture
def left_behind(stage):
    """`await left_behind(ida)`: what is still an alias's."""

    async def read(person):
        found = " UNION ALL ".join(f"SELECT '{table}' FROM {table} WHERE user_id = :whose" for table in WHOSE)
        rated = "SELECT 'ratings' FROM ratings WHERE user_id = :whose AND withdrawn_at IS NULL"
        async with stage.db.transaction() as tx:
            return set(await tx.scalars(text(f"{found} UNION ALL {rated}"), {"whose": person.user_id}))

    return read


async def test_votes_that_come_during_the_merge_end_on_the_survivor(booth, ask, merge, left_behind, announced):
    (ida, ben, cleo), (blue, hejira, mingus) = booth.people, booth.nominations
    await booth.cast(cleo, mingus)
    votes = [
        booth.cast(ida, *pair) if number % 2 else booth.cast(ben, *pair)
        for number in range(AT_ONCE)
        for pair in [((blue, hejira), (hejira, mingus))[number // 2 % 2]]
    ]
    answers = await asyncio.gather(*votes[:10], merge(ida, ben), *votes[10:])
    assert {answer.status_code for answer in answers if answer is not None} == {200}
    assert await left_behind(ida) == set()
    summary = (await ask("GET", f"{booth.week}/votes/summary")).json()
    assert summary["ballots"] == 2
    newest = {each.user_id: each for each in sorted(await announced(VoteCast), key=lambda each: each.version)}
    assert newest[ben.user_id].secret
    # Who voted as Ida before the merge has no ballot any more; if nobody did, there was never one to tell of.
    assert ida.user_id not in newest or not newest[ida.user_id].secret
    await booth.close()
    result = Result.model_validate(await booth.result())
    assert (faults(result), result.ballots) == ([], 2)


async def test_first_writes_in_other_weeks_during_the_merge_end_on_the_survivor(
    ask, a_week, club_of, record, merge, left_behind, announced, rules
):
    await rules(self_votes=True)
    weeks, blue = [await a_week(number) for number in range(1, 6)], await record("Blue")
    for week in weeks:
        await ask("PATCH", f"/club/weeks/{week}", {"winner_album_id": str(blue.album_id)})
    ida, ben = await club_of("Ida", "Ben")
    user, album = {"user_id": str(ida.user_id)}, {"album_id": str(blue.album_id)}
    writes = [
        ask("POST", f"/club/weeks/{week}/{path}", {"user": user} | body)
        for week in weeks
        for path, body in (("nominations", {"album": album}), ("ratings", {"rating": 4}), ("ratings", {"rating": 3}))
    ]
    answers = await asyncio.gather(*writes[:7], merge(ida, ben), *writes[7:])
    assert {answer.status_code for answer in answers if answer is not None} <= {200, 201}
    assert await left_behind(ida) == set()
    for week in weeks:
        assert (await ask("GET", f"/club/weeks/{week}/ratings/summary")).json()["count"] == 1
    newest = {
        (each.week_id, each.user_id): each.withdrawn
        for each in sorted(await announced(RatingGiven), key=lambda each: each.version)
    }
    assert {(week, user_id) for (week, user_id), withdrawn in newest.items() if not withdrawn} == {
        (week, ben.user_id) for week in weeks
    }


async def test_twenty_tellings_of_one_merge_at_once_are_one_merge(booth, ask, merge, left_behind, sign):
    (ida, ben, _), (blue, *_) = booth.people, booth.nominations
    await booth.cast(ida, blue)
    await asyncio.gather(*(merge(ida, ben) for _ in range(AT_ONCE)))
    assert await left_behind(ida) == set()
    (entry,) = (await ask("GET", "/admin/audit?action=member.merged", by=sign("admin"))).json()["items"]
    assert entry["subject_id"] == str(ida.user_id)


async def test_a_chain_of_merges_at_once_ends_in_the_last_survivor(booth, stage, merge, left_behind):
    (ida, ben, cleo), (blue, hejira, _) = booth.people, booth.nominations
    await booth.cast(ida, blue)
    await booth.cast(ben, hejira)
    votes = [booth.cast(each, hejira, blue) for each in (ida, ben, cleo) * 3]
    answers = await asyncio.gather(*votes, merge(ida, ben), merge(ben, cleo, 3_000))
    assert {answer.status_code for answer in answers if answer is not None} == {200}
    assert await left_behind(ida) == await left_behind(ben) == set()
    async with stage.db.transaction() as tx:
        assert set(await tx.scalars(select(UserAlias.survivor_id))) == {cleo.user_id}


async def test_rosters_and_bars_sent_during_the_merge_end_on_the_survivor(ask, club_of, merge, left_behind, sign):
    ida, ben, cleo = await club_of("Ida", "Ben", "Cleo")
    lines = [{"user": {"user_id": str(each.user_id)}} for each in (ida, cleo)]
    bars = [{"user": line["user"], "reason": "Voted twice."} for line in lines]
    rosters = [ask("PUT", "/club/members", {"members": lines}) for _ in range(4)]
    barred = [ask("POST", "/club/bars", {"bars": bars}, by=sign("admin")) for _ in range(4)]
    answers = await asyncio.gather(*rosters, merge(ida, ben), *barred)
    assert {answer.status_code for answer in answers if answer is not None} == {200}
    assert await left_behind(ida) == set()
    names = {each["user"]["display_name"] for each in (await ask("GET", "/club/members")).json()["items"]}
    assert names == {"Ben", "Cleo"}
