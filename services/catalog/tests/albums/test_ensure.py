"""Ensuring albums over HTTP: the one that is meant, made once."""

import json
from uuid import UUID, uuid4

import pytest

from contracts.catalog import AlbumChanged

MBID = "b84ee12a-09ef-421b-82de-0441a926375b"
SPOTIFY, EDITION = "7D2NdGvBHIavgLhmcwhluK", "1vz94WpXDVYIEGja8cjFNa"


async def test_an_album_is_made_at_once_from_what_was_typed(ensure):
    answer = await ensure("Blue", "Joni Mitchell", year=1971)
    assert answer.status_code == 201
    album = answer.json()
    assert UUID(album["id"]).version == 7
    (credit,) = album.pop("artists")
    assert credit["name"] == "Joni Mitchell"
    assert album == {
        "id": album["id"],
        "title": "Blue",
        "artist": "Joni Mitchell",
        "year": 1971,
        "mbid": None,
        "spotify_id": None,
        "cover_url": None,
    }


async def test_the_same_again_is_the_same_album_and_is_not_announced_again(ensure, announced):
    first, again = await ensure(year=1971), await ensure(year=1971)
    assert (again.status_code, again.json()) == (200, first.json())
    (event,) = await announced(AlbumChanged)
    assert (str(event.album_id), event.title, event.year) == (first.json()["id"], "Blue", 1971)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Homogenic", "Björk"), ("homogenic", "Bjork")),
        (("Rumours", "Fleetwood Mac"), ("Rumours (Super Deluxe Edition)", "Fleetwood Mac")),
        (("Rumours [2004 Remaster]", "Fleetwood Mac"), ("Rumours - Deluxe", "Fleetwood Mac")),
        (("Bookends", "Simon & Garfunkel"), ("Bookends", "Simon and Garfunkel")),
        (("Abbey Road", "The Beatles"), ("Abbey Road", "Beatles")),
        (("High Voltage", "AC/DC"), ("High Voltage", "ACDC")),
        (("IGOR", "Tyler, The Creator"), ("Igor", "Tyler the Creator")),
        (("彷徨", "小椋 佳"), ("彷徨", "小椋佳")),
        (("!!!", "!!!"), ("!!!", "!!!")),
    ],
)
async def test_two_spellings_and_two_editions_are_one_album(ensure, one, other):
    assert (await ensure(*one)).json()["id"] == (await ensure(*other)).json()["id"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Blue", "Joni Mitchell"), ("Blue Lines", "Massive Attack")),
        (("Blue", "Massive Attack"), ("Blue Lines", "Massive Attack")),
        (("Real Life", "Magazine"), ("Real Life", "Joan as Police Woman")),
        (("IGOR", "Tyler, The Creator"), ("IGOR", "Tyler")),
        (("÷", "Ed Sheeran"), ("+", "Ed Sheeran")),
        (("Live at Leeds", "The Who"), ("Live at Leeds (Live)", "The Who")),
    ],
)
async def test_two_albums_stay_two(ensure, one, other):
    assert (await ensure(*one)).json()["id"] != (await ensure(*other)).json()["id"]


async def test_a_missing_year_is_filled_and_a_year_apart_is_the_same(ensure, announced):
    first = (await ensure()).json()
    dated = (await ensure(year=1971)).json()
    assert dated == first | {"year": 1971}
    assert (await ensure(year=1972)).json() == dated
    assert [event.year for event in await announced(AlbumChanged)] == [None, 1971]


async def test_years_further_apart_are_different_albums(ensure):
    blue, green = (
        (await ensure("Weezer", "Weezer", year=1994)).json(),
        (await ensure("Weezer", "Weezer", year=2001)).json(),
    )
    assert blue["id"] != green["id"]
    undated = await ensure("Weezer", "Weezer")
    assert undated.status_code == 201
    assert (await ensure("Weezer", "Weezer")).json() == undated.json()


async def test_an_external_id_names_the_album_whatever_it_is_called(ensure):
    album = (await ensure(mbid=MBID, spotify_id=SPOTIFY)).json()
    assert (await ensure("Bleu", "J. Mitchell", mbid=MBID)).json() == album
    assert (await ensure("Bleu", "J. Mitchell", spotify_id=SPOTIFY)).json() == album
    assert (await ensure("Bleu", "J. Mitchell", url=f"https://open.spotify.com/album/{SPOTIFY}")).json() == album
    assert (await ensure("Bleu", "J. Mitchell", url=f"https://musicbrainz.org/release-group/{MBID}")).json() == album


