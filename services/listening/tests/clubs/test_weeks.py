"""What a week's winner was listened to, and albums heard whole."""

from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from uuid_utils.compat import uuid7

from chassis.announcer import reannounce
from contracts.catalog import AlbumChanged
from contracts.identity import UserMerged
from contracts.listening import AlbumCompleted
from contracts.merging import AlbumMerged
from contracts.nominations import NominationChanged
from contracts.phases import Deadlines, WeekChanged
from contracts.ratings import RatingGiven
from contracts.tracks import TrackMapped
from listening.clubs.completing import announcer
from listening.models import Album, Completion
from listening.names.mapping import apply_next
from listening.names.store import Said

SONGS = ["All I Want", "My Old Man", "Little Green"]
NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
async def blue(stage, deliver):
    """An album of three songs, which the catalogue told of."""
    album_id, tracks = uuid7(), [uuid7() for _ in SONGS]
    told = {"title": "Blue", "artist": "Joni Mitchell", "artists": [], "year": 1971, "mbid": None, "spotify_id": None}
    genres = [{"name": "folk", "weight": 1.0, "source": "musicbrainz"}]
    more = {"cover_url": None, "updated_at": NOW, "genres": genres, "tracks": tracks}
    await deliver(AlbumChanged(version=1, album_id=album_id, **told, **more))
    for song, track in zip(SONGS, tracks, strict=True):
        messy_id = Said("Joni Mitchell", song, "Blue").id
        names = {"title": song, "artist": "Joni Mitchell", "artist_ids": [], "duration_ms": None}
        await deliver(TrackMapped(version=1, messy_id=messy_id, track_id=track, album_id=album_id, **names))
    async with stage.db.transaction() as tx:
        await apply_next(tx)
    return album_id


@pytest.fixture
async def week(deliver, blue):
    """A week that Blue won: put up ten days ago, discussed three days ago."""
    week_id, nomination_id, club_id = uuid7(), uuid7(), uuid7()
    about = {"week_id": week_id, "club_id": club_id}
    await deliver(
        NominationChanged(
            version=1,
            nomination_id=nomination_id,
            album_id=blue,
            user_ids=[],
            code="A1",
            pitch=None,
            pitch_track_url=None,
            tags={"genre": None, "decade": None, "country": None},
            withdrawn=False,
            created_at=NOW - timedelta(days=10),
            **about,
        )
    )
    await deliver(
        WeekChanged(
            version=1,
            number=1,
            label="Week 1",
            kind="album",
            phase="rating",
            date_discussion=(NOW - timedelta(days=3)).date(),
            deadlines=Deadlines(),
            winner_album_id=blue,
            winner_nomination_id=nomination_id,
            **about,
        )
    )
    return week_id


@pytest.fixture
def rate(deliver, week, blue):
    async def send(person, at):
        rating = {"rating": 4.0, "favorite_track": None, "review": None, "visible_from": None, "given_at": at}
        await deliver(RatingGiven(version=1, week_id=week, user_id=person.user_id, album_id=blue, **rating))

    return send


async def test_who_heard_the_winner_before_rating_it_is_told_of_those_who_show_it(
    client, sign, listener_of, tell, listen, week, rate
):
    ida, ben, cleo = [await listener_of(name) for name in ("Ida", "Ben", "Cleo")]
    hidden = await listener_of("Dora", privacy={"listening": "private"})
    for person, heard in ((ida, SONGS), (ben, SONGS[:1]), (hidden, SONGS)):
        await tell(
            *(listen(song, at=NOW - timedelta(days=5, minutes=-4 * at)) for at, song in enumerate(heard)), whose=person
        )
    await rate(ida, NOW - timedelta(days=4))
    await rate(ben, NOW - timedelta(days=6))
    await rate(cleo, NOW - timedelta(days=4))
    told = (await client.get(f"/listens/weeks/{week}", headers=sign("anonymous"))).json()
    heard = [(e["user"]["display_name"], e["heard"], e["heard_before_rating"]) for e in told["listeners"]]
    assert (told["tracks"], heard) == (3, [("Ida", 3, 3), ("Ben", 1, 0)])
    everybody = (await client.get(f"/listens/weeks/{week}", headers=sign("bot"))).json()
    assert len(everybody["listeners"]) == 3


