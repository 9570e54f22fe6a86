"""The sources, asked through the cache and in their turn, while they are well and while they are not."""

import asyncio
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, text
from tests.fakes.faults import BROKEN, BUSY, Reply

from catalog.models import CachedAnswer, SourceSlot
from catalog.sources.coverart import CoverArt
from catalog.sources.musicbrainz import MusicBrainz
from catalog.sources.rules import SourceBroken, SourceClosed
from catalog.sources.spotify import spotify_of


@pytest.fixture
def mb(db, settings):
    return MusicBrainz(db, settings)


@pytest.fixture
def blue(albums):
    return UUID(albums[0].mbid)


async def make_stale(db):
    async with db.transaction() as tx:
        await tx.execute(text("UPDATE cached_answers SET fresh_until = now()"))


async def closed_for(db, source="musicbrainz"):
    left = func.extract("epoch", SourceSlot.closed_until - func.clock_timestamp())
    async with db.transaction() as tx:
        return await tx.scalar(select(left).where(SourceSlot.source == source))


async def test_who_asks_says_who_they_are_and_how_to_reach_them(mb, musicbrainz, blue):
    assert (await mb.release_group(blue)).title == "Blue"
    assert "( keeper@club.example )" in musicbrainz.calls[0].headers["user-agent"]


async def test_nobody_named_for_contact_is_reached_where_the_club_is(told):
    agent = told(contact=None, public_url="https://club.example/").user_agent
    assert agent.endswith("( https://club.example )")


async def test_an_answer_is_kept_and_asked_for_once(mb, musicbrainz, blue):
    first = await mb.release_group(blue)
    assert await mb.release_group(blue) == first
    assert len(musicbrainz.calls) == 1


async def test_that_there_is_nothing_is_kept_too(mb, musicbrainz):
    nobody = uuid4()
    assert [await mb.release_group(nobody), await mb.release_group(nobody)] == [None, None]
    assert len(musicbrainz.calls) == 1


async def test_an_old_answer_is_only_asked_about_and_good_again_when_it_is_still_so(mb, db, musicbrainz, blue):
    first = await mb.release_group(blue)
    await make_stale(db)
    assert await mb.release_group(blue) == first
    assert musicbrainz.calls[1].headers["if-none-match"].startswith('W/"')
    assert await mb.release_group(blue) == first
    assert len(musicbrainz.calls) == 2


async def test_an_id_that_was_merged_leads_to_the_one_that_stayed(mb, shelf, blue):
    old = str(uuid4())
    shelf.merge(old, str(blue))
    assert (await mb.release_group(UUID(old))).id == blue


async def test_names_full_of_operators_are_searched_as_they_stand(mb, albums):
    for album in albums:
        if album.line in {"AC/DC", "!!!", "Godspeed You! Black Emperor", "Sigur Rós", "小椋佳"}:
            assert album.mbid in {str(group.id) for group in await mb.search(album.title, album.line)}


async def test_a_link_leads_to_the_release_group(mb, shelf, blue):
    resource = next(iter(shelf.urls))
    assert await mb.group_of_link(resource) == blue
    assert await mb.group_of_link("https://open.spotify.com/album/0000000000000000000000") is None


@pytest.mark.parametrize(
    ("how", "least", "most"),
    [
        ("seconds", 5, 7),
        ("most of a day", 79_000, 79_892),
        ("a date", 600_000, 604_800),
        ("garbage", 50, 60),
        ("nothing", 50, 60),
    ],
)
async def test_who_asks_to_be_left_alone_is_left_alone_by_every_process_and_after_a_restart(
    db, settings, musicbrainz, blue, how, least, most
):
    for status in (429, 503):
        reply = Reply(status, BUSY[how].body, BUSY[how].headers)
        musicbrainz.fault(f"/ws/2/release-group/{blue}", reply)
        with pytest.raises(SourceClosed):
            await MusicBrainz(db, settings).release_group(blue)
        assert least < await closed_for(db) <= most
        asked = len(musicbrainz.calls)
        musicbrainz.mend()
        with pytest.raises(SourceClosed) as refused:
            await MusicBrainz(db, settings).release_group(blue)
        assert refused.value.seconds <= most
        assert len(musicbrainz.calls) == asked
        async with db.transaction() as tx:
            await tx.execute(text("UPDATE source_slots SET closed_until = NULL"))
    assert await MusicBrainz(db, settings).release_group(blue)


