"""Who turned out to be whom."""

from itertools import permutations
from uuid import UUID

import pytest
from sqlalchemy import select

from contracts.identity import UserMerged
from taste.models import UserAlias

IDA, BEN, CLEO = (UUID(int=each) for each in (1, 2, 3))
MERGES = [
    UserMerged(user_id=IDA, survivor_id=BEN, version=1),
    UserMerged(user_id=BEN, survivor_id=CLEO, version=2),
    UserMerged(user_id=IDA, survivor_id=CLEO, version=3),
]


async def aliases(stage):
    async with stage.db.transaction() as tx:
        return {(alias.id, alias.survivor_id) for alias in await tx.scalars(select(UserAlias))}


@pytest.mark.parametrize("told", [*permutations(MERGES), MERGES[:2], MERGES[1::-1], MERGES * 2, MERGES[::-1] * 2])
async def test_merges_told_in_any_order_and_again_end_in_the_last_survivor(stage, deliver, told):
    for merged in told:
        await deliver(merged)
    assert await aliases(stage) == {(IDA, CLEO), (BEN, CLEO)}


async def test_nobody_becomes_an_alias_of_themself(stage, deliver):
    await deliver(MERGES[0])
    await deliver(UserMerged(user_id=BEN, survivor_id=IDA, version=2))
    assert await aliases(stage) == {(IDA, BEN)}
