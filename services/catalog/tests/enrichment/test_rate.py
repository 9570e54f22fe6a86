"""However many processes work, MusicBrainz is asked no more often than it allows, as it counts itself."""

import json
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select

from catalog.enrichment.queue import NAMED, ask_for
from catalog.models import Album, EnrichmentJob
from chassis.db import first_version
from contracts.naming import album_key, search_text

WORKER = Path(__file__).with_name("worker.py")


@pytest.fixture
def processes(db, test_settings, told):
    """`processes(3, pace)`: so many of the operating system's; how many albums each worked on."""

    def run(number, pace):
        keys = {"spotify_client_id", "spotify_client_secret"}
        sources = told(musicbrainz_pace=pace).model_dump(mode="json", exclude=keys)
        secret = test_settings.role_secret.get_secret_value()
        about = json.dumps({"database": test_settings.database_url, "secret": secret, "sources": sources})
        started = [subprocess.Popen([sys.executable, WORKER, about], stdout=subprocess.PIPE) for _ in range(number)]
        return [int(process.communicate()[0]) for process in started]

    return run


async def stock(db, names):
    """Albums by these names, each with a job."""
    rows = [
        Album(
            id=UUID(int=number),
            title=title,
            artist=artist,
            version=first_version(),
            match_key=album_key(title, artist),
            search=search_text(title, artist),
        )
        for number, (title, artist) in enumerate(names, 1)
    ]
    for row in rows:
        row.credits = []
    async with db.transaction() as tx:
        tx.add_all(rows)
        await tx.flush()
        await ask_for(tx, [row.id for row in rows], NAMED)


def credited_on(albums):
    """How many artists."""
    return len({name for album in albums for name, _ in album.parts})


async def done(db):
    async with db.transaction() as tx:
        counted = select(func.count()).select_from(EnrichmentJob)
        return await tx.scalar(counted.where(EnrichmentJob.state == "done"))


async def test_three_processes_ask_no_more_often_than_one_would(db, albums, musicbrainz, processes):
    musicbrainz.pace = pace = 0.03
    await stock(db, [(album.title, album.line) for album in albums[:15]])
    worked, credited = processes(3, pace), credited_on(albums[:15])
    assert (sum(worked), await done(db)) == (15 + credited, 15 + credited)
    assert (musicbrainz.too_fast, musicbrainz.shortest_gap >= pace) == (0, True)
    assert len(musicbrainz.served) == 15 * 4 + credited


@pytest.mark.prove
async def test_a_thousand_albums_over_three_processes_are_asked_about_once_a_second(db, albums, musicbrainz, processes):
    musicbrainz.pace = pace = 1.0
    known = [(album.title, album.line) for album in albums[:20]]
    await stock(db, [*known, *((f"Nobody's Album {number}", "Nobody in Particular") for number in range(980))])
    worked, credited = processes(3, pace), credited_on(albums[:20])
    assert (sum(worked), await done(db)) == (1000 + credited, 1000 + credited)
    gap = musicbrainz.shortest_gap
    print(f"{len(musicbrainz.served)} requests, the closest {gap:.4f} s apart; albums by process: {worked}")
    assert (musicbrainz.too_fast, musicbrainz.shortest_gap >= pace) == (0, True)
