"""The listening service under test."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from services.listening.tests.writing import empty
from uuid_utils.compat import uuid7

from chassis.db import Database
from chassis.testing import Scripted
from contracts.identity import UserChanged
from listening.main import app as listening
from listening.sums.announcing import tell_next

EVENING = datetime(2025, 11, 18, 20, 0, tzinfo=UTC)


@pytest.fixture
def app():
    return listening


@pytest.fixture
def stage(stage):
    """Listening alone: it knows whom it is told of, and identity knows nobody else."""
    stage.app.state.neighbours = {"identity": Scripted({})}
    return stage


@pytest.fixture
def listener_of(deliver):
    """`await listener_of("Wren", timezone="Europe/Berlin")`: somebody whom identity told of."""

    async def make(name, **known):
        told = {"handle": name.lower(), "avatar_url": None, "discord_id": str(uuid4().int >> 64), **known}
        person = UserChanged(version=1, user_id=uuid7(), display_name=name, **told)
        await deliver(person)
        return person

    return make


@pytest.fixture
async def wren(listener_of):
    return await listener_of("Wren")


@pytest.fixture
def listen():
    """`listen("Blue", minutes=3)`: a listen as a client tells it, so many minutes into the evening."""

    def make(title="A Case of You", artist="Joni Mitchell", album="Blue", *, minutes=0.0, source="lastfm", **more):
        at = more.pop("at", EVENING + timedelta(minutes=minutes))
        track = {"title": title, "artist": artist, "album": album, **more.pop("track", {})}
        return {"track": track, "listened_at": at.isoformat(), "source": source, **more}

    return make


@pytest.fixture
def tell(client, sign, wren):
    """`await tell(listen(…), …)`: what is answered when Wren's own key tells them."""

    async def send(*listens, whose=wren, status=200):
        headers = sign("user", sub=str(whose.user_id), scopes=["listens:write"])
        answer = await client.post("/listens/bulk", json={"listens": [*listens]}, headers=headers)
        assert answer.status_code == status, answer.text
        return answer.json()

    return send


@pytest.fixture
async def db(test_settings):
    """A database that commits, for several processes at once. Empty at first and in the end."""
    db = Database(test_settings, "listening")
    await empty(test_settings)
    yield db
    await empty(test_settings)
    await db.engine.dispose()


@pytest.fixture
def settle(stage):
    """`await settle()`: every day is judged and told."""

    async def tell_all():
        async with stage.db.transaction() as tx:
            while await tell_next(tx):
                pass

    return tell_all
