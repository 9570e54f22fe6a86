"""A week with nominations, and voting as a bot does it."""

import pytest


@pytest.fixture
async def poll(client, sign, club_of, record, a_week):
    """`poll.week`, `poll.people` (Ida and Ben) and `poll.put_up(person, album)`; `poll.vote(…)` as a bot."""

    class Poll:
        week, people = None, []

        async def put_up(self, album, person=None):
            user = {"user_id": str((person or self.people[0]).user_id)}
            body = {"user": user, "album": {"album_id": str(album.album_id)}}
            return (await client.post(f"/club/weeks/{self.week}/nominations", json=body, headers=sign())).json()["id"]

        async def withdraw(self, nomination):
            await client.delete(f"/club/weeks/{self.week}/nominations/{nomination}", headers=sign())

        async def vote(self, nomination, rank, person=None, **more):
            body = {"user": {"user_id": str((person or self.people[0]).user_id)}, "nomination_id": nomination}
            body = body | {"rank": rank} | more
            body = {name: value for name, value in body.items() if value is not None}
            return await client.post(f"/club/weeks/{self.week}/votes", json=body, headers=sign())

        async def summary(self, headers=None):
            answer = await client.get(f"/club/weeks/{self.week}/votes/summary", headers=headers or sign())
            assert answer.status_code == 200
            return answer.json()

    made = Poll()
    made.week, made.people = await a_week(), await club_of("Ida", "Ben")
    return made


@pytest.fixture
async def albums(poll, record):
    """Three nominations of Ida's, oldest first: their ids."""
    return [await poll.put_up(await record(title)) for title in ("Blue", "Hejira", "Mingus")]