async def test_plays_of_the_winner_are_told_by_when_they_were(client, sign, wren, tell, listen, week):
    days_ago = [200, 11, 9, 8, 4, 2, 0]
    await tell(*(listen(SONGS[0], at=NOW - timedelta(days=each)) for each in days_ago))
    told = (await client.get(f"/listens/weeks/{week}", headers=sign("anonymous"))).json()
    assert told["plays"] == {"before": 2, "during": 3, "after": 2}


async def test_a_week_without_a_winner_has_no_listeners(client, sign):
    assert (await client.get(f"/listens/weeks/{uuid4()}", headers=sign("anonymous"))).status_code == 404


async def progress(client, sign, wren, album):
    headers = sign("user", sub=str(wren.user_id))
    return (await client.get(f"/users/me/albums/{album}/progress", headers=headers)).json()


async def test_progress_counts_tracks_and_says_when_all_were_heard(client, sign, wren, tell, listen, blue):
    assert (await progress(client, sign, wren, blue)) == {
        "album_id": str(blue),
        "tracks": 3,
        "heard": 0,
        "plays": 0,
        "first_played_at": None,
        "completed_at": None,
        "in_order": None,
    }
    await tell(listen(SONGS[1], minutes=0), listen(SONGS[0], minutes=5), listen(SONGS[0], minutes=10))
    half = await progress(client, sign, wren, blue)
    assert (half["heard"], half["plays"], half["completed_at"]) == (2, 3, None)
    await tell(listen(SONGS[2], minutes=15))
    whole = await progress(client, sign, wren, blue)
    assert (whole["heard"], whole["in_order"], whole["completed_at"]) == (3, False, "2025-11-18T20:15:00Z")


async def test_an_album_that_turned_out_to_be_another_is_heard_as_that_one(
    client, sign, wren, tell, listen, blue, deliver
):
    await tell(*(listen(song, minutes=5 * at) for at, song in enumerate(SONGS)))
    twin = uuid4()
    await deliver(AlbumMerged(album_id=twin, survivor_id=blue, version=5))
    told = await progress(client, sign, wren, twin)
    assert (told["album_id"], told["heard"], told["in_order"]) == (str(blue), 3, True)


async def test_what_is_heard_whole_lately_is_announced_once(wren, tell, listen, blue, settle, announced):
    old = NOW - timedelta(days=300)
    await tell(*(listen(song, at=old + timedelta(minutes=5 * at)) for at, song in enumerate(SONGS[:2])))
    await settle()
    await tell(listen(SONGS[2], at=NOW - timedelta(hours=1)))
    await settle()
    await tell(*(listen(song, at=NOW - timedelta(minutes=50 - 5 * at)) for at, song in enumerate(SONGS)))
    await settle()
    [told] = await announced(AlbumCompleted)
    assert (told.user_id, told.album_id, told.in_order) == (wren.user_id, blue, True)


@pytest.fixture
def take_back(client, sign):
    """`await take_back(wren, 2)`: their play before the last but one is deleted, as they ask for it."""

    async def delete(whose, number):
        mine = sign("user", sub=str(whose.user_id))
        items = (await client.get("/users/me/listens/recent", headers=mine)).json()["items"]
        answer = await client.delete(f"/users/me/listens/{items[number]['id']}", headers=mine)
        assert answer.status_code == 204, answer.text

    return delete


def heard_whole(listen, ended=timedelta(minutes=30)):
    return [listen(song, at=NOW - ended + timedelta(minutes=5 * at)) for at, song in enumerate(SONGS)]