async def test_gaps_are_filled_and_what_is_known_stays(ensure, announced):
    await ensure(spotify_id=SPOTIFY)
    cover = "https://example.com/blue.jpg"
    filled = (await ensure(mbid=MBID, spotify_id=EDITION, year=1971, cover_url=cover)).json()
    assert (filled["mbid"], filled["spotify_id"], filled["year"], filled["cover_url"]) == (MBID, SPOTIFY, 1971, cover)
    assert (await ensure(cover_url="https://example.com/other.jpg")).json() == filled
    first, second = await announced(AlbumChanged)
    assert second.version > first.version


async def test_two_links_of_one_album_end_as_one(ensure):
    one = await ensure(url=f"spotify:album:{SPOTIFY}")
    other = await ensure("Blue (Deluxe)", url=f"spotify:album:{EDITION}")
    assert one.json()["id"] == other.json()["id"]


async def test_two_release_groups_of_one_name_are_two_albums(ensure):
    one = await ensure("Peter Gabriel", "Peter Gabriel", year=1977, mbid=str(uuid4()))
    other = await ensure("Peter Gabriel", "Peter Gabriel", year=1978, mbid=str(uuid4()))
    assert (other.status_code, other.json()["id"] != one.json()["id"]) == (201, True)


async def test_of_two_albums_that_the_ids_name_the_one_of_musicbrainz_is_meant(ensure):
    one = (await ensure("Blue", mbid=MBID)).json()
    other = (await ensure("Hejira", spotify_id=SPOTIFY)).json()
    assert (await ensure("Court and Spark", mbid=MBID, spotify_id=SPOTIFY)).json() == one
    assert (await ensure("Hejira", spotify_id=SPOTIFY)).json() == other


async def test_an_artist_is_shared_by_albums_under_the_name_that_each_gives(ensure, client, sign):
    one, other = (await ensure("Debut", "Björk")).json(), (await ensure("Post", "Bjork")).json()
    assert one["artists"][0]["id"] == other["artists"][0]["id"]
    assert (one["artist"], other["artist"]) == ("Björk", "Bjork")
    artist = await client.get(f"/music/artists/{one['artists'][0]['id']}", headers=sign("anonymous"))
    assert artist.json()["name"] == "Björk"


async def test_a_link_to_somewhere_else_is_taken_and_left_aside(ensure):
    assert (await ensure(url="https://jonimitchell.bandcamp.com/album/blue")).status_code == 201


async def test_the_longest_names_are_kept(ensure):
    # U+FDFA folds to eighteen characters: the key is longer than a row of a btree.
    assert (await ensure("\ufdfa" * 500, "\U00020bb7" * 500)).status_code == 201
    assert (await ensure("\ufdfa" * 500, "\U00020bb7" * 500)).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"title": "Blue"},
        {"title": "Blue", "artist": ""},
        {"title": " \u3000 ", "artist": "Joni Mitchell"},
        {"title": "Bl\0ue", "artist": "Joni Mitchell"},
        {"title": "Bl\ud800ue", "artist": "Joni Mitchell"},
        {"title": "B" * 501, "artist": "Joni Mitchell"},
        {"title": 7, "artist": "Joni Mitchell"},
        {"title": ["Blue"], "artist": "Joni Mitchell"},
        {"title": "Blue", "artist": "Joni Mitchell", "label": "Reprise"},
        {"title": "Blue", "artist": "Joni Mitchell", "year": 971},
        {"title": "Blue", "artist": "Joni Mitchell", "year": 10**30},
        {"title": "Blue", "artist": "Joni Mitchell", "year": "soon"},
        {"title": "Blue", "artist": "Joni Mitchell", "mbid": "b84ee12a"},
        {"title": "Blue", "artist": "Joni Mitchell", "spotify_id": "spotify:album:x"},
        {"title": "Blue", "artist": "Joni Mitchell", "url": "javascript:alert(1)"},
        {"title": "Blue", "artist": "Joni Mitchell", "cover_url": "https://exa mple.com"},
        {"title": "Blue", "artist": "Joni Mitchell", "cover_url": "https://e.com/" + "x" * 2048},
        [],
        "Blue",
        None,
    ],
)
async def test_what_describes_no_album_is_refused(client, sign, body):
    # Escaped, so that half a surrogate pair can travel.
    headers = sign() | {"Content-Type": "application/json"}
    answer = await client.post("/music/albums", content=json.dumps(body), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("kind", ["anonymous", "user", "worker"])
async def test_only_a_key_with_the_scope_ensures_albums(client, sign, kind):
    body = {"title": "Blue", "artist": "Joni Mitchell"}
    answer = await client.post("/music/albums", json=body, headers=sign(kind))
    assert (answer.status_code, answer.json()["code"]) == (403, "not_for_you")
    assert (await client.post("/music/albums", json=body)).status_code == 401
