"""A week with nominations, and voting as a bot does it."""

import pytest
from sqlalchemy import select

from club.models import Ballot, Vote
from contracts.votes import VoteCast


@pytest.fixture
async def poll(stage, ask, club_of, a_week, rules):
    """`poll.week`, `poll.people` (Ida and Ben) and `poll.put_up(album, person)`; `poll.vote(…)` as a bot."""

    class Poll:
        week, people = None, []

        async def put_up(self, album, person=None):
            user = {"user_id": str((person or self.people[0]).user_id)}
            body = {"user": user, "album": {"album_id": str(album.album_id)}}
            return (await ask("POST", f"/club/weeks/{self.week}/nominations", body)).json()["id"]

        async def withdraw(self, nomination):
            await ask("DELETE", f"/club/weeks/{self.week}/nominations/{nomination}")

        async def vote(self, nomination, rank, person=None, **more):
            body = {"user": {"user_id": str((person or self.people[0]).user_id)}, "nomination_id": nomination}
            body = body | {"rank": rank} | more
            body = {name: value for name, value in body.items() if value is not None}
            return await ask("POST", f"/club/weeks/{self.week}/votes", body)

        async def summary(self, headers=None):
            answer = await ask("GET", f"/club/weeks/{self.week}/votes/summary", by=headers)
            assert answer.status_code == 200
            return answer.json()

        async def is_untouched(self):
            async with stage.db.transaction() as tx:
                rows = [(await tx.scalars(select(table))).all() for table in (Vote, Ballot)]
            return rows == [[], []] and await stage.announced(VoteCast) == []

    await rules(nominations_per_member=25, self_votes=True)
    made = Poll()
    made.week, made.people = await a_week(), await club_of("Ida", "Ben")
    return made


@pytest.fixture
async def albums(poll, record):
    """Three nominations of Ida's, oldest first: their ids."""
    return [await poll.put_up(await record(title)) for title in ("Blue", "Hejira", "Mingus")]
