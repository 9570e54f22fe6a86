"""Searching over HTTP."""

import pytest
from sqlalchemy import select
from uuid_utils.compat import uuid7

from catalog.models import Artist, Track, TrackArtist, Word
from contracts.naming import album_key, match_artist, search_text

SHELF = [
    ("Blue", "Joni Mitchell"),
    ("Blue Lines", "Massive Attack"),
    ("Kind of Blue", "Miles Davis"),
    ("Homogenic", "Björk"),
    ("Nevermind", "Nirvana"),
    ("OK Computer", "Radiohead"),
    ("÷", "Ed Sheeran"),
    ("!!!", "!!!"),
    ("彷徨", "小椋 佳"),
    ("100% Pure", "Somebody"),
    ("1000 Pure", "Somebody"),
]


@pytest.fixture
async def shelf(client, sign):
    for title, artist in SHELF:
        await client.post("/music/albums", json={"title": title, "artist": artist}, headers=sign())


@pytest.fixture
def search(client, sign, shelf):
    async def titles(q, **more):
        answer = await client.get("/music/search", params={"q": q, **more}, headers=sign("anonymous"))
        assert answer.status_code == 200
        return [item.get("title") or item["name"] for item in answer.json()["items"]]

    return titles


async def test_the_album_of_that_name_comes_first(search):
    found = await search("blue")
    assert found[0] == "Blue"
    assert set(found) >= {"Blue", "Blue Lines", "Kind of Blue"}


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("bjork", "Homogenic"),
        ("BJÖRK homogenic", "Homogenic"),
        ("nevermnd", "Nevermind"),
        ("Radiohaed", "OK Computer"),
        ("nirvana nevermind", "Nevermind"),
        ("homog", "Homogenic"),
        ("kindof blue", "Kind of Blue"),
        ("kind ofblue miles", "Kind of Blue"),
        ("never mind nirvana", "Nevermind"),
        ("nevrmnd", "Nevermind"),
        ("bleu lines", "Blue Lines"),
        ("vermind", "Nevermind"),
        ("blue mitchell jny", "Blue"),
        ("mass line", "Blue Lines"),
        ("massive att", "Blue Lines"),
        ("÷", "÷"),
        ("!!!", "!!!"),
        ("小椋佳", "彷徨"),
        ("100%", "100% Pure"),
    ],
)
async def test_accents_slips_and_unfinished_words_are_understood(search, query, title):
    assert (await search(query))[0] == title


@pytest.mark.parametrize("query", ["zzzzzz", "%", "_", "\\", "'; drop table albums; --", "\u200b", "\u0301"])
async def test_what_nothing_matches_finds_nothing(search, query):
    assert await search(query) == []


async def test_a_word_is_learned_with_the_name_that_has_it(stage, client, sign, search):
    assert await search("hejria") == []
    await client.post("/music/albums", json={"title": "Hejira", "artist": "Joni Mitchell"}, headers=sign())
    assert await search("hejria") == ["Hejira"]
    async with stage.db.transaction() as tx:
        known = (await tx.scalars(select(Word.word).where(Word.word.in_(["hejira", "mitchell"])))).all()
    assert sorted(known) == ["hejira", "mitchell"]


async def test_pages_follow_each_other_without_gap_or_repeat(client, sign, shelf):
    params, pages = {"q": "blue", "limit": 1}, []
    while params.get("cursor", "") is not None:
        page = (await client.get("/music/search", params=params, headers=sign("anonymous"))).json()
        pages += [item["title"] for item in page["items"]]
        params["cursor"] = page["next_cursor"]
    assert (pages[0], len(pages), len(set(pages))) == ("Blue", 3, 3)


async def test_artists_are_found_by_name(search):
    assert (await search("bjork", type="artist"))[0] == "Björk"


async def test_tracks_are_found_and_read(stage, client, sign):
    artist, track = uuid7(), uuid7()
    async with stage.db.transaction() as tx:
        named = {"match_key": match_artist("Björk"), "search": search_text("Björk")}
        tx.add(Artist(id=artist, name="Björk", version=1, **named))
        await tx.flush()
        placed = {"match_key": album_key("Jóga", "Björk"), "search": search_text("Jóga", "Björk")}
        line = [TrackArtist(position=0, artist_id=artist, name="Björk")]
        tx.add(Track(id=track, title="Jóga", artist="Björk", duration_ms=305_000, version=1, credits=line, **placed))
    told = (await client.get(f"/music/tracks/{track}", headers=sign("anonymous"))).json()
    hit = {
        "id": str(track),
        "title": "Jóga",
        "album_id": None,
        "artist": "Björk",
        "artists": [{"id": str(artist), "name": "Björk"}],
        "duration_ms": 305_000,
        "mbid": None,
        "spotify_id": None,
    }
    assert told == hit | {"placements": [], "features": None}
    found = await client.get("/music/search", params={"q": "joga", "type": "track"}, headers=sign("anonymous"))
    assert found.json() == {"items": [hit], "next_cursor": None, "remote": None, "away": None}


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"q": ""},
        {"q": "   "},
        {"q": "a\0b"},
        {"q": "a" * 201},
        {"q": "blue", "type": "label"},
        {"q": "blue", "limit": 0},
        {"q": "blue", "limit": 101},
        {"q": "blue", "limit": "many"},
        {"q": "blue", "cursor": "here"},
        {"q": "blue", "cursor": "WyJhIl0"},
    ],
)
async def test_a_search_for_nothing_is_refused(client, sign, params):
    answer = await client.get("/music/search", params=params, headers=sign("anonymous"))
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_search_needs_a_signed_caller(client):
    assert (await client.get("/music/search", params={"q": "blue"})).status_code == 401
