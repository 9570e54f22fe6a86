"""Who turned out to be whom."""

import pytest
from sqlalchemy import select
from tests.merges import BEN, CLEO, IDA, MERGES, TOLD

from contracts.identity import UserMerged
from taste.models import UserAlias


async def aliases(stage):
    async with stage.db.transaction() as tx:
        return {(alias.id, alias.survivor_id) for alias in await tx.scalars(select(UserAlias))}


@pytest.mark.parametrize("told", TOLD)
async def test_merges_told_in_any_order_and_again_end_in_the_last_survivor(stage, deliver, told):
    for merged in told:
        await deliver(merged)
    assert await aliases(stage) == {(IDA, CLEO), (BEN, CLEO)}


async def test_nobody_becomes_an_alias_of_themself(stage, deliver):
    await deliver(MERGES[0])
    await deliver(UserMerged(user_id=BEN, survivor_id=IDA, version=2))
    assert await aliases(stage) == {(IDA, BEN)}
