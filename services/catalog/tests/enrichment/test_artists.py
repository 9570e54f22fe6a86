"""What becomes of artists once an album that credits them was enriched."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text
from tests.fakes.faults import BROKEN, BUSY, Reply
from tests.fakes.shelf import invented, invented_base62

from catalog.enrichment.findings import Sources
from catalog.enrichment.queue import CREDITED
from catalog.enrichment.work import NOBODY_KNOWS, enrich_next
from catalog.models import Artist, EnrichmentJob, ExternalId
from chassis.outbox import Outgoing
from contracts.catalog import AlbumChanged

JONI = invented("artist", "Joni Mitchell")


@pytest.fixture
def enriched(bot, db, settings):
    """`await enriched(title, artist, jobs=…)`: an album, once so many jobs were done; all, where nothing is said."""

    async def make(title="Blue", artist="Joni Mitchell", jobs=100):
        album = (await bot.post("/music/albums", json={"title": title, "artist": artist})).json()
        await work(db, settings, jobs)
        return (await bot.get(f"/music/albums/{album['id']}")).json()

    return make


async def work(db, settings, most=100):
    sources = Sources(db, settings)
    for _ in range(most):
        if not await enrich_next(db, sources, settings):
            break


async def job_of(db, artist):
    async with db.transaction() as tx:
        return await tx.scalar(select(EnrichmentJob).where(EnrichmentJob.piece_id == UUID(artist["id"])))


async def again(db):
    async with db.transaction() as tx:
        await tx.execute(text("UPDATE source_slots SET closed_until = NULL"))
        await tx.execute(text("UPDATE cached_answers SET fresh_until = now()"))
        await tx.execute(text("UPDATE enrichment_jobs SET state = 'waiting', due_at = now() WHERE kind = 'artist'"))


async def test_an_artist_answers_what_musicbrainz_knows_of_them(enriched, bot, shelf):
    genre = shelf.artists[JONI]["genres"][0]["name"]
    credited = (await enriched())["artists"][0]
    told = (await bot.get(f"/music/artists/{credited['id']}")).json()
    assert (told["name"], told["mbid"], told["country"]) == ("Joni Mitchell", JONI, "GB")
    assert (told["kind"], told["begun"], told["ended"]) == ("Group", "1965-07", None)
    assert told["spotify_id"] == invented_base62("artist", "Joni Mitchell")
    assert told["aliases"] == [{"name": "Joni Mitchell (band)", "source": "musicbrainz"}]
    assert told["genres"] == [{"name": genre, "weight": 1.0, "source": "musicbrainz"}]
    assert [tag["name"] for tag in told["tags"]] == ["seen"]
    assert told["enriched_at"]


async def test_nobody_is_asked_about_artists_before_an_album_credits_them_by_an_id(bot, db, settings, musicbrainz):
    album = (await bot.post("/music/albums", json={"title": "Demos", "artist": "Nobody in Particular"})).json()
    await work(db, settings)
    assert await job_of(db, album["artists"][0]) is None
    told = (await bot.get(f"/music/artists/{album['artists'][0]['id']}")).json()
    assert (told["country"], told["aliases"], told["genres"], told["enriched_at"]) == (None, [], [], None)


async def test_artists_come_after_every_album(enriched, db):
    artist = (await enriched(jobs=1))["artists"][0]
    assert ((await job_of(db, artist)).state, (await job_of(db, artist)).priority) == ("waiting", CREDITED)


async def test_where_an_artist_is_from_is_told_with_each_of_their_albums(enriched, db, shelf, settings):
    shelf.artists[JONI] |= {"country": None, "area": shelf.artists[JONI]["area"] | {"iso-3166-1-codes": ["CA"]}}
    blue, hejira = await enriched(), await enriched("Hejira")
    assert (blue["countries"], hejira["countries"]) == (["CA"], ["CA"])
    shelf.artists[JONI]["country"] = "US"
    await again(db)
    await work(db, settings)
    async with db.transaction() as tx:
        bodies = (await tx.scalars(select(Outgoing.body).where(Outgoing.type == AlbumChanged.topic))).all()
    newest = {}
    for state in sorted(map(AlbumChanged.model_validate_json, bodies), key=lambda each: each.version):
        newest[str(state.album_id)] = state.countries
    assert newest == {blue["id"]: ["US"], hejira["id"]: ["US"]}


async def test_an_artist_who_was_merged_there_is_known_by_both_ids(enriched, db, shelf, settings):
    artist = (await enriched(jobs=1))["artists"][0]
    now = str(uuid4())
    shelf.artists[now] = shelf.artists.pop(JONI) | {"id": now}
    shelf.merge(JONI, now)
    await work(db, settings)
    async with db.transaction() as tx:
        assert str((await tx.get_one(Artist, UUID(artist["id"]))).mbid) == now
        ids = await tx.scalars(
            select(ExternalId.value).where(ExternalId.kind == "artist", ExternalId.source == "musicbrainz")
        )
        assert {*ids} == {JONI, now}


async def test_two_who_are_one_there_are_left_for_somebody_to_merge(enriched, db, shelf, settings):
    joni = (await enriched())["artists"][0]
    other = (await enriched("Court and Spark", "Tom Waits", jobs=0))["artists"][0]
    async with db.transaction() as tx:
        (await tx.get_one(Artist, UUID(other["id"]))).mbid = (old := uuid4())
        tx.add(EnrichmentJob(id=uuid4(), kind="artist", piece_id=UUID(other["id"]), priority=1))
    shelf.merge(str(old), JONI)
    await work(db, settings)
    assert joni["id"] in (await job_of(db, other)).error


@pytest.mark.parametrize("how", ["half of its JSON", "an error", "no object"])
async def test_what_is_no_answer_changes_nothing_and_is_asked_for_again(enriched, bot, db, musicbrainz, settings, how):
    musicbrainz.fault(f"/ws/2/artist/{JONI}", BROKEN[how])
    artist = (await enriched(jobs=2))["artists"][0]
    assert (await bot.get(f"/music/artists/{artist['id']}")).json()["country"] is None
    assert ((await job_of(db, artist)).state, bool((await job_of(db, artist)).error)) == ("waiting", True)
    musicbrainz.mend()
    await again(db)
    await work(db, settings)
    assert (await bot.get(f"/music/artists/{artist['id']}")).json()["country"] == "GB"


async def test_who_asks_to_be_left_alone_is_asked_later_and_an_unknown_artist_never_again(
    enriched, db, musicbrainz, settings
):
    musicbrainz.fault(f"/ws/2/artist/{JONI}", BUSY["seconds"])
    artist = (await enriched(jobs=2))["artists"][0]
    assert (await job_of(db, artist)).error == "Not heard: musicbrainz."
    musicbrainz.mend()
    musicbrainz.fault(f"/ws/2/artist/{JONI}", Reply.of({"error": "Not Found"}, 404))
    await again(db)
    await work(db, settings)
    assert ((await job_of(db, artist)).state, (await job_of(db, artist)).error) == ("done", NOBODY_KNOWS)
    asked = len(musicbrainz.calls)
    async with db.transaction() as tx:
        await tx.execute(text("UPDATE enrichment_jobs SET state = 'waiting', due_at = now() WHERE kind = 'artist'"))
    await work(db, settings)
    assert len(musicbrainz.calls) == asked
