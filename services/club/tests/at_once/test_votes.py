"""Votes that come at once."""

import asyncio

import pytest
from sqlalchemy import select

from club.models import Ballot, Vote
from contracts.votes import VoteCast


@pytest.fixture
async def poll(ask, a_week, club_of, record, rules):
    """The week's address, Ida, and three of her nominations."""
    week, (ida,) = f"/club/weeks/{await a_week()}", await club_of("Ida")
    user = {"user_id": str(ida.user_id)}
    await rules(nominations_per_member=3, self_votes=True)
    albums = [await record(title) for title in ("Blue", "Hejira", "Mingus")]
    bodies = [{"user": user, "album": {"album_id": str(album.album_id)}} for album in albums]
    return week, user, [(await ask("POST", f"{week}/nominations", body)).json()["id"] for body in bodies]


async def held(stage):
    async with stage.db.transaction() as tx:
        (ballot,) = (await tx.scalars(select(Ballot))).all()
        return ballot, {vote.rank: vote.nomination_id for vote in await tx.scalars(select(Vote))}


async def test_twenty_votes_of_one_member_at_once_end_in_a_ballot_that_was_announced_last(stage, ask, announced, poll):
    week, user, nominations = poll
    said = [{"user": user, "nomination_id": nominations[each % 3], "rank": 1 + each % 2} for each in range(20)]
    answers = await asyncio.gather(*(ask("POST", f"{week}/votes", body) for body in said))
    assert {answer.status_code for answer in answers} == {200}
    for answer in answers:
        assert answer.json()["first"] != answer.json()["second"]
    ballot, votes = await held(stage)
    events = await announced(VoteCast)
    newest = max(events, key=lambda event: event.version)
    assert len({event.version for event in events}) == len(events)
    assert (newest.version, newest.cast_at) == (ballot.version, ballot.cast_at)
    assert {each.secret for each in events} == {True}
    assert len(set(votes.values())) == len(votes)


async def test_both_choices_at_once_are_both_kept(stage, ask, poll):
    week, user, (blue, hejira, _) = poll
    said = [{"user": user, "nomination_id": each, "rank": rank} for each, rank in ((blue, 1), (hejira, 2))]
    await asyncio.gather(*(ask("POST", f"{week}/votes", body) for body in said * 10))
    _, votes = await held(stage)
    assert {rank: str(each) for rank, each in votes.items()} == {1: blue, 2: hejira}


async def test_a_swap_whose_halves_come_at_once_is_one_swap(stage, ask, poll):
    week, user, (blue, hejira, _) = poll
    for each, rank in ((blue, 1), (hejira, 2)):
        await ask("POST", f"{week}/votes", {"user": user, "nomination_id": each, "rank": rank})
    halves = [{"user": user, "nomination_id": each, "rank": rank} for each, rank in ((hejira, 1), (blue, 2))]
    await asyncio.gather(*(ask("POST", f"{week}/votes", body) for body in halves))
    _, votes = await held(stage)
    assert {rank: str(each) for rank, each in votes.items()} == {1: hejira, 2: blue}


async def test_the_votes_of_twenty_members_at_once_are_all_counted(ask, club_of, poll):
    week, _, (blue, *_) = poll
    people = await club_of(*(f"Member {number}" for number in range(20)))
    said = [{"user": {"user_id": str(each.user_id)}, "nomination_id": blue, "rank": 1} for each in people]
    await asyncio.gather(*(ask("POST", f"{week}/votes", body) for body in said))
    summary = (await ask("GET", f"{week}/votes/summary")).json()
    assert (summary["ballots"], summary["items"][0]["points"], summary["winner"]) == (20, 40, blue)
