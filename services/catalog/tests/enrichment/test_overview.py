"""How far the sources were asked, asking again, and what the club looks at now."""

from uuid import uuid4

import pytest
from sqlalchemy import delete, select, text

from catalog.enrichment.findings import Sources
from catalog.enrichment.overview import ask_again, ask_for_missing, due, overview
from catalog.enrichment.queue import ADOPTED, NAMED, NOMINATED, ask_for
from catalog.enrichment.work import enrich_next
from catalog.models import Album, Artist, EnrichmentJob
from catalog.sources import cache, slots
from chassis.db import first_version
from contracts.naming import album_key, search_text
from contracts.nominations import NominationChanged


async def made(db, title, artist="Joni Mitchell"):
    album_id = uuid4()
    key, words = album_key(title, artist), search_text(title, artist)
    async with db.transaction() as tx:
        tx.add(Album(id=album_id, title=title, artist=artist, version=first_version(), match_key=key, search=words))
    return album_id


async def worked(db, settings):
    sources, number = Sources(db, settings), 0
    while await enrich_next(db, sources, settings):
        number += 1
    return number


async def test_what_has_no_job_and_what_failed_is_asked_for(db, settings):
    _, hejira = await made(db, "Blue"), await made(db, "Hejira")
    assert await ask_for_missing(db) == {"album": 2, "artist": 0}
    # Both are by one artist, who is credited on them.
    assert (await due(db), await worked(db, settings), await due(db)) == (2, 3, 0)
    assert await ask_for_missing(db) == {"album": 0, "artist": 0}
    async with db.transaction() as tx:
        await tx.execute(text("UPDATE enrichment_jobs SET state = 'failed' WHERE piece_id <> :id"), {"id": hejira})
    assert (await overview(db)).jobs == {
        "album": {"waiting": 0, "done": 1, "failed": 1},
        "artist": {"waiting": 0, "done": 0, "failed": 1},
    }
    assert await ask_for_missing(db) == {"album": 1, "artist": 1}
    assert (await overview(db)).jobs == {
        "album": {"waiting": 1, "done": 1, "failed": 0},
        "artist": {"waiting": 1, "done": 0, "failed": 0},
    }
    async with db.transaction() as tx:
        await tx.execute(delete(EnrichmentJob).where(EnrichmentJob.kind == "artist"))
    assert await ask_for_missing(db) == {"album": 0, "artist": 1}


async def test_what_is_done_is_asked_about_again_and_mostly_still_so(db, settings, musicbrainz):
    blue = await made(db, "Blue")
    await ask_for_missing(db)
    await worked(db, settings)
    asked = len(musicbrainz.calls)
    assert await ask_again(db, None, older_than=1) == {"album": 0, "artist": 0}
    assert await ask_again(db, blue, older_than=0) == {"album": 1, "artist": 0}
    assert await worked(db, settings) == 1
    anew = musicbrainz.calls[asked:]
    assert anew
    assert all("if-none-match" in call.headers for call in anew)
    async with db.transaction() as tx:
        (joni,) = await tx.scalars(select(Artist.id))
    asked = len(musicbrainz.calls)
    assert await ask_again(db, joni, older_than=0) == {"album": 0, "artist": 1}
    assert await worked(db, settings) == 1
    assert [call.path.split("/")[3] for call in musicbrainz.calls[asked:]] == ["artist"]
    assert await ask_again(db, uuid4(), older_than=0) == {"album": 0, "artist": 0}
    assert await ask_again(db, None, older_than=0) == {"album": 1, "artist": 1}


async def test_a_closed_source_and_the_notes_of_jobs_are_told(db, settings):
    await made(db, "Nobody's Album", "Nobody in Particular")
    await ask_for_missing(db)
    await slots.close(db, "musicbrainz", 79_892)
    await worked(db, settings)
    told = await overview(db)
    assert 79_000 < told.closed["musicbrainz"] <= 79_892
    assert told.errors == {"Not heard: musicbrainz.": 1}


async def test_what_nobody_needs_is_thrown_away(db, settings):
    await made(db, "Blue")
    await ask_for_missing(db)
    await worked(db, settings)
    await cache.sweep(db)
    kept = (await overview(db)).answers
    async with db.transaction() as tx:
        await tx.execute(text("UPDATE cached_answers SET fresh_until = now() - interval '91 days'"))
    await cache.sweep(db)
    assert (kept > 0, (await overview(db)).answers) == (True, 0)


@pytest.mark.parametrize(("first", "then", "now"), [(ADOPTED, NAMED, NAMED), (NOMINATED, NAMED, NOMINATED)])
async def test_one_that_waits_moves_only_forward(db, first, then, now):
    album = await made(db, "Blue")
    for priority in (first, then):
        async with db.transaction() as tx:
            await ask_for(tx, [album, album], priority)
    async with db.transaction() as tx:
        assert (await tx.scalars(select(EnrichmentJob.priority))).all() == [now]


async def test_what_is_nominated_goes_first(stage, deliver):
    nominated, withdrawn = uuid4(), uuid4()
    for album, gone in ((nominated, False), (withdrawn, True)):
        about = {"nomination_id": uuid4(), "week_id": uuid4(), "club_id": uuid4(), "album_id": album}
        tags = {"genre": None, "decade": None, "country": None}
        rest = {"user_ids": [], "code": "A", "pitch": None, "pitch_track_url": None, "tags": tags, "withdrawn": gone}
        event = {"version": 1, "created_at": "2025-11-24T12:00:00Z", **about, **rest}
        await deliver(NominationChanged.model_validate(event))
    async with stage.db.transaction() as tx:
        jobs = (await tx.execute(select(EnrichmentJob.piece_id, EnrichmentJob.priority))).all()
    assert (nominated, NOMINATED) in jobs
    assert withdrawn not in dict(jobs)
