"""A client of ListenBrainz, as the gateway lets it in."""

import pytest

KEY = ["listens:write"]


@pytest.fixture
def item():
    """`item("Blue", at=…)`: a listen as a client of ListenBrainz writes it."""

    def make(track="A Case of You", artist="Joni Mitchell", release="Blue", *, at=1_763_496_000, info=None, **more):
        metadata = {"artist_name": artist, "track_name": track, "release_name": release}
        metadata |= {} if info is None else {"additional_info": info}
        stamp = {} if at is None else {"listened_at": at}
        return stamp | {"track_metadata": metadata} | more

    return make


@pytest.fixture
def wrens(sign, wren):
    """The headers of Wren's own key."""
    return sign("user", sub=str(wren.user_id), scopes=KEY)


@pytest.fixture
def submit(client, wrens):
    """`await submit("single", item(…))`: what is answered."""

    async def send(kind, *items, path="/1/submit-listens", headers=wrens, status=200):
        answer = await client.post(path, json={"listen_type": kind, "payload": [*items]}, headers=headers)
        assert answer.status_code == status, answer.text
        return answer.json()

    return send


@pytest.fixture
def shown(client, wrens):
    """`await shown("listens?count=3")`: the payload about Wren."""

    async def read(what="listens", name="wren", headers=wrens):
        answer = await client.get(f"/1/user/{name}/{what}", headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()["payload"]

    return read
