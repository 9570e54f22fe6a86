"""How tracks and albums sound: measured where a source still tells, estimated of genres where none does."""

from statistics import fmean
from uuid import UUID

import pytest
from sqlalchemy import func, select, text
from tests.fakes.faults import BROKEN, BUSY, Reply

from catalog.enrichment.findings import Sources
from catalog.enrichment.work import enrich_next
from catalog.models import EnrichmentJob, Track, TrackFeatures
from catalog.sources.spotify import FEATURES
from chassis.outbox import Outgoing
from contracts.catalog import AlbumChanged

PATH = "/v1/audio-features"


@pytest.fixture
def enriched(bot, db, settings):
    """`await enriched(title, artist, …)`: an album's answer, once its job was done."""

    async def answer(title="Blue", artist="Joni Mitchell", chosen=settings):
        album = (await bot.post("/music/albums", json={"title": title, "artist": artist})).json()
        await work(db, chosen)
        return (await bot.get(f"/music/albums/{album['id']}")).json()

    return answer


async def work(db, settings):
    sources = Sources(db, settings)
    while await enrich_next(db, sources, settings):
        pass


async def again(db, *, stale=False):
    async with db.transaction() as tx:
        await tx.execute(text("UPDATE enrichment_jobs SET state = 'waiting', due_at = now() WHERE kind = 'album'"))
        if stale:
            await tx.execute(text("UPDATE cached_answers SET fresh_until = now()"))


async def closed_for(db, source):
    async with db.transaction() as tx:
        left = text("SELECT extract(epoch FROM closed_until - now()) FROM source_slots WHERE source = :source")
        return float(await tx.scalar(left, {"source": source}) or 0)


async def test_a_track_answers_what_was_measured_of_it(enriched, bot, shelf):
    album = await enriched()
    track = (await bot.get(f"/music/tracks/{album['tracks'][0]['id']}")).json()
    there = shelf.features[track["spotify_id"]]
    named = ("energy", "valence", "acousticness", "danceability", "instrumentalness", "speechiness", "liveness")
    counted = ("loudness", "tempo", "key", "mode", "time_signature")
    assert track["features"] == {name: there[name] for name in (*named, *counted)} | {
        "source": "spotify",
        "basis": "measured",
    }
    assert track["placements"] == [{"album_id": album["id"], "disc": 1, "position": 1, "title": "All I Want"}]


async def test_an_album_answers_means_and_of_how_many_tracks_they_are(enriched, shelf, db, bot):
    album = await enriched()
    async with db.transaction() as tx:
        ids = (await tx.scalars(select(Track.spotify_id))).all()
    energies = [shelf.features[each]["energy"] for each in ids if shelf.features[each]]
    # Of the ninth nothing was measured.
    assert (len(ids), len(energies)) == (10, 9)
    assert album["features"]["energy"] == pytest.approx(fmean(energies), abs=0.001)
    assert {name: album["features"][name] for name in ("source", "basis", "coverage")} == {
        "source": "spotify",
        "basis": "measured",
        "coverage": 0.9,
    }
    assert (await bot.get(f"/music/tracks/{album['tracks'][8]['id']}")).json()["features"] is None
    async with db.transaction() as tx:
        bodies = await tx.scalars(select(Outgoing.body).where(Outgoing.type == AlbumChanged.topic))
        newest = max(map(AlbumChanged.model_validate_json, bodies), key=lambda each: each.version)
    assert newest.features.model_dump(mode="json") == album["features"]
    assert newest.mood.model_dump(mode="json") == album["mood"]


async def test_an_application_that_is_not_told_asks_once_and_not_for_every_album(enriched, spotify, db):
    spotify.older = False
    album = await enriched()
    await enriched("Hejira")
    assert len(spotify.asked(PATH)) == 1
    assert 604_000 < await closed_for(db, FEATURES) <= 604_800
    assert (await closed_for(db, "spotify"), album["features"], album["spotify_id"] is not None) == (0, None, True)
    async with db.transaction() as tx:
        states = select(EnrichmentJob.state).where(EnrichmentJob.kind == "album")
        assert {*await tx.scalars(states)} == {"done"}


