"""Ensuring albums over HTTP: the one that is meant, made once."""

import json
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from catalog.external_ids import claim
from catalog.models import ExternalId, PieceAlias
from contracts.catalog import AlbumChanged
from contracts.naming import album_key

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


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("http://coverartarchive.org/release/1/front", "https://coverartarchive.org/release/1/front"),
        ("http://ia800.us.archive.org/1/blue.jpg", "https://ia800.us.archive.org/1/blue.jpg"),
        ("http://i.scdn.co/image/1", "https://i.scdn.co/image/1"),
        ("http://example.org/coverartarchive.org/1.jpg", "http://example.org/coverartarchive.org/1.jpg"),
        ("http://coverartarchive.org.example/1.jpg", "http://coverartarchive.org.example/1.jpg"),
    ],
)
async def test_a_cover_is_shown_by_https_where_it_is_known_to_be_there(ensure, given, kept):
    assert (await ensure(cover_url=given)).json()["cover_url"] == kept


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
    assert (answer.status_code, answer.json()["code"]) == (
        (401, "unauthenticated") if kind == "anonymous" else (403, "not_for_you")
    )
    assert (await client.post("/music/albums", json=body)).status_code == 401


@pytest.fixture
def known_as(stage):
    """`known_as(album)`: the ids elsewhere that the album has, sorted."""

    async def ids(album):
        async with stage.db.transaction() as tx:
            rows = await tx.scalars(select(ExternalId).where(ExternalId.piece_id == UUID(album["id"])))
            return sorted((row.source, row.value) for row in rows)

    return ids


async def test_the_ids_of_a_second_link_are_the_albums_too(ensure, known_as):
    album = (await ensure(url=f"spotify:album:{SPOTIFY}")).json()
    assert (await ensure("Blue (Remastered)", url=f"spotify:album:{EDITION}")).json() == album
    assert await known_as(album) == [("spotify", EDITION), ("spotify", SPOTIFY)]
    # By now the edition is enough, whatever it is called.
    assert (await ensure("Bleu", "J. Mitchell", spotify_id=EDITION)).json() == album


async def test_a_release_of_musicbrainz_is_the_album_and_no_release_group(ensure, known_as, stage):
    album, release = (await ensure()).json(), str(uuid4())
    async with stage.db.transaction() as tx:
        await claim(tx, "album", UUID(album["id"]), [("musicbrainz-release", release)])
    assert (await ensure("Bleu", "J. Mitchell", mbid=release)).json() == album
    assert await known_as(album) == [("musicbrainz-release", release)]


async def test_an_album_has_one_release_group(ensure, known_as):
    album = (await ensure(mbid=MBID, spotify_id=SPOTIFY)).json()
    assert (await ensure(mbid=str(uuid4()), spotify_id=SPOTIFY)).json() == album
    assert await known_as(album) == [("musicbrainz", MBID), ("spotify", SPOTIFY)]


async def test_what_another_album_has_stays_with_it(ensure, known_as):
    blue, hejira = (await ensure("Blue", mbid=MBID)).json(), (await ensure("Hejira", spotify_id=SPOTIFY)).json()
    await ensure("Blue", mbid=MBID, spotify_id=SPOTIFY)
    assert (await known_as(blue), await known_as(hejira)) == ([("musicbrainz", MBID)], [("spotify", SPOTIFY)])


async def test_an_id_that_was_replaced_names_the_album_no_more(ensure, change, known_as):
    album = (await ensure(mbid=MBID, spotify_id=SPOTIFY)).json()
    await change(album, mbid=(other := str(uuid4())), spotify_id=None)
    assert await known_as(album) == [("musicbrainz", other)]
    assert (await ensure("Hejira", mbid=MBID, spotify_id=SPOTIFY)).status_code == 201
    assert (await change(album, spotify_id=SPOTIFY)).status_code == 409


async def test_the_id_of_another_albums_edition_is_taken(ensure, change):
    await ensure(spotify_id=SPOTIFY)
    await ensure(spotify_id=EDITION)
    hejira = (await ensure("Hejira")).json()
    assert (await change(hejira, spotify_id=EDITION)).json()["code"] == "external_id_taken"


async def test_another_name_of_the_album_is_the_album(ensure, stage):
    white = (await ensure("The Beatles", "The Beatles", year=1968)).json()
    key = album_key("The White Album", "The Beatles")
    async with stage.db.transaction() as tx:
        tx.add(PieceAlias(kind="album", piece_id=UUID(white["id"]), name="White", source="test", match_key=key))
    assert (await ensure("White Album", "Beatles", year=1968)).json() == white


async def test_a_slip_is_asked_about_and_never_taken(ensure):
    assert (await ensure("Nevermind", "Nirvana")).json() != (await ensure("Nevermnd", "Nirvana")).json()
