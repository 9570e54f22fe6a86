"""Who left: nothing of theirs is kept, whatever is told late."""

from itertools import permutations
from uuid import UUID, uuid4

import pytest
from services.taste.tests.telling import day, track, user
from sqlalchemy import text

from chassis.testing import mentions
from contracts.identity import UserMerged
from contracts.leaving import UserDeleted
from contracts.ratings import RatingGiven
from contracts.votes import VoteCast
from taste.matching.work import match_due
from taste.profiles.work import compute_due

IDA, EDA, BEN = (UUID(f"019ab6e1-{each}111-7111-8111-111111111111") for each in (1, 2, 3))
WEEK, MOMENT = UUID(int=3), "2025-11-24T12:00:00Z"
BLANK = dict.fromkeys(("first", "first_album_id", "second", "second_album_id"))


def cast(user_id, version=1):
    return VoteCast(week_id=WEEK, user_id=user_id, version=version, cast_at=MOMENT, secret=True, **BLANK)


def rated(user_id, version=1):
    said = {"rating": 4, "favorite_track": None, "review": None, "visible_from": None, "withdrawn": False}
    return RatingGiven(week_id=WEEK, user_id=user_id, album_id=UUID(int=4), version=version, given_at=MOMENT, **said)


LEFT = UserDeleted(user_id=IDA, aliases=[EDA], former_id=uuid4(), version=9, deleted_at=MOMENT)
MERGED = UserMerged(user_id=EDA, survivor_id=IDA, version=5)


@pytest.mark.parametrize("told", [*permutations([cast(IDA), rated(EDA), day(track(), user_id=EDA), MERGED, LEFT])][::5])
async def test_in_whatever_order_it_is_told_nothing_of_who_left_is_kept(stage, deliver, told):
    of_ida, of_ben = ([day(track(), user_id=each), user(each)] for each in (IDA, BEN))
    for event in (*told, *of_ida, rated(IDA, 7), *of_ben, cast(BEN), rated(BEN), *told):
        await deliver(event)
        await compute_due(stage.db)
        await match_due(stage.db)
    async with stage.db.transaction() as tx:
        assert await mentions(tx, str(IDA), str(EDA)) == set()
        assert await mentions(tx, str(BEN)) == {
            (each, str(BEN)) for each in ("votes", "ratings", "days", "users", "profiles", "artist_listeners")
        }


async def test_whoever_turns_out_to_be_somebody_who_left_left_with_them(stage, deliver):
    for event in (rated(BEN), LEFT, UserMerged(user_id=BEN, survivor_id=EDA, version=6), rated(BEN, 7)):
        await deliver(event)
    async with stage.db.transaction() as tx:
        assert await mentions(tx, str(BEN)) == set()
        assert await tx.scalar(text("SELECT count(*) FROM departures")) == 3
