"""Reading and changing albums over HTTP, and what neighbours are told."""

from uuid import uuid4

import pytest

from contracts.catalog import AlbumChanged

MBID = "b84ee12a-09ef-421b-82de-0441a926375b"
SPOTIFY = "7D2NdGvBHIavgLhmcwhluK"


async def test_everyone_reads_an_album(ensure, client, sign):
    album = (await ensure()).json()
    answer = await client.get(f"/music/albums/{album['id']}", headers=sign("anonymous"))
    assert answer.status_code == 200
    assert answer.json().items() >= album.items()


@pytest.mark.parametrize("what", ["albums", "artists", "tracks"])
async def test_an_unknown_id_is_not_found_and_no_id_is_invalid(client, sign, what):
    answer = await client.get(f"/music/{what}/{uuid4()}", headers=sign("anonymous"))
    assert (answer.status_code, answer.json()["code"]) == (404, f"unknown_{what.removesuffix('s')}")
    assert (await client.get(f"/music/{what}/blue", headers=sign("anonymous"))).status_code == 422


async def test_only_what_is_given_changes(ensure, change, announced):
    album = (await ensure(year=1971, mbid=MBID)).json()
    answer = await change(album, title="Blue (Sessions)", year=None)
    assert (answer.status_code, answer.json()) == (200, album | {"title": "Blue (Sessions)", "year": None})
    first, second = await announced(AlbumChanged)
    assert (second.title, second.year, str(second.mbid)) == ("Blue (Sessions)", None, MBID)
    assert second.version > first.version
    assert second.updated_at >= first.updated_at


async def test_a_change_that_changes_nothing_announces_nothing(ensure, change, announced):
    album = (await ensure(year=1971)).json()
    assert (await change(album, title="Blue", year=1971)).json() == album
    assert (await change(album)).json() == album
    assert len(await announced(AlbumChanged)) == 1


async def test_an_album_is_found_by_the_name_it_was_given_last(ensure, change):
    album = (await ensure("Bleu", "Joni")).json()
    await change(album, title="Blue", artist="Joni Mitchell")
    assert (await ensure("Blue", "Joni Mitchell")).json()["id"] == album["id"]
    assert (await ensure("Bleu", "Joni")).json()["id"] != album["id"]


async def test_another_artist_is_another_credit(ensure, change):
    album = (await ensure("Blue", "Joni")).json()
    changed = (await change(album, artist="Joni Mitchell")).json()
    (credit,) = changed["artists"]
    assert (credit["name"], credit["id"] != album["artists"][0]["id"]) == ("Joni Mitchell", True)


async def test_an_id_of_another_album_is_not_given_twice(ensure, change):
    await ensure("Hejira", mbid=MBID, spotify_id=SPOTIFY)
    album = (await ensure("Blue")).json()
    for taken in ({"mbid": MBID}, {"spotify_id": SPOTIFY}):
        answer = await change(album, **taken)
        assert (answer.status_code, answer.json()["code"]) == (409, "external_id_taken")


async def test_a_cover_that_nobody_gave_is_the_release_groups(ensure, change):
    album = (await ensure(mbid=MBID)).json()
    archived = f"https://coverartarchive.org/release-group/{MBID}/front-500"
    assert album["cover_url"] == archived
    assert (await change(album, cover_url="https://example.com/blue.jpg")).json()["cover_url"].endswith("blue.jpg")
    assert (await change(album, cover_url=None)).json()["cover_url"] == archived


@pytest.mark.parametrize(
    "changes",
    [
        {"title": None},
        {"artist": None},
        {"title": ""},
        {"title": "Bl\0ue"},
        {"title": "B" * 501},
        {"year": 3000},
        {"mbid": "x"},
        {"spotify_id": "x"},
        {"cover_url": "ftp://example.com"},
        {"url": "https://example.com"},
        [],
    ],
)
async def test_a_change_that_says_no_album_is_refused(ensure, client, sign, changes):
    album = (await ensure()).json()
    answer = await client.patch(f"/music/albums/{album['id']}", json=changes, headers=sign())
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


@pytest.mark.parametrize("kind", ["anonymous", "user", "worker"])
async def test_only_a_key_with_the_scope_changes_albums(ensure, client, sign, kind):
    album = (await ensure()).json()
    answer = await client.patch(f"/music/albums/{album['id']}", json={"year": 1}, headers=sign(kind))
    assert answer.status_code == (401 if kind == "anonymous" else 403)


async def test_what_is_not_there_is_not_changed(change):
    assert (await change({"id": uuid4()}, year=1971)).status_code == 404


async def test_a_neighbour_ensures_and_reads_albums_as_they_are_announced(client, sign, announced):
    body = {"title": "Blue", "artist": "Joni Mitchell", "mbid": MBID}
    service = sign("service", "club")
    ensured = (await client.post("/internal/albums", json=body, headers=service)).json()
    (event,) = await announced(AlbumChanged)
    assert AlbumChanged.model_validate(ensured) == event
    assert (await client.get(f"/internal/albums/{event.album_id}", headers=service)).json() == ensured
    assert (await client.get(f"/internal/albums/{uuid4()}", headers=service)).status_code == 404


async def test_nobody_but_a_neighbour_uses_the_door_of_the_neighbours(client, sign):
    body = {"title": "Blue", "artist": "Joni Mitchell"}
    assert (await client.post("/internal/albums", json=body, headers=sign("admin"))).status_code == 403
    assert (await client.get(f"/internal/albums/{uuid4()}", headers=sign())).status_code == 403
