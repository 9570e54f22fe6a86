"""What taste learns from votes."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from services.taste.tests.telling import BEN, IDA, nominated, rated, roster, voted, week
from sqlalchemy import delete, select

from contracts.votes import VoteCast
from taste.models import Unmatched, Vote

NOW = datetime(2025, 11, 24, 20, tzinfo=UTC)


@pytest.fixture
def cast():
    week, user = uuid4(), uuid4()

    def at_version(version: int) -> VoteCast:
        return VoteCast(
            week_id=week,
            user_id=user,
            version=version,
            first=uuid4(),
            first_album_id=uuid4(),
            second=None,
            second_album_id=None,
            cast_at=NOW,
        )

    return at_version


async def learned(stage):
    async with stage.db.transaction() as tx:
        return (await tx.scalars(select(Vote))).all()


async def test_a_vote_is_learned(stage, deliver, cast):
    vote = cast(1)
    await deliver(vote)
    (row,) = await learned(stage)
    assert (row.first, row.second, row.version) == (vote.first, None, 1)


async def test_a_secret_ballot_is_learned_without_its_choices_and_then_with_them(stage, deliver, cast):
    revealed = cast(2)
    unsaid = dict.fromkeys(["first", "first_album_id", "second", "second_album_id"])
    hidden = revealed.model_copy(update={**unsaid, "version": 1, "secret": True})
    for told, first in ((hidden, None), (revealed, revealed.first), (hidden, revealed.first)):
        await deliver(told)
        (row,) = await learned(stage)
        assert row.first == first


async def test_votes_in_any_order_end_in_the_newest(stage, deliver, cast):
    votes = [cast(version) for version in (3, 1, 2)]
    for vote in votes:
        await deliver(vote)
    (row,) = await learned(stage)
    assert row.first == votes[0].first


@pytest.fixture
def marked(stage):
    """`await marked(vote, deliver)`: who is to be compared with the others anew, because of this vote alone."""

    async def by(vote, deliver):
        async with stage.db.transaction() as tx:
            await tx.execute(delete(Unmatched))
        await deliver(vote)
        async with stage.db.transaction() as tx:
            return {*(await tx.scalars(select(Unmatched.user_id)))}

    return by


@pytest.mark.parametrize("before", [[], [week(phase="voting")]], ids=["a week nobody told of", "a week of theirs"])
async def test_whoever_is_first_seen_by_a_vote_is_compared_with_the_others(deliver, marked, before):
    for told in before:
        await deliver(told)
    assert await marked(voted(), deliver) == {IDA}


@pytest.mark.parametrize(
    "before",
    [
        [roster(IDA, BEN)],
        [roster(BEN)],
        [voted()],
        [week(2), voted(number=2)],
        [week(2), rated(week=2)],
        [nominated("Blue", IDA)],
    ],
    ids=["on a roster", "off a roster", "who voted", "who voted before", "who rated before", "who nominated"],
)
async def test_a_vote_that_makes_nobody_a_member_has_nobody_compared(deliver, marked, before):
    for told in [week(phase="voting"), *before]:
        await deliver(told)
    assert await marked(voted("Hejira", version=2), deliver) == set()


async def test_who_was_seen_in_another_club_is_compared_with_this_one(deliver, marked):
    for told in [week(phase="voting"), week(2, club=uuid4(), slug="other"), voted(number=2)]:
        await deliver(told)
    assert await marked(voted(), deliver) == {IDA}
