"""Taking files in: exactly what is in them, once, whatever happens meanwhile."""

import asyncio
import json
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from services.listening.tests.imports.examples import ACCOUNT, BENJAMIN, EXTENDED, GHAN, LISTENBRAINZ, MALOJA, SCROBBLE
from sqlalchemy import func, select
from uuid_utils.compat import uuid7

from listening.imports import store
from listening.imports.importing import digest_of, run
from listening.imports.rehearsing import rehearse
from listening.imports.rules import ImportElsewhere
from listening.models import Day, Import, Play, Quarantined, Sighting

WORKER = Path(__file__).with_name("worker.py")
START = datetime(2021, 1, 1, tzinfo=UTC)


def rows(number, every=250):
    """A history with everything in it: what is too short, what is told twice, what is no music, and what cannot be."""
    for each in range(number):
        at = (START + timedelta(seconds=each * every)).strftime("%Y-%m-%dT%H:%M:%SZ")
        row = EXTENDED | {"ts": at, "master_metadata_track_name": f"Song {each % 997}", "ms_played": 180_000}
        if each % 10 == 3:
            row |= {"ms_played": 5_000}
        yield row
        if each % 100 == 50:
            yield row
        if each % 500 == 7:
            impossible = {"ts": "1999-01-01T00:00:00Z", "master_metadata_track_name": f"Song {each}"}
            yield EXTENDED | impossible


async def count(db, table, user_id):
    async with db.transaction() as tx:
        return await tx.scalar(select(func.count()).where(table.user_id == user_id).select_from(table))


async def take(db, user_id, path):
    async with db.transaction() as tx:
        job = await store.claim(tx, (await store.ask_for(tx, user_id, digest_of(path))).id)
    await run(db, job, path)
    return await told(db, job.id)


async def told(db, import_id):
    async with db.transaction() as tx:
        return await store.ended(tx, import_id)


def reconciled(job, read):
    assert job.state == "done"
    assert job.inserted + job.duplicate + job.quarantined == job.place == job.total
    return job.total + sum(job.rejected.values()) == read


@pytest.mark.parametrize(
    ("content", "inserted"),
    [
        ([EXTENDED], 1),
        ([ACCOUNT], 1),
        ([LISTENBRAINZ], 1),
        ({"scrobbles": [MALOJA]}, 1),
        ([{"track": [SCROBBLE]}], 1),
        (GHAN, 2),
        (BENJAMIN, 2),
    ],
    ids=["extended", "account", "listenbrainz", "maloja", "pages", "ghan", "benjamin"],
)
async def test_a_file_comes_in_once_however_often_it_is_handed_in(stage, wren, laid, content, inserted):
    path = laid(content)
    rehearsed = await rehearse(stage.db, wren.user_id, path)
    assert rehearsed.outcomes == {"inserted": inserted}
    job = await take(stage.db, wren.user_id, path)
    assert (job.inserted, job.duplicate, job.state) == (inserted, 0, "done")
    again = await take(stage.db, wren.user_id, path)
    assert (again.id, again.inserted, again.duplicate) == (job.id, 0, inserted)
    assert (await rehearse(stage.db, wren.user_id, path)).outcomes == {"duplicate": inserted}


async def test_what_is_read_is_all_that_became_of_it(stage, wren, laid, monkeypatch):
    monkeypatch.setattr("listening.imports.importing.CHUNK", 100)
    monkeypatch.setattr("listening.imports.rehearsing.CHUNK", 7)
    told = [*rows(1000), {"ts": 1}, 7, EXTENDED | {"incognito_mode": True}]
    path = laid(told)
    expected = await rehearse(stage.db, wren.user_id, path)
    job = await take(stage.db, wren.user_id, path)
    assert reconciled(job, len(told))
    assert job.rejected == {"too_short": 100, "unreadable": 2, "private_session": 1} == expected.rejected
    assert (job.inserted, job.duplicate, job.quarantined) == (900, 10, 2)
    assert expected.outcomes == {"inserted": 900, "duplicate": 10, "quarantined": 2}
    kept = [await count(stage.db, table, wren.user_id) for table in (Sighting, Play, Quarantined)]
    assert kept == [900, 900, 2]


