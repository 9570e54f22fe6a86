"""The sources as servers of our own, and a database that commits: processes share it."""

from pathlib import Path

import pytest
from tests.fakes.coverart import FakeCoverArt
from tests.fakes.musicbrainz import FakeMusicBrainz
from tests.fakes.oauth import CLIENT_ID, CLIENT_SECRET
from tests.fakes.shelf import read, shelf_of
from tests.fakes.spotify_catalogue import FakeSpotifyCatalogue

from catalog.sources.settings import SourceSettings

ALBUMS = read(Path(__file__).with_name("albums.csv"))


@pytest.fixture
def albums():
    return ALBUMS


@pytest.fixture
def shelf():
    return shelf_of(ALBUMS)


@pytest.fixture
def musicbrainz(shelf):
    with FakeMusicBrainz(shelf) as fake:
        yield fake


@pytest.fixture
def coverart(shelf):
    with FakeCoverArt(shelf) as fake:
        yield fake


@pytest.fixture
def spotify(shelf):
    with FakeSpotifyCatalogue(shelf) as fake:
        yield fake


@pytest.fixture
def told(musicbrainz, coverart, spotify):
    """`told(**more)`: settings by which the fakes are the sources, and nobody waits."""

    def make(**more):
        usual = {
            "contact": "keeper@club.example",
            "provider_timeout": 2,
            "musicbrainz_url": musicbrainz.url,
            "musicbrainz_pace": 0,
            "cover_art_url": coverart.url,
            "spotify_accounts_url": spotify.url,
            "spotify_api_url": spotify.url,
            "spotify_client_id": CLIENT_ID,
            "spotify_client_secret": CLIENT_SECRET,
            "enrichment_ladder": (0.1, 0.2),
        }
        return SourceSettings(**usual | more)

    return make


@pytest.fixture
def settings(told):
    return told()
