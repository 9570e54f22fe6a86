"""What taste keeps of clubs: the newest of what is told, in whatever order."""

from itertools import permutations

import pytest
from services.taste.tests.telling import BEN, CLEO, IDA, nominated, nomination_id, roster, user, week
from sqlalchemy import select, text

from chassis.testing import mentions
from contracts.leaving import UserDeleted
from taste.models import Belonging, Club, Nominator, Week


@pytest.fixture
def kept(stage):
    async def read(column):
        async with stage.db.transaction() as tx:
            return {*(await tx.scalars(select(column)))}

    return read


@pytest.mark.parametrize("order", [*permutations(range(3))])
async def test_the_newest_roster_is_kept(deliver, kept, order):
    told = [roster(IDA, BEN, version=1), roster(IDA, CLEO, version=2), roster(CLEO, version=3)]
    for each in order:
        await deliver(told[each])
    assert await kept(Belonging.user_id) == {CLEO}
    assert await kept(Club.roster_version) == {3}


@pytest.mark.parametrize("order", [*permutations(range(3))])
async def test_the_newest_nomination_is_kept_with_who_stands_behind_it(deliver, kept, order):
    told = [
        nominated("Blue", IDA),
        nominated("Blue", IDA, BEN, version=2),
        nominated("Blue", version=3, withdrawn=True),
    ]
    for each in order:
        await deliver(told[each])
    assert await kept(Nominator.user_id) == set()
    await deliver(nominated("Blue", BEN, version=4))
    assert await kept(Nominator.user_id) == {BEN}
    assert await kept(Nominator.nomination_id) == {nomination_id(1, "Blue")}


async def test_a_week_is_kept_as_it_is_and_its_club_with_it(deliver, kept):
    for each in (week(version=2), week(won=None, version=1, phase="voting"), week(2, won=None, phase="open")):
        await deliver(each)
    assert await kept(Week.phase) == {"closed", "open"}
    assert await kept(Club.slug) == {"main"}


async def test_a_club_that_an_older_release_told_of_is_known_once_its_slug_is(deliver, kept):
    await deliver(week(slug=None))
    await deliver(roster(IDA, slug=None))
    assert await kept(Club.slug) == set()
    await deliver(roster(IDA))
    assert await kept(Belonging.user_id) == {IDA}


async def test_of_who_left_nothing_is_kept_whatever_is_told_late(deliver, stage):
    gone = UserDeleted(user_id=IDA, aliases=[], former_id=CLEO, version=9, deleted_at="2025-11-24T12:00:00Z")
    told = (roster(IDA, BEN), nominated("Blue", IDA, BEN), user())
    for each in (*told, gone, *told, roster(IDA, BEN, version=2), nominated("Blue", IDA, version=2)):
        await deliver(each)
    async with stage.db.transaction() as tx:
        assert await mentions(tx, str(IDA)) == set()
        assert await tx.scalar(text("SELECT count(*) FROM roster")) == 1
