"""Several replicas that reveal at once."""

import asyncio

import pytest

from club.ballots import reveal
from club.ballots.reveal import reveal_ballots
from club.reveals.schedule import reveal_due
from contracts.votes import VoteCast


@pytest.fixture
async def cast(booth, club_of):
    for person in await club_of(*(f"Member {number}" for number in range(30))):
        await booth.cast(person, booth.nominations[0])


async def killed(stage):
    async with stage.db.transaction() as tx:
        await reveal_ballots(tx)
        raise ZeroDivisionError


async def told(stage):
    return [each for each in await stage.announced(VoteCast) if not each.secret]


@pytest.mark.usefixtures("cast")
async def test_replicas_that_reveal_at_once_announce_each_ballot_once(stage, booth, monkeypatch):
    monkeypatch.setattr(reveal, "BATCH", 7)
    await booth.close()
    await asyncio.gather(*(reveal_due(stage.db) for _ in range(4)))
    await reveal_due(stage.db)
    assert len({each.user_id for each in await told(stage)}) == len(await told(stage)) == 30


@pytest.mark.usefixtures("cast")
async def test_what_another_replica_is_revealing_is_left_to_it(stage, booth):
    await booth.close()
    async with stage.db.transaction() as one:
        assert await reveal_ballots(one) == 30
        async with stage.db.transaction() as other:
            assert await reveal_ballots(other) == 0
    assert len(await told(stage)) == 30


@pytest.mark.usefixtures("cast")
async def test_what_a_replica_did_not_finish_is_revealed_by_the_next(stage, booth):
    await booth.close()
    with pytest.raises(ZeroDivisionError):
        await killed(stage)
    assert await told(stage) == []
    await reveal_due(stage.db)
    assert len(await told(stage)) == 30
