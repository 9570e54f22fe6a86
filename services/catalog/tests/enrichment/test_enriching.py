"""What becomes of albums when the sources are asked: through servers that speak as those do."""

import asyncio
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, text
from tests.fakes.faults import BROKEN, BUSY
from tests.fakes.shelf import invented_base62

from catalog.enrichment.findings import Sources
from catalog.enrichment.queue import LEASE, lease
from catalog.enrichment.work import NOBODY_KNOWS, enrich_next
from catalog.models import Album, Edition, EnrichmentJob, ExternalId, Placement, SourceSlot, Tagging, Track
from catalog.sources.rules import year_of
from chassis.outbox import Outgoing
from contracts.catalog import AlbumChanged


@pytest.fixture
def ensure(bot):
    async def make(title="Blue", artist="Joni Mitchell", **more):
        answer = await bot.post("/music/albums", json={"title": title, "artist": artist, **more})
        assert answer.status_code in {200, 201}, answer.text
        return answer.json()

    return make


@pytest.fixture
def work(db, settings):
    """Until nothing is due; how many jobs were worked on."""

    async def until_done(chosen=settings, most=2000):
        sources = Sources(db, chosen)
        for number in range(most):
            if not await enrich_next(db, sources, chosen):
                return number
        return most

    return until_done


async def rows(db, *what, where=True):
    async with db.transaction() as tx:
        return (await tx.execute(select(*what).where(where))).all()


async def jobs_of(db, kind):
    """How many there are of each state."""
    counted = select(EnrichmentJob.state, func.count()).where(EnrichmentJob.kind == kind)
    async with db.transaction() as tx:
        return dict((await tx.execute(counted.group_by(EnrichmentJob.state))).all())


async def job(db, album):
    async with db.transaction() as tx:
        return await tx.scalar(select(EnrichmentJob).where(EnrichmentJob.piece_id == UUID(album["id"])))


async def album_row(db, album):
    async with db.transaction() as tx:
        return await tx.get(Album, UUID(album["id"]))


async def reopen(db):
    async with db.transaction() as tx:
        await tx.execute(text("UPDATE source_slots SET closed_until = NULL"))
        await tx.execute(text("UPDATE enrichment_jobs SET due_at = now()"))


async def tracklist(db, album):
    of = Placement.album_id == UUID(album["id"])
    found = await rows(db, Placement.disc, Placement.position, Placement.title, where=of)
    return [title for _, _, title in sorted(found)]


async def test_two_hundred_real_albums_end_right(ensure, work, db, albums, shelf, told):
    # Both of one name are at the end.
    albums = [*albums[:200], *albums[-2:]]
    made = [await ensure(known.title, known.line, year=known.year) for known in albums]
    assert len({album["id"] for album in made}) == len(albums) >= 200
    # On a machine that pauses a source would be given up, and asked again later.
    await work(told(provider_timeout=30), most=len(albums))
    # Who is credited comes after all of them.
    assert (await jobs_of(db, "album"), [*await jobs_of(db, "artist")]) == ({"done": len(albums)}, ["waiting"])
    wrong = [known.title for known, album in zip(albums, made, strict=True) if await differs(db, known, album, shelf)]
    assert wrong == []


async def differs(db, known, album, shelf):
    row = await album_row(db, album)
    front = known.mbid in shelf.fronts
    genres = await rows(db, Tagging.name, where=(Tagging.piece_id == row.id) & Tagging.is_genre)
    spotify = {invented_base62("spotify", known.mbid)} & set(shelf.on_spotify)
    as_it_should_be = (
        (row.title, row.artist, row.year) == (known.title, known.line, known.year),
        (str(row.mbid), row.first_release, row.kind) == (known.mbid, known.released, "Album"),
        row.front == front
        and (row.image_url is not None) == bool(spotify)
        and (row.spotify_id in spotify or not spotify),
        await tracklist(db, album) == [known.track(number) for number in range(1, known.tracks + 1)],
        {name for (name,) in genres} == set(known.genres),
    )
    return not all(as_it_should_be)


