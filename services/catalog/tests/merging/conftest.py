"""Two albums and two artists that turn out to be one."""

import pytest


@pytest.fixture
def ensure(client, sign):
    """`await ensure(title, artist, **more)`: the album, as answered."""

    async def answer(title="Blue", artist="Joni Mitchell", **more):
        told = await client.post("/music/albums", json={"title": title, "artist": artist, **more}, headers=sign())
        assert told.is_success, told.text
        return told.json()

    return answer


@pytest.fixture
def merge(client, sign):
    """`await merge(old, into)`, of albums or of `artists`."""

    async def answer(old, into, noun="albums", kind="admin"):
        body = {"into": into["id"], "reason": "They are one."}
        return await client.post(f"/admin/{noun}/{old['id']}/merge", json=body, headers=sign(kind))

    return answer


@pytest.fixture
def undo(client, sign):
    async def answer(old, noun="albums", kind="admin"):
        body = {"reason": "They are two."}
        return await client.post(f"/admin/{noun}/{old['id']}/undo", json=body, headers=sign(kind))

    return answer


@pytest.fixture
def seen(client, sign):
    """`await seen(piece)`: what its id answers now, as far as `piece` tells it."""

    async def answer(piece, noun="albums"):
        told = (await client.get(f"/music/{noun}/{piece['id']}", headers=sign())).json()
        return {name: each for name, each in told.items() if name in piece}

    return answer