@pytest.mark.parametrize("number", range(3))
async def test_an_album_of_which_a_play_is_deleted_is_taken_back_and_told_anew_once_it_is_heard_again(
    wren, tell, listen, blue, settle, take_back, announced, number
):
    await tell(*heard_whole(listen))
    await settle()
    await take_back(wren, number)
    await settle()
    await settle()
    gone = listen(SONGS[2 - number], at=NOW - timedelta(minutes=2))
    await tell(gone)
    await settle()
    told = await announced(AlbumCompleted)
    assert [each.withdrawn for each in told] == [False, True, False]
    assert len({(each.user_id, each.album_id) for each in told}) == 1
    assert told[0].version < told[1].version < told[2].version
    assert told[2].completed_at == NOW - timedelta(minutes=2)


async def test_an_album_stays_told_while_what_is_left_is_all_of_it(
    wren, tell, listen, blue, settle, take_back, announced
):
    await tell(*heard_whole(listen), *heard_whole(listen, timedelta(hours=2)))
    await settle()
    for _ in range(2):
        await take_back(wren, 0)
    await settle()
    assert [each.withdrawn for each in await announced(AlbumCompleted)] == [False]


async def test_a_track_that_counts_for_two_albums_takes_back_whichever_is_not_whole_any_more(
    stage, deliver, wren, tell, listen, blue, settle, take_back, announced
):
    async with stage.db.transaction() as tx:
        tracks = list((await tx.get(Album, blue)).tracks)
    single = uuid7()
    about = {"title": "Single", "artist": "Joni Mitchell", "artists": [], "year": 1971, "mbid": None}
    more = {"spotify_id": None, "cover_url": None, "updated_at": NOW, "genres": [], "tracks": tracks[:1]}
    await deliver(AlbumChanged(version=1, album_id=single, **about, **more))
    async with stage.db.transaction() as tx:
        tx.add(Completion(user_id=wren.user_id, album_id=single, version=1, completed_at=NOW, in_order=True))
    await tell(*heard_whole(listen))
    await settle()
    await take_back(wren, 2)
    await settle()
    gone = {each.album_id for each in await announced(AlbumCompleted) if each.withdrawn}
    assert gone == {blue, single}


async def test_what_nobody_can_have_heard_is_not_told_as_heard(tell, listen, blue, settle, announced):
    begun = datetime.combine(NOW.date() - timedelta(days=1), time(), UTC)
    noise = [listen(f"Song {each}", "Somebody", None, at=begun + timedelta(minutes=each)) for each in range(651)]
    await tell(*noise, *(listen(song, at=begun + timedelta(minutes=700 + 5 * at)) for at, song in enumerate(SONGS)))
    await settle()
    assert await announced(AlbumCompleted) == []


async def test_what_was_heard_whole_can_be_told_again_as_it_is(stage, tell, listen, blue, settle, wren, announced):
    await tell(*heard_whole(listen))
    await settle()
    assert await reannounce(stage.db, announcer, to="identity.note_completed") == 1
    first, again = await announced(AlbumCompleted)
    assert first == again


async def test_of_people_who_are_one_what_was_told_last_is_kept(
    stage, listener_of, tell, listen, blue, settle, deliver, announced
):
    old, ida = await listener_of("Old"), await listener_of("Ida")
    for whose, ended in ((ida, timedelta(hours=2)), (old, timedelta(minutes=30))):
        await tell(*heard_whole(listen, ended), whose=whose)
        await settle()
    _, last = await announced(AlbumCompleted)
    await deliver(UserMerged(user_id=old.user_id, survivor_id=ida.user_id, version=9))
    await settle()
    async with stage.db.transaction() as tx:
        (kept,) = (await tx.scalars(select(Completion))).all()
    assert (kept.user_id, kept.version, kept.completed_at) == (ida.user_id, last.version, last.completed_at)
    assert len(await announced(AlbumCompleted)) == 2


async def test_a_summary_names_the_genres_of_what_was_played(client, sign, wren, tell, listen, blue):
    await tell(listen(SONGS[0]), listen("Song", "Somebody", "Something", minutes=10))
    headers = sign("user", sub=str(wren.user_id))
    told = (await client.get("/users/me/summary?period=all", headers=headers)).json()
    assert told["top_genres"] == [{"genre": "folk", "share": 1.0}]