@pytest.mark.parametrize("how", [how for how in BROKEN if how != "never"])
async def test_what_is_no_answer_is_neither_believed_nor_kept(mb, db, musicbrainz, blue, how):
    musicbrainz.fault(f"/ws/2/release-group/{blue}", BROKEN[how], times=5)
    with pytest.raises((SourceClosed, SourceBroken)):
        await mb.release_group(blue)
    async with db.transaction() as tx:
        assert await tx.scalar(select(func.count()).select_from(CachedAnswer)) == 0
    musicbrainz.mend()
    async with db.transaction() as tx:
        await tx.execute(text("UPDATE source_slots SET closed_until = NULL"))
    assert (await mb.release_group(blue)).title == "Blue"


async def test_who_never_answers_is_given_up_and_left_alone_for_a_while(db, told, musicbrainz, blue):
    musicbrainz.fault(f"/ws/2/release-group/{blue}", BROKEN["never"])
    with pytest.raises(SourceClosed):
        await MusicBrainz(db, told(provider_timeout=0.2, enrichment_ladder=(600,))).release_group(blue)
    assert await closed_for(db) > 500


async def test_nobody_is_asked_while_a_transaction_is_open(mb, db, blue):
    async with db.transaction():
        with pytest.raises(RuntimeError, match="transaction"):
            await mb.release_group(blue)


async def test_many_who_ask_at_once_take_turns(db, told, musicbrainz, albums):
    musicbrainz.pace = 0.02
    mb = MusicBrainz(db, told(musicbrainz_pace=0.02))
    told_of = await asyncio.gather(*(mb.release_group(UUID(album.mbid)) for album in albums[:20]))
    assert [group.title for group in told_of] == [album.title for album in albums[:20]]
    assert (musicbrainz.too_fast, len(musicbrainz.served)) == (0, 20)


async def test_the_cover_art_archive_is_asked_whether_there_is_one_and_not_followed(db, settings, coverart, albums):
    covers = CoverArt(db, settings)
    assert [await covers.has_front(UUID(album.mbid)) for album in albums[:5]] == [True] * 4 + [False]
    assert len(coverart.calls) == 5


async def test_spotify_is_asked_with_one_token_and_without_keys_not_at_all(db, told, spotify, albums):
    assert spotify_of(db, told(spotify_client_secret=None)) is None
    there = spotify_of(db, told())
    found = await there.search("Blue", "Joni Mitchell")
    assert (await there.album(found[0].id)).name == "Blue"
    assert found[0].picture.endswith("640")
    assert len(spotify.asked("/api/token")) == 1


async def test_spotify_may_ask_for_most_of_a_day(db, settings, spotify):
    spotify.fault("/v1/search", BUSY["most of a day"])
    with pytest.raises(SourceClosed):
        await spotify_of(db, settings).search("Blue", "Joni Mitchell")
    assert await closed_for(db, "spotify") > 79_000
    with pytest.raises(SourceClosed):
        await spotify_of(db, settings).search("Hejira", "Joni Mitchell")
    assert len(spotify.asked("/v1/search")) == 1


@pytest.mark.parametrize("status", [401, 403])
async def test_who_does_not_take_us_is_left_alone_and_no_albums_fault(mb, db, musicbrainz, blue, status):
    musicbrainz.fault(f"/ws/2/release-group/{blue}", Reply.of({"error": "No."}, status))
    with pytest.raises(SourceClosed):
        await mb.release_group(blue)
    assert 3500 < await closed_for(db) <= 3600


async def test_keys_that_spotify_does_not_take_are_shown_to_it_once_a_day(db, told, spotify):
    wrong = told(spotify_client_secret="not this")
    for _ in range(2):
        with pytest.raises(SourceClosed):
            await spotify_of(db, wrong).search("Blue", "Joni Mitchell")
    assert len(spotify.asked("/api/token")) == 1
    assert await closed_for(db, "spotify") > 86_000


async def test_a_token_of_spotify_is_in_no_row(db, settings):
    await spotify_of(db, settings).search("Blue", "Joni Mitchell")
    async with db.transaction() as tx:
        for row in await tx.scalars(select(CachedAnswer)):
            assert "canary" not in f"{row.url}{row.etag}"