async def test_without_keys_and_without_covers_it_works_with_less(ensure, work, told, db, albums, shelf):
    shelf.fronts.clear()
    album = await ensure()
    await work(told(spotify_client_id=None))
    row = await album_row(db, album)
    assert (row.year, row.front, row.image_url, len(await tracklist(db, album))) == (1971, False, None, 10)


async def test_of_dark_side_the_first_with_ten_tracks_stands_for_it(ensure, work, db):
    album = await ensure("The Dark Side of the Moon", "Pink Floyd")
    await work()
    kept = await rows(
        db, Edition.tracks, Edition.format, Edition.representative, where=Edition.album_id == UUID(album["id"])
    )
    assert sorted(tracks for tracks, _, _ in kept) == [9, 10, 10, 10, 16]
    assert [(tracks, form) for tracks, form, it in kept if it] == [(10, '12" Vinyl')]
    assert (await tracklist(db, album))[0] == "Speak to Me"


async def test_several_artists_are_credited_with_what_joins_them(ensure, work, bot):
    album = await ensure("Watch the Throne", "Jay-Z and Kanye West")
    alone = await ensure("The College Dropout", "Kanye West")
    await work()
    line = (await bot.get(f"/music/albums/{album['id']}")).json()
    assert line["artist"] == "Jay-Z and Kanye West"
    assert [artist["name"] for artist in line["artists"]] == ["JAY-Z", "Kanye West"]
    assert line["artists"][1]["id"] == (await bot.get(f"/music/albums/{alone['id']}")).json()["artists"][0]["id"]


async def test_what_people_typed_stays(ensure, work, bot, db):
    cover = "https://example.com/blue.jpg"
    album = await ensure("blue (2021 remaster)", "JONI MITCHELL", year=1972, cover_url=cover)
    await work()
    now = (await bot.get(f"/music/albums/{album['id']}")).json()
    assert (now["title"], now["artist"], now["year"]) == ("blue (2021 remaster)", "JONI MITCHELL", 1972)
    assert (now["cover_url"], (await album_row(db, album)).first_release) == (cover, "1971-06-22")


async def test_an_album_that_nobody_knows_stays_as_it_is(ensure, work, bot, db):
    album = await ensure("Demos From My Kitchen", "Nobody in Particular", year=2020)
    await work()
    assert (await bot.get(f"/music/albums/{album['id']}")).json().items() >= album.items()
    assert ((await job(db, album)).state, (await job(db, album)).error) == ("done", NOBODY_KNOWS)


@pytest.mark.parametrize(
    ("title", "artist", "year"), [("Blue", "Joni", None), ("Blue", "Joni Mitchell", 1999), ("Weezer", "Weezer", None)]
)
async def test_it_is_never_made_another_album(ensure, work, db, title, artist, year):
    album = await ensure(title, artist, **({"year": year} if year else {}))
    await work()
    row = await album_row(db, album)
    assert (row.mbid, row.spotify_id, await tracklist(db, album)) == (None, None, [])


async def test_it_is_found_by_a_link_whatever_the_search_says(ensure, work, db, musicbrainz, shelf, albums):
    link = next(iter(shelf.urls))
    musicbrainz.fault("/ws/2/release-group", BROKEN["no object"])
    album = await ensure(url=link)
    await work()
    assert str((await album_row(db, album)).mbid) == albums[0].mbid


async def test_an_id_that_was_merged_elsewhere_is_known_by_both(ensure, work, db, shelf, albums):
    old = str(uuid4())
    shelf.merge(old, albums[0].mbid)
    album = await ensure(mbid=old)
    await work()
    assert str((await album_row(db, album)).mbid) == albums[0].mbid
    ids = await rows(db, ExternalId.value, where=(ExternalId.kind == "album") & (ExternalId.source == "musicbrainz"))
    assert {value for (value,) in ids} == {old, albums[0].mbid}


