"""Nominations while every source hangs: nobody waits for it, and the albums are enriched by themselves later."""

import json
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.fakes.coverart import FakeCoverArt
from tests.fakes.faults import BROKEN
from tests.fakes.musicbrainz import FakeMusicBrainz
from tests.fakes.oauth import CLIENT_ID, CLIENT_SECRET
from tests.fakes.shelf import read, shelf_of
from tests.fakes.spotify_catalogue import FakeSpotifyCatalogue
from tests.homes import new_home
from tests.system.deployments import QUICK, distributed, standalone

ALBUMS = read(Path(__file__).parents[2] / "services/catalog/tests/enrichment/albums.csv")[:6]
PATIENCE = 60


@pytest.fixture
def sources():
    shelf = shelf_of(ALBUMS)
    with ExitStack() as stack:
        yield [stack.enter_context(kind(shelf)) for kind in (FakeMusicBrainz, FakeCoverArt, FakeSpotifyCatalogue)]


@pytest.fixture
def settings(sources):
    musicbrainz, covers, spotify = sources
    told = {
        "PROVIDERS": "on",
        "CONTACT": "keeper@club.example",
        "PROVIDER_TIMEOUT": "0.5",
        "ENRICHMENT_LADDER": json.dumps([0.5, 1]),
        "MUSICBRAINZ_URL": musicbrainz.url,
        "MUSICBRAINZ_PACE": "0.02",
        "COVER_ART_URL": covers.url,
        "SPOTIFY_ACCOUNTS_URL": spotify.url,
        "SPOTIFY_API_URL": spotify.url,
        "SPOTIFY_CLIENT_ID": CLIENT_ID,
        "SPOTIFY_CLIENT_SECRET": CLIENT_SECRET,
    }
    return QUICK | {f"SIDETRACK_{name}": text for name, text in told.items()}


@contextmanager
def started(topology, settings, request):
    with new_home() as home:
        if topology == "standalone":
            context = standalone(home, settings)
        else:
            context = distributed(home, request.getfixturevalue("broker"), settings)
        with context as deployment:
            yield deployment


def eventually(holds):
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "It did not come true in time."
        time.sleep(0.1)


@pytest.mark.parametrize("topology", ["standalone", "distributed"])
def test_albums_are_there_at_once_and_enriched_later_by_themselves(topology, sources, settings, request):
    for source in sources:
        source.everywhere = BROKEN["never"]
    with started(topology, settings, request) as deployment, deployment.client(headers=deployment.bot) as bot:
        week = bot.post("/club/weeks", json={"number": 1, "date_discussion": "2025-11-24"}).json()
        made = [_nominated(bot, week, number, album) for number, album in enumerate(ALBUMS)]
        for album_id, known in made:
            told = bot.get(f"/music/albums/{album_id}").json()
            assert (told["title"], told["tracks"]) == (known.title, [])
        eventually(lambda: sources[0].calls)
        assert bot.get("/health").json()["status"] == "ok"
        for source in sources:
            source.everywhere = None
        eventually(lambda: all(_is_whole(bot, album_id, known) for album_id, known in made))
        # The club hears of it, too.
        eventually(lambda: _shown(bot, week) == {known.year for known in ALBUMS})
        assert "musicbrainz is not asked" not in deployment.command("catalog", "status")
        assert "1 albums are asked about again" in deployment.command("catalog", "refresh", made[0][0])
        assert "0 albums were asked for" in deployment.command("catalog", "enrich")
        assert "0 names were folded anew" in deployment.command("catalog", "rekey")
        assert sources[0].too_fast == 0


def _nominated(bot, week, number, album):
    body = {
        "user": {"discord_id": f"17592884729911{number:04d}", "display_name": f"Member {number}"},
        "album": {"title": album.title, "artist": album.line},
    }
    answer = bot.post(f"/club/weeks/{week['id']}/nominations", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()["album"]["id"], album


def _is_whole(bot, album_id, known):
    told = bot.get(f"/music/albums/{album_id}").json()
    return (told["mbid"], len(told["tracks"])) == (known.mbid, known.tracks)


def _shown(bot, week):
    told = bot.get(f"/club/weeks/{week['id']}/nominations").json()
    return {item["album"]["year"] for item in told["items"]}
