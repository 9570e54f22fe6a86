"""What taste learns from votes."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import select

from contracts.votes import VoteCast
from taste.models import Vote

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
