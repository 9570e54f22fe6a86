"""Ballots of two who turned out to be one."""

import pytest

from club.proof.verification import faults, faults_of_receipt
from contracts.results import Receipt, Result
from contracts.votes import VoteCast


@pytest.fixture
def ballot(ask, booth):
    async def read(person):
        answer = await ask("GET", f"{booth.week}/ballots/{person.user_id}")
        return (answer.json()["user"]["id"], answer.json()["first"], answer.json()["second"])

    return read


@pytest.fixture
def counted(booth):
    """`await counted()`: the result of the closed week, which proves itself."""

    async def close():
        await booth.close()
        result = Result.model_validate(await booth.result())
        assert faults(result) == []
        return result

    return close


async def test_a_ballot_beside_none_is_the_survivors(booth, ballot, merge, announced, counted, ask, me):
    (ida, ben, _), (blue, hejira, _) = booth.people, booth.nominations
    await booth.cast(ida, blue, hejira)
    was = (await announced(VoteCast))[-1]
    await merge(ida, ben)
    assert await ballot(ida) == await ballot(ben) == (str(ben.user_id), blue, hejira)
    gone, stays = (await announced(VoteCast))[-2:]
    assert (gone.user_id, gone.first, gone.secret, gone.cast_at) == (ida.user_id, None, False, was.cast_at)
    assert (stays.user_id, stays.first, stays.secret, stays.cast_at) == (ben.user_id, None, True, was.cast_at)
    assert min(gone.version, stays.version) > was.version
    result = await counted()
    assert (result.ballots, result.number) == (1, 1)
    receipt = (await ask("GET", f"{booth.week}/ballots/me/receipt", by=me(ben))).json()
    assert faults_of_receipt(Receipt.model_validate(receipt), result) == []


async def test_in_an_open_poll_the_survivors_ballot_stands_and_the_other_is_struck(
    booth, ballot, merge, announced, counted, entry, ask
):
    (ida, ben, cleo), (blue, hejira, mingus) = booth.people, booth.nominations
    await booth.cast(ida, blue, hejira)
    await booth.cast(ben, mingus)
    await booth.cast(cleo, blue)
    await merge(ida, ben)
    assert await ballot(ida) == await ballot(ben) == (str(ben.user_id), mingus, None)
    assert (await ask("GET", f"{booth.week}/votes/summary")).json()["ballots"] == 2
    gone = (await announced(VoteCast))[-1]
    assert (gone.user_id, gone.first, gone.secret) == (ida.user_id, None, False)
    result = await counted()
    assert (result.ballots, result.participation.voted, result.number) == (2, 2, 4)
    points = {item.nomination_id: item.points for item in result.items}
    assert {str(each): number for each, number in points.items()} == {blue: 2, mingus: 2, hejira: 0}
    (struck,) = (await entry())["after"]["became"]["ballots"]["struck"]
    assert struck["number"] == 4
    (empty,) = [leaf for leaf in result.leaves if leaf.first is None]
    assert (empty.number, str(empty.ballot_ref)) == (4, struck["ballot_ref"])


async def test_the_survivor_votes_on_with_the_ballot_that_was_the_old_ones(booth, ballot, merge, counted, announced):
    (ida, ben, _), (blue, hejira, mingus) = booth.people, booth.nominations
    await booth.cast(ida, blue, hejira)
    await merge(ida, ben)
    assert (await booth.cast(ben, mingus)).json()["number"] == 2
    assert (await booth.cast(ida, mingus, blue)).json()["user"]["id"] == str(ben.user_id)
    assert await ballot(ben) == (str(ben.user_id), mingus, blue)
    assert len({each.user_id for each in (await announced(VoteCast))[-2:]}) == 1
    assert (await counted()).ballots == 1


async def test_what_was_counted_stays_counted_and_the_result_as_it_is(booth, merge, announced, counted, ask, me, entry):
    (ida, ben, _), (blue, hejira, mingus) = booth.people, booth.nominations
    await booth.cast(ida, blue, hejira)
    await booth.cast(ben, mingus)
    before = await counted()
    await merge(ida, ben)
    assert Result.model_validate(await booth.result()) == before
    gone, stays = (await announced(VoteCast))[-2:]
    assert (gone.user_id, gone.first, stays.user_id) == (ida.user_id, None, ben.user_id)
    assert (await entry())["after"]["became"]["ballots"]["both_counted"]
    receipt = (await ask("GET", f"{booth.week}/ballots/me/receipt", by=me(ben))).json()
    assert faults_of_receipt(Receipt.model_validate(receipt), before) == []


async def test_a_decided_ballot_beside_none_is_the_survivors_with_its_choices(booth, ballot, merge, counted):
    (ida, ben, _), (blue, hejira, _) = booth.people, booth.nominations
    await booth.cast(ida, blue, hejira)
    before = await counted()
    await merge(ida, ben)
    assert await ballot(ben) == (str(ben.user_id), blue, hejira)
    assert Result.model_validate(await booth.result()) == before


async def test_a_struck_ballot_is_nobodys_also_after_the_close_and_another_merge(booth, ballot, merge, counted):
    (ida, ben, cleo), (blue, hejira, mingus) = booth.people, booth.nominations
    await booth.cast(ida, blue, hejira)
    await booth.cast(ben, mingus)
    await merge(ida, ben)
    await counted()
    await merge(ben, cleo, 3_000)
    assert await ballot(ida) == await ballot(cleo) == (str(cleo.user_id), mingus, None)