async def test_it_is_looked_at_again_when_its_time_is_over(enriched, spotify, db, settings):
    spotify.older = False
    await enriched()
    spotify.older = True
    async with db.transaction() as tx:
        await tx.execute(text("UPDATE source_slots SET closed_until = now()"))
    await again(db)
    await work(db, settings)
    async with db.transaction() as tx:
        assert await tx.scalar(select(func.count()).select_from(TrackFeatures)) == 9


async def test_where_nothing_was_measured_the_genres_stand_for_it_and_say_so(enriched, told, spotify):
    spotify.older = False
    album = await enriched()
    assert (album["features"], album["mood"]["basis"], album["mood"]["coverage"]) == (None, "estimate", 1.0)
    assert 0 <= album["mood"]["energy"] <= 1


async def test_what_nobody_knows_has_no_sound_and_no_mood(enriched):
    album = await enriched("Demos From My Kitchen", "Nobody in Particular")
    assert (album["features"], album["mood"], album["genres"]) == (None, None, [])


async def test_who_is_busy_is_left_alone_and_tells_later(enriched, spotify, db, settings):
    spotify.fault(PATH, BUSY["seconds"], times=1)
    album = await enriched()
    assert (album["features"], len(album["tracks"])) == (None, 10)
    assert 5 < await closed_for(db, "spotify") <= 7
    async with db.transaction() as tx:
        await tx.execute(text("UPDATE source_slots SET closed_until = NULL"))
    await again(db)
    await work(db, settings)
    assert (await enriched())["features"]["coverage"] == 0.9


@pytest.mark.parametrize("how", ["half of its JSON", "no object"])
async def test_what_is_no_answer_costs_nothing_but_itself(enriched, spotify, db, how):
    spotify.fault(PATH, BROKEN[how])
    album = await enriched()
    assert (album["features"], len(album["tracks"]), album["spotify_id"] is not None) == (None, 10, True)


async def test_a_measure_that_cannot_be_is_not_believed(enriched, spotify):
    track = {"id": "7D2NdGvBHIavgLhmcwhluK", "energy": 17.0}
    spotify.fault(PATH, Reply.of({"audio_features": [track]}))
    assert (await enriched())["features"] is None


async def test_without_keys_nobody_is_asked_how_it_sounds(enriched, spotify, told):
    album = await enriched(chosen=told(spotify_client_id=None))
    assert (spotify.calls, album["features"]) == ([], None)


async def test_other_albums_that_a_recording_stands_on_are_told_how_it_sounds(enriched, shelf, spotify, db, albums):
    here, there = albums[0], next(each for each in albums if each.title == "Hejira")
    mine, theirs = (
        next(each for each in shelf.releases.values() if each["release-group"]["id"] == album.mbid)
        for album in (here, there)
    )
    theirs["media"][0]["tracks"][0] |= {"recording": mine["media"][0]["tracks"][0]["recording"], "title": here.track(1)}
    spotify.older = False
    hejira = await enriched(there.title, there.line)
    spotify.older = True
    async with db.transaction() as tx:
        await tx.execute(text("UPDATE source_slots SET closed_until = now()"))
    blue = await enriched(here.title, here.line)
    async with db.transaction() as tx:
        bodies = await tx.scalars(select(Outgoing.body).where(Outgoing.type == AlbumChanged.topic))
        states = sorted(map(AlbumChanged.model_validate_json, bodies), key=lambda each: each.version)
    newest = {str(state.album_id): state.features for state in states}
    assert (newest[blue["id"]].coverage, newest[hejira["id"]].coverage) == (0.9, round(1 / len(hejira["tracks"]), 3))


async def test_what_is_measured_anew_replaces_what_was(enriched, spotify, shelf, db, bot, settings):
    album = await enriched()
    path = f"/music/tracks/{album['tracks'][0]['id']}"
    spotify_id = (await bot.get(path)).json()["spotify_id"]
    shelf.features[spotify_id] = shelf.features[spotify_id] | {"energy": 0.5, "tempo": None}
    await again(db, stale=True)
    await work(db, settings)
    features = (await bot.get(path)).json()["features"]
    assert (features["energy"], features["tempo"]) == (0.5, None)
    async with db.transaction() as tx:
        assert (
            len((await tx.scalars(select(TrackFeatures).where(TrackFeatures.track_id == UUID(path[-36:])))).all()) == 1
        )