async def test_two_albums_of_one_release_group_are_left_for_somebody_to_merge(ensure, work, db, shelf, albums):
    old = str(uuid4())
    shelf.merge(old, albums[0].mbid)
    one, other = await ensure(mbid=albums[0].mbid), await ensure(mbid=old)
    assert one["id"] != other["id"]
    await work()
    assert one["id"] in (await job(db, other)).error
    assert (await tracklist(db, one), await tracklist(db, other)) == (await tracklist(db, one), [])


async def test_a_recording_on_two_albums_is_one_track(ensure, work, db, shelf, albums):
    here, there = albums[0], albums[114]
    mine, theirs = (
        next(r for r in shelf.releases.values() if r["release-group"]["id"] == a.mbid) for a in (here, there)
    )
    theirs["media"][0]["tracks"][0]["recording"] = mine["media"][0]["tracks"][0]["recording"]
    for known in (here, there):
        await ensure(known.title, known.line)
    await work()
    (track,) = await rows(db, Track.id, where=Track.title == here.track(1))
    placed = await rows(db, Placement.album_id, where=Placement.track_id == track.id)
    assert len(placed) == 2


async def test_neighbours_are_told_once_and_only_of_what_differs(ensure, work, db, bot):
    album = await ensure()
    await work()
    told = await rows(db, Outgoing.body, where=Outgoing.type == AlbumChanged.topic)
    states = [AlbumChanged.model_validate_json(body) for (body,) in told]
    told = sorted((state.year or 0, state.countries, [each.name for each in state.genres]) for state in states)
    # Once made, once enriched, and once it was known where she is from.
    genres = ["folk", "singer-songwriter"]
    assert told == [(0, [], []), (1971, [], genres), (1971, ["GB"], genres)]
    async with db.transaction() as tx:
        await tx.execute(text("UPDATE enrichment_jobs SET state = 'waiting', due_at = now()"))
    assert await work() == 2
    assert len(await rows(db, Outgoing.body, where=Outgoing.type == AlbumChanged.topic)) == 3
    assert album["id"] == str(states[0].album_id)


async def test_while_every_source_is_away_albums_are_made_and_nobody_is_called(
    ensure, work, db, musicbrainz, coverart, spotify, told
):
    fakes = (musicbrainz, coverart, spotify)
    for fake, how in zip(fakes, ("never", "away", "an error"), strict=True):
        fake.everywhere = BROKEN[how]
    album = await ensure()
    assert [len(fake.calls) for fake in fakes] == [0, 0, 0]
    await work(told(provider_timeout=0.1, enrichment_ladder=(600,)), most=1)
    waiting = await job(db, album)
    assert (waiting.state, waiting.attempts) == ("waiting", 0)
    assert waiting.error.startswith("Not heard: musicbrainz")
    for fake in fakes:
        fake.everywhere = None
    await reopen(db)
    await work()
    assert ((await job(db, album)).state, len(await tracklist(db, album))) == ("done", 10)


async def test_spotify_away_for_a_day_keeps_nothing_else_back(ensure, work, db, spotify, musicbrainz):
    spotify.everywhere = BUSY["most of a day"]
    album = await ensure()
    await work(most=1)
    assert len(await tracklist(db, album)) == 10
    left = func.extract("epoch", EnrichmentJob.due_at - func.clock_timestamp())
    assert (await rows(db, left, where=EnrichmentJob.kind == "album"))[0][0] > 79_000
    asked, spotify.everywhere = len(musicbrainz.calls), None
    await reopen(db)
    await work(most=1)
    assert ((await job(db, album)).state, len(musicbrainz.calls)) == ("done", asked)
    assert (await album_row(db, album)).image_url


async def test_what_answers_nonsense_is_tried_again_and_has_failed_at_last(ensure, work, db, musicbrainz, told):
    musicbrainz.fault("/ws/2/release-group", BROKEN["half of its JSON"])
    album = await ensure()
    for attempt in (1, 2, 3):
        await reopen(db)
        assert await work(told(enrichment_ladder=(600, 600)), most=1) == 1
        assert (await job(db, album)).attempts == attempt
    assert ((await job(db, album)).state, (await job(db, album)).error.partition(":")[0]) == ("failed", "musicbrainz")


