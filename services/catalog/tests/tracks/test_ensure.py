"""Tracks ensured by what players call them."""

from uuid import UUID

import pytest
from sqlalchemy import event, func, select

from catalog.models import Artist, MessyTrack, Track
from catalog.tracks.announcer import announcer
from contracts.naming import messy_track_id
from contracts.tracks import TrackMapped


def triple(artist="Joni Mitchell", track="A Case of You", **more):
    return {"artist": artist, "track": track, **more}


@pytest.fixture
def ensure(client, sign):
    async def items(*triples, kind="bot"):
        answer = await client.post("/music/tracks/ensure", json={"items": triples}, headers=sign(kind))
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]

    return items


@pytest.fixture
def count(stage):
    async def rows(table):
        async with stage.db.transaction() as tx:
            return await tx.scalar(select(func.count()).select_from(table))

    return rows


async def test_a_track_is_made_and_is_the_same_again(ensure, announced, client, sign):
    (first,) = await ensure(triple(album="Blue", duration_ms=262_000))
    assert first == {
        "index": 0,
        "code": None,
        "detail": None,
        "messy_id": str(messy_track_id("Joni Mitchell", "A Case of You", "Blue")),
        "track_id": first["track_id"],
        "album_id": None,
    }
    assert await ensure(triple(album="Blue", duration_ms=1)) == [first]
    track = (await client.get(f"/music/tracks/{first['track_id']}", headers=sign("anonymous"))).json()
    assert (track["title"], track["artist"], track["duration_ms"]) == ("A Case of You", "Joni Mitchell", 262_000)
    (told,) = await announced(TrackMapped)
    assert (str(told.messy_id), str(told.track_id)) == (first["messy_id"], first["track_id"])
    assert [str(artist) for artist in told.artist_ids] == [track["artists"][0]["id"]]


@pytest.mark.parametrize(
    "other",
    [
        triple("joni mitchell", "a case of you"),
        triple(track="A Case of You (2021 Remaster)"),
        triple(track="A Case of You - Remastered"),
        triple(album="Hits"),
    ],
)
async def test_spellings_and_editions_are_one_recording(ensure, other):
    one, same = await ensure(triple(), other)
    assert one["track_id"] == same["track_id"]


@pytest.mark.parametrize(
    "other",
    [
        triple(track="A Case of You (Live)"),
        triple(track="A Case of You (Four Tet Remix)"),
        triple("Prince"),
        triple("Joni"),
        triple(track="A Case"),
    ],
)
async def test_another_take_and_another_artist_are_another_recording(ensure, other):
    one, another = await ensure(triple(), other)
    assert one["track_id"] != another["track_id"]


async def test_artists_are_shared_with_albums(ensure, client, sign, count):
    album = await client.post("/music/albums", json={"title": "Blue", "artist": "Joni Mitchell"}, headers=sign())
    (track,) = await ensure(triple(album="Blue (Deluxe Edition)"))
    assert track["album_id"] == album.json()["id"]
    await ensure(triple("The Joni Mitchell", "Carey"))
    assert await count(Artist) == 1


async def test_of_two_albums_of_one_name_none_is_guessed(ensure, client, sign):
    for year in (1994, 2001):
        await client.post("/music/albums", json={"title": "Weezer", "artist": "Weezer", "year": year}, headers=sign())
    (track,) = await ensure(triple("Weezer", "Hash Pipe", album="Weezer"))
    assert track["album_id"] is None


async def test_one_bad_item_costs_no_other(ensure, count):
    bad = [
        triple(track=""),
        "A Case of You",
        triple(track="a\0b"),
        triple(duration_ms=-1),
        triple(label="Reprise"),
        None,
    ]
    answers = await ensure(triple(), *bad, triple(track="Carey"))
    assert [answer["index"] for answer in answers] == [*range(8)]
    assert [answer["code"] for answer in answers] == [None, *["invalid"] * 6, None]
    assert all(answer["detail"] and answer["track_id"] is None for answer in answers[1:-1])
    assert await count(Track) == 2


@pytest.mark.parametrize("lengths", [(262_000, None), (None, 262_000)])
async def test_a_new_track_is_as_long_as_any_of_its_batch_says(lengths, ensure, client, sign):
    one, other = lengths
    single, album = await ensure(triple(duration_ms=one), triple(album="Blue", duration_ms=other))
    assert single["track_id"] == album["track_id"]
    told = await client.get(f"/music/tracks/{single['track_id']}", headers=sign("anonymous"))
    assert told.json()["duration_ms"] == 262_000


async def test_a_length_that_was_missing_is_filled_once(ensure, client, sign):
    await ensure(triple())
    (track,) = await ensure(triple(album="Blue", duration_ms=262_000))
    await ensure(triple(album="Hits", duration_ms=1000))
    told = await client.get(f"/music/tracks/{track['track_id']}", headers=sign("anonymous"))
    assert told.json()["duration_ms"] == 262_000


async def test_a_thousand_cost_as_many_statements_as_one(ensure, stage, count):
    spoken = []

    def listen(_connection, _cursor, statement, *_):
        spoken.append(statement)

    async with stage.db.transaction() as tx:
        engine = (await tx.connection()).sync_connection.engine
    event.listen(engine, "before_cursor_execute", listen)
    await ensure(triple(track="The first", album="One"))
    few = len(spoken)
    await ensure(
        *(triple(f"Artist {n % 300}", f"Song {n}", album=f"Album {n % 90}", duration_ms=n) for n in range(1, 1001))
    )
    many = len(spoken) - few
    assert many <= few + 6, spoken[few:]
    assert (await count(Track), await count(MessyTrack)) == (1001, 1001)


async def test_what_was_mapped_can_be_said_again(ensure, stage):
    (item,) = await ensure(triple())
    async with stage.db.transaction() as tx:
        rows = (await tx.scalars(select(MessyTrack))).all()
        (told,) = await announcer.state(tx, rows)
    assert (told.messy_id, told.track_id) == (UUID(item["messy_id"]), UUID(item["track_id"]))


@pytest.mark.parametrize(
    ("kind", "status"), [("anonymous", 401), ("user", 403), ("worker", 403), ("bot", 200), ("service", 200)]
)
async def test_only_services_and_keys_with_the_scope_ensure_tracks(client, sign, kind, status):
    answer = await client.post("/music/tracks/ensure", json={"items": [triple()]}, headers=sign(kind))
    assert answer.status_code == status


@pytest.mark.parametrize("body", [{}, {"items": []}, {"items": [triple()] * 1001}, {"items": triple()}])
async def test_what_is_no_batch_is_refused(client, sign, body):
    assert (await client.post("/music/tracks/ensure", json=body, headers=sign())).status_code == 422
