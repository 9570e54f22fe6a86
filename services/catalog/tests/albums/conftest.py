"""Albums, described as a bot would."""

import pytest


@pytest.fixture
def ensure(client, sign):
    async def answer(title="Blue", artist="Joni Mitchell", **more):
        return await client.post("/music/albums", json={"title": title, "artist": artist, **more}, headers=sign())

    return answer


@pytest.fixture
def change(client, sign):
    async def answer(album, **changes):
        return await client.patch(f"/music/albums/{album['id']}", json=changes, headers=sign())

    return answer
