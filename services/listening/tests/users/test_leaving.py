"""Who left: nothing of theirs is kept, whatever is told late."""

from itertools import permutations
from uuid import UUID, uuid4

import pytest

from chassis.testing import mentions
from contracts.identity import UserChanged, UserMerged
from contracts.leaving import UserDeleted

IDA, EDA, BEN = (UUID(f"019ab6e1-{each}111-7111-8111-111111111111") for each in (1, 2, 3))
LEFT = UserDeleted(user_id=IDA, aliases=[EDA], former_id=uuid4(), version=9, deleted_at="2025-11-24T12:00:00Z")


def known(user_id, name, version=1):
    blank = {"handle": None, "avatar_url": None, "discord_id": None}
    return UserChanged(user_id=user_id, display_name=name, version=version, **blank)


TOLD = [known(IDA, "Ida"), known(EDA, "Eda"), UserMerged(user_id=EDA, survivor_id=IDA, version=5), LEFT]


@pytest.mark.parametrize("told", [*permutations(TOLD)])
async def test_in_whatever_order_it_is_told_nothing_of_who_left_is_kept(stage, deliver, told):
    for event in (*told, known(IDA, "Ida", 7), known(BEN, "Ben"), *told):
        await deliver(event)
    async with stage.db.transaction() as tx:
        assert await mentions(tx, str(IDA), str(EDA), "Ida", "Eda") == set()
        assert await mentions(tx, "Ben") == {("users", "Ben")}


async def test_whoever_turns_out_to_be_somebody_who_left_left_with_them(stage, deliver):
    for event in (known(BEN, "Ben"), LEFT, UserMerged(user_id=BEN, survivor_id=EDA, version=6), known(BEN, "Ben", 7)):
        await deliver(event)
    async with stage.db.transaction() as tx:
        assert await mentions(tx, str(BEN), "Ben") == set()