async def test_a_job_is_one_workers_and_free_again_when_that_one_dies(ensure, work, db):
    await ensure()
    assert await lease(db)
    assert await lease(db) is None
    async with db.transaction() as tx:
        await tx.execute(text("UPDATE enrichment_jobs SET leased_until = now() - interval '1 s'"))
    assert await work(most=1) == 1
    assert await jobs_of(db, "album") == {"done": 1}
    assert LEASE.total_seconds() == 300


async def test_who_lost_the_lease_writes_nothing(ensure, db, settings, musicbrainz, monkeypatch):
    album = await ensure()
    sources = Sources(db, settings)
    search = sources.musicbrainz.search

    async def slowly(*names):
        async with db.transaction() as tx:
            await tx.execute(text("UPDATE enrichment_jobs SET lease = gen_random_uuid()"))
        return await search(*names)

    monkeypatch.setattr(sources.musicbrainz, "search", slowly)
    assert await enrich_next(db, sources, settings)
    assert await tracklist(db, album) == []


async def test_what_is_changed_meanwhile_is_asked_anew(ensure, db, bot, settings, work, monkeypatch):
    album = await ensure("Bleu")
    sources = Sources(db, settings)
    search = sources.musicbrainz.search

    async def meanwhile(*names):
        await bot.patch(f"/music/albums/{album['id']}", json={"title": "Blue"})
        return await search("Hejira", "Joni Mitchell")

    monkeypatch.setattr(sources.musicbrainz, "search", meanwhile)
    await enrich_next(db, sources, settings)
    assert (await job(db, album)).state == "waiting"
    await work()
    assert len(await tracklist(db, album)) == 10


async def test_what_is_said_later_is_asked_about_again(ensure, work, bot, db, shelf):
    album = await ensure("Bleu", "Joni")
    await work()
    assert (await job(db, album)).error == NOBODY_KNOWS
    await ensure("Bleu", "Joni", year=1971)
    assert (await job(db, album)).state == "waiting"
    await work()
    await bot.patch(f"/music/albums/{album['id']}", json={"title": "Blue", "artist": "Joni Mitchell"})
    await work()
    assert len(await tracklist(db, album)) == 10
    await bot.patch(f"/music/albums/{album['id']}", json={"mbid": None})
    assert await work() == 0


async def test_what_nobody_can_digest_stops_no_other(ensure, work, db, settings, monkeypatch):
    album = await ensure()

    def broken(*_):
        raise ArithmeticError

    monkeypatch.setattr("catalog.enrichment.writing.weights", broken)
    assert await work(most=1) == 1
    assert ((await job(db, album)).attempts, (await job(db, album)).error) == (1, "ArithmeticError")


async def test_what_was_named_goes_before_what_was_there(ensure, db):
    one, other = await ensure("Hejira"), await ensure("Blue")
    async with db.transaction() as tx:
        await tx.execute(text("UPDATE enrichment_jobs SET priority = 40 WHERE piece_id = :id"), {"id": UUID(one["id"])})
    assert str((await lease(db)).piece_id) == other["id"]


async def test_many_workers_share_the_queue(ensure, db, told, musicbrainz, albums):
    musicbrainz.pace = 0.005
    settings = told(musicbrainz_pace=0.005)
    for known in albums[:12]:
        await ensure(known.title, known.line, year=known.year)

    async def worker():
        sources = Sources(db, settings)
        while await enrich_next(db, sources, settings):
            pass

    await asyncio.gather(worker(), worker(), worker())
    assert {state for (state,) in await rows(db, EnrichmentJob.state)} == {"done"}
    assert musicbrainz.too_fast == 0
    assert (await rows(db, func.count(SourceSlot.source)))[0][0] >= 1
    assert year_of(albums[0].released) == 1971
