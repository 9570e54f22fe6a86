"""Albums that come from another deployment with the ids they have there."""

from uuid import uuid4

import pytest
from sqlalchemy import func, select

from catalog.models import Album, Artist
from chassis.audit import Audited
from contracts.catalog import AlbumChanged

MBID = "5b11f4ce-a62d-471e-81fc-a69a8278c7da"


def album(title="Blue", artist="Joni Mitchell", year=1971, **more):
    credit = {"id": str(uuid4()), "name": artist}
    return {"id": str(uuid4()), "title": title, "artist": artist, "artists": [credit], "year": year} | more


@pytest.fixture
def adopt(client, sign):
    async def send(*albums, kind="service", **more):
        return await client.post("/internal/albums/adopt", json={"albums": albums, **more}, headers=sign(kind))

    return send


@pytest.fixture
def count(stage):
    async def rows(table=Album):
        async with stage.db.transaction() as tx:
            return await tx.scalar(select(func.count()).select_from(table))

    return rows


async def test_they_keep_their_ids_and_are_announced_and_audited_once(adopt, announced, stage, ensure):
    blue, hejira = album(), album("Hejira", year=1976)
    told = (await adopt(blue, hejira)).json()["albums"]
    assert [each["album_id"] for each in told] == [blue["id"], hejira["id"]]
    assert (await adopt(blue, hejira)).json()["albums"] == told
    assert {str(event.album_id) for event in await announced(AlbumChanged)} == {blue["id"], hejira["id"]}
    async with stage.db.transaction() as tx:
        entries = (await tx.scalars(select(Audited))).all()
    assert sorted((entry.action, entry.subject_id) for entry in entries) == sorted(
        ("album.adopted", each["id"]) for each in (blue, hejira)
    )
    found = await ensure("Blue", year=1971)
    assert (found.status_code, found.json()["id"]) == (200, blue["id"])


async def test_artists_keep_their_ids_unless_their_name_is_known(adopt, ensure, count):
    known = (await ensure("Hejira", year=1976)).json()["artists"][0]
    blue, voodoo = album(), album("Voodoo", "D'Angelo", 2000)
    first, second = (each["artists"] for each in (await adopt(blue, voodoo)).json()["albums"])
    assert first[0]["id"] == known["id"]
    assert second == voodoo["artists"]
    assert await count(Artist) == 2


async def test_a_line_of_several_artists_comes_whole(adopt):
    line = [{"id": str(uuid4()), "name": name} for name in ("Robert Plant", "Alison Krauss")]
    raising = album("Raising Sand", "Robert Plant & Alison Krauss", 2007, artists=line)
    (told,) = (await adopt(raising)).json()["albums"]
    assert (told["artist"], told["artists"]) == ("Robert Plant & Alison Krauss", line)


async def test_the_cover_that_the_catalogue_names_by_itself_is_nobody_s(adopt, change):
    front = f"https://coverartarchive.org/release-group/{MBID}/front-500"
    (told,) = (await adopt(album(mbid=MBID, cover_url=front))).json()["albums"]
    assert told["cover_url"] == front
    assert (await change({"id": told["album_id"]}, mbid=None)).json()["cover_url"] is None


@pytest.mark.parametrize(
    "there",
    [{}, {"year": None}, {"title": "Other", "mbid": MBID}, {"title": "Other", "spotify_id": "7D2NdGvBHIavgLhmcwhluK"}],
    ids=["by name and year", "by name alone", "by release group", "by Spotify"],
)
async def test_what_is_another_album_here_is_refused_by_name_and_none_is_adopted(adopt, ensure, count, there):
    made = (await ensure(**{"title": "Blue", "year": 1971} | there)).json()
    blue = album(**{name: there[name] for name in ("mbid", "spotify_id") if name in there})
    for more in ({}, {"only_ask": True}):
        answer = await adopt(album("Hejira", year=1976), blue, **more)
        assert (answer.status_code, answer.json()["code"]) == (409, "another_album")
        assert blue["id"] in answer.json()["detail"]
        assert made["id"] in answer.json()["detail"]
    assert await count() == 1


async def test_two_of_a_name_that_come_together_stay_two(adopt, count):
    both = album(), album(year=None)
    assert (await adopt(*both)).status_code == 200
    assert (await adopt(*both)).status_code == 200
    assert await count() == 2


async def test_two_with_one_external_id_are_refused(adopt, count):
    assert (await adopt(album(mbid=MBID), album("Hejira", mbid=MBID))).status_code == 409
    assert await count() == 0


async def test_what_is_known_stays_as_it_is(adopt):
    blue = album()
    known = (await adopt(blue)).json()["albums"]
    assert (await adopt(blue | {"title": "Red", "year": 2001})).json()["albums"] == known


async def test_asking_only_makes_nothing(adopt, count):
    assert (await adopt(album(), only_ask=True)).json() == {"albums": []}
    assert await count() == await count(Artist) == 0


@pytest.mark.parametrize("kind", ["anonymous", "user", "bot", "worker", "admin"])
async def test_only_services_adopt(adopt, count, kind):
    assert (await adopt(album(), kind=kind)).status_code == 403
    assert await count() == 0


@pytest.mark.parametrize("albums", [[], [{}], [album(artists=[])], [album(sneaky=1)], [album(year="1971")]])
async def test_what_is_no_list_of_albums_is_refused(adopt, albums):
    assert (await adopt(*albums)).status_code == 422


async def test_the_id_of_another_albums_edition_makes_it_that_album(adopt, ensure):
    first, edition = "7D2NdGvBHIavgLhmcwhluK", "1vz94WpXDVYIEGja8cjFNa"
    await ensure("Blue", spotify_id=first)
    await ensure("Blue", spotify_id=edition)
    refused = await adopt(album("Hejira", spotify_id=edition))
    assert (refused.status_code, refused.json()["code"]) == (409, "another_album")


async def test_they_are_found_by_the_ids_they_came_with(adopt, ensure):
    blue = album(mbid=MBID)
    await adopt(blue)
    assert (await ensure("Bleu", "J. Mitchell", mbid=MBID)).json()["id"] == blue["id"]
