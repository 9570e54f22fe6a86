"""Nominating, as a bot does it."""

import pytest


@pytest.fixture
async def scene(a_week, club_of, record):
    """A week, Ida, Ben, and Blue."""
    return [await a_week(), *await club_of("Ida", "Ben"), await record("Blue")]


@pytest.fixture
def nominate(ask):
    """`await nominate(week, ida, blue, pitch=…)`: the answer to a bot's request."""

    async def send(week, person, album, /, **more):
        body = {"user": {"user_id": str(person.user_id)}, "album": {"album_id": str(album.album_id)}} | more
        return await ask("POST", f"/club/weeks/{week}/nominations", body)

    return send


@pytest.fixture
def listed(ask):
    async def get(week, headers=None):
        answer = await ask("GET", f"/club/weeks/{week}/nominations", by=headers)
        assert answer.status_code == 200
        return answer.json()["items"]

    return get
