"""Nominating, as a bot does it."""

import pytest


@pytest.fixture
def nominate(client, sign):
    """`await nominate(week, ida, blue, pitch=…)`: the answer to a bot's request."""

    async def send(week, person, album, /, **more):
        body = {"user": {"user_id": str(person.user_id)}, "album": {"album_id": str(album.album_id)}} | more
        return await client.post(f"/club/weeks/{week}/nominations", json=body, headers=sign())

    return send


@pytest.fixture
def listed(client, sign):
    async def get(week, headers=None):
        answer = await client.get(f"/club/weeks/{week}/nominations", headers=headers or sign())
        assert answer.status_code == 200
        return answer.json()["items"]

    return get