async def test_the_exact_and_the_coarse_file_of_one_history_are_one_play_each(stage, wren, laid):
    """Seconds apart, as one tells the minute only: of the account's own data, and of a CSV to the minute."""
    await take(stage.db, wren.user_id, laid([EXTENDED], "a.json"))
    minute = {"endTime": "2021-11-18 20:14", "artistName": "Joni Mitchell", "trackName": "A Case of You"}
    await take(stage.db, wren.user_id, laid([minute | {"msPlayed": 262_000}], "b.json"))
    await take(stage.db, wren.user_id, laid("Joni Mitchell,Blue,A Case of You,18 Nov 2021 20:09\n", "c.csv"))
    assert (await count(stage.db, Sighting, wren.user_id), await count(stage.db, Play, wren.user_id)) == (3, 1)


async def test_who_takes_a_file_over_is_the_only_one(stage, wren, laid):
    path = laid(list(rows(10)))
    async with stage.db.transaction() as tx:
        asked = await store.ask_for(tx, wren.user_id, digest_of(path))
        before = await store.claim(tx, asked.id)
    async with stage.db.transaction() as tx:
        after = await store.claim(tx, asked.id)
    with pytest.raises(ImportElsewhere):
        await run(stage.db, before, path)
    assert await count(stage.db, Sighting, wren.user_id) == 0
    await run(stage.db, after, path)
    assert (await told(stage.db, after.id)).inserted == 9


async def _worker(settings, path, user_id, dies_at=None):
    about = {"database": settings.database_url, "secret": settings.role_secret.get_secret_value()}
    about |= {"path": str(path), "user": str(user_id), "dies_at": dies_at}
    told = (sys.executable, WORKER, json.dumps(about))
    return await asyncio.create_subprocess_exec(*told, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


async def test_a_process_killed_in_the_middle_leaves_exactly_the_file_for_the_next(db, test_settings, laid):
    told_rows, user_id = list(rows(4000)), uuid7()
    path = laid(told_rows)
    killed = await _worker(test_settings, path, user_id, dies_at=3)
    await killed.communicate()
    assert killed.returncode == -signal.SIGKILL
    assert await count(db, Sighting, user_id) in range(1, 3000)
    out, error = await (again := await _worker(test_settings, path, user_id)).communicate()
    assert again.returncode == 0, error.decode()
    assert reconciled(await told(db, UUID(out.decode().strip())), len(told_rows))
    await _is_exactly(db, user_id, told_rows)


async def _is_exactly(db, user_id, told_rows):
    """One sighting and one play of each listen that counts, and each day has its own."""
    listens = {(row["ts"], row["master_metadata_track_name"]) for row in told_rows if row["ms_played"] >= 30_000}
    listens = {each for each in listens if each[0] > "2002"}
    async with db.transaction() as tx:
        days = await tx.scalar(select(func.sum(Day.plays)).where(Day.user_id == user_id))
        import_of = (await tx.scalars(select(Import).where(Import.user_id == user_id))).one()
    kept = [await count(db, table, user_id) for table in (Sighting, Play)]
    assert [*kept, days, import_of.inserted] == [len(listens)] * 4


@pytest.mark.prove
async def test_half_a_million_rows_survive_being_killed_again_and_again(db, test_settings, tmp_path):
    user_id, path = uuid7(), tmp_path / "history.json"
    told_rows = list(rows(490_000, every=200))
    path.write_text(json.dumps(told_rows))
    for _ in range(4):
        process = await _worker(test_settings, path, user_id)
        before = await _place(db, user_id)
        while await _place(db, user_id) < before + 60_000:
            await asyncio.sleep(0.05)
        process.kill()
        await process.communicate()
    out, error = await (last := await _worker(test_settings, path, user_id)).communicate()
    assert last.returncode == 0, error.decode()
    assert reconciled(await told(db, UUID(out.decode().strip())), len(told_rows))
    await _is_exactly(db, user_id, told_rows)


async def _place(db, user_id):
    async with db.transaction() as tx:
        return await tx.scalar(select(Import.place).where(Import.user_id == user_id)) or 0
