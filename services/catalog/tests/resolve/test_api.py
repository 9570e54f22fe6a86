"""Resolving over HTTP."""

from uuid import uuid4

import pytest
from sqlalchemy import func, select

from catalog.models import Album, Artist, ExternalId, PieceAlias
from contracts.naming import album_key, match_artist

MBID, RELEASE, SPOTIFY = str(uuid4()), str(uuid4()), "7D2NdGvBHIavgLhmcwhluK"


@pytest.fixture
def ensure(client, sign):
    async def made(title="Blue", artist="Joni Mitchell", **more):
        body = {"title": title, "artist": artist, **more}
        return (await client.post("/music/albums", json=body, headers=sign())).json()

    return made


@pytest.fixture
def resolve(client, sign):
    async def items(**question):
        answer = await client.post("/music/resolve", json=question, headers=sign("anonymous"))
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]

    return items


async def test_the_album_that_is_meant_comes_first_and_says_why(ensure, resolve):
    blue = await ensure(year=1971)
    await ensure("Blue Lines", "Massive Attack", year=1991)
    first = (await resolve(text="Joni Mitchell - Blue (1971)"))[0]
    assert first == {"album": blue, "confidence": 1.0, "matched": ["title", "artist", "year"], "differs": []}
    other = (await resolve(title="Blue", artist="Massive Attack"))[0]
    assert (other["confidence"] < 0.8, len(other["differs"])) == (True, 1)


async def test_two_albums_of_one_title_stay_two(ensure, resolve):
    one, other = await ensure("Real Life", "Magazine"), await ensure("Real Life", "Joan as Police Woman")
    for album in (one, other):
        items = await resolve(title="real life", artist=album["artist"])
        assert [item["album"]["id"] for item in items if item["confidence"] >= 0.8] == [album["id"]]


@pytest.mark.parametrize(
    "question",
    [
        {"mbid": MBID},
        {"mbid": RELEASE},
        {"spotify_id": SPOTIFY},
        {"url": f"https://open.spotify.com/album/{SPOTIFY}?si=1"},
        {"text": f"this one (https://musicbrainz.org/release-group/{MBID})"},
        {"title": "Something else", "artist": "Somebody", "mbid": MBID},
    ],
)
async def test_an_id_of_any_edition_leaves_no_doubt(ensure, resolve, stage, question):
    blue = await ensure(mbid=MBID, spotify_id=SPOTIFY)
    async with stage.db.transaction() as tx:
        for source, value in (("musicbrainz", MBID), ("musicbrainz-release", RELEASE), ("spotify", SPOTIFY)):
            row = await tx.get(ExternalId, ("album", source, value, blue["id"]))
            if row is None:
                tx.add(ExternalId(kind="album", source=source, value=value, piece_id=blue["id"]))
    first = (await resolve(**question))[0]
    assert (first["album"]["id"], first["confidence"]) == (blue["id"], 1.0)
    assert {"mbid", "spotify_id", "url"} & set(first["matched"])


async def test_other_names_are_known(ensure, resolve, stage):
    white = await ensure("The Beatles", "The Beatles", year=1968)
    async with stage.db.transaction() as tx:
        key = album_key("The White Album", "The Beatles")
        tx.add(PieceAlias(kind="album", piece_id=white["id"], name="The White Album", source="test", match_key=key))
        artist, name = white["artists"][0]["id"], "The Fab Four"
        tx.add(PieceAlias(kind="artist", piece_id=artist, name=name, source="test", match_key=match_artist(name)))
    for question in ({"text": "white album - the beatles"}, {"title": "The Beatles", "artist": "the fab four"}):
        first = (await resolve(**question))[0]
        assert (first["album"]["id"], first["confidence"]) == (white["id"], 1.0)


async def test_nothing_is_written(ensure, resolve, stage):
    await resolve(text="Nobody knows - this (1999)", url="https://example.com/album")
    async with stage.db.transaction() as tx:
        for table in (Album, Artist, ExternalId):
            assert await tx.scalar(select(func.count()).select_from(table)) == 0


@pytest.mark.parametrize("text", ["!", "÷", "- - - - - - - - - -", "a" * 2000, "\u202e\u200b", "1971", "( )", "%_\\"])
async def test_odd_texts_are_answered(ensure, resolve, text):
    await ensure()
    assert isinstance(await resolve(text=text), list)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"artist": "Joni Mitchell"},
        {"year": 1971},
        {"text": "Blue", "title": "Blue"},
        {"text": " "},
        {"text": "a" * 2001},
        {"title": "Blue", "mbid": "b84ee12a"},
        {"title": "Blue", "label": "Reprise"},
    ],
)
async def test_what_asks_nothing_is_refused(client, sign, body):
    answer = await client.post("/music/resolve", json=body, headers=sign("anonymous"))
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


async def test_a_question_needs_a_signed_caller(client):
    assert (await client.post("/music/resolve", json={"text": "Blue"})).status_code == 401
