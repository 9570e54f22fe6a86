"""The providers as servers of our own, a listener who has linked them, and a clock that is set by hand."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update
from tests.fakes.lastfm import API_KEY, FakeLastFm, Scrobbles
from tests.fakes.listenbrainz import FakeListenBrainz
from tests.fakes.spotify import FakeSpotify
from uuid_utils.compat import uuid7

from contracts.accounts import LinkChanged
from listening.models import Play, Sighting, SyncTask
from listening.sync.settings import SyncSettings
from listening.sync.work import sources_of, sync_next

START = datetime(2025, 10, 1, 8, 0, tzinfo=UTC)
SCOPES = {"spotify": ["user-read-recently-played"]}


class Clock:
    """`clock()` is what time it is."""

    def __init__(self, at):
        self.at = at

    def __call__(self):
        return self.at

    def pass_(self, **much):
        self.at += timedelta(**much)


@pytest.fixture
def clock():
    return Clock(START)


@pytest.fixture
def lastfm():
    with FakeLastFm() as fake:
        fake.listeners["Wren"] = Scrobbles()
        yield fake


@pytest.fixture
def scrobbles(lastfm):
    return lastfm.listeners["Wren"]


@pytest.fixture
def listenbrainz():
    with FakeListenBrainz() as fake:
        fake.listens["wren"] = []
        yield fake


@pytest.fixture
def spotify():
    with FakeSpotify() as fake:
        fake.plays["wren"] = []
        fake.access["access"] = "wren"
        yield fake


class Identity:
    """Hands out Spotify's token, and counts it; or `refuses`."""

    def __init__(self, clock):
        self.clock, self.refuses, self.handed_out = clock, None, 0

    async def post(self, *_):
        self.handed_out += 1
        if self.refuses:
            raise self.refuses
        until = (self.clock() + timedelta(hours=1)).isoformat()
        told = {"provider": "spotify", "account": "wren", "access_token": "access"}
        return {**told, "scopes": [], "expires_at": until}


@pytest.fixture
def identity(clock):
    return Identity(clock)


@pytest.fixture
def settings(lastfm, listenbrainz, spotify):
    urls = {"lastfm_api_url": lastfm.url, "listenbrainz_url": listenbrainz.url, "spotify_api_url": spotify.url}
    return SyncSettings(providers="on", provider_timeout=2, lastfm_api_key=API_KEY, sync_pace=0, **urls)


@pytest.fixture
def work(stage, clock, settings, identity):
    """`await work()`: fetch until nothing is due; how often something was."""
    sources = sources_of(stage.db, settings, identity, clock)

    async def run(most=50):
        worked = 0
        while worked < most and await sync_next(stage.db, sources, clock):
            worked += 1
        return worked

    return run


@pytest.fixture
def link(stage, deliver, wren, clock):
    """`await link("lastfm")`: Wren links it, as identity tells; due at once on the clock of the test."""

    async def make(provider="lastfm", account="wren", status="ok", whose=wren, version=2, link_id=None, **more):
        told = {"status": status, "scopes": SCOPES.get(provider, []), "linked_at": START, "authorized_at": START} | more
        about = {"link_id": link_id or uuid7(), "user_id": whose.user_id, "provider": provider, "account": account}
        changed = LinkChanged(version=version, **about, **told)
        await deliver(changed)
        async with stage.db.transaction() as tx:
            await tx.execute(update(SyncTask).where(SyncTask.state == "on").values(next_due=clock()))
        return changed

    return make


@pytest.fixture
def task(stage, wren):
    """`await task("lastfm")`: as it is kept."""

    async def read(provider="lastfm", whose=wren):
        async with stage.db.transaction() as tx:
            return await tx.scalar(
                select(SyncTask).where(SyncTask.user_id == whose.user_id, SyncTask.provider == provider)
            )

    return read


@pytest.fixture
def kept(stage, wren):
    """`await kept()`: moment and title of each sighting and play, in their order."""

    async def read():
        async with stage.db.transaction() as tx:
            sightings = await tx.execute(
                select(Sighting.listened_at, Sighting.messy_id, Sighting.source).where(Sighting.user_id == wren.user_id)
            )
            plays = await tx.scalars(select(Play.id).where(Play.user_id == wren.user_id))
            return sorted(map(tuple, sightings)), len(plays.all())

    return read
