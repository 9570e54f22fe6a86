"""What an album answers once sources were asked, and before."""

from uuid import uuid4

import httpx2
import pytest

from catalog.enrichment.findings import Sources
from catalog.enrichment.work import enrich_next


@pytest.fixture
async def bot(app, db, sign):
    wire = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=wire, base_url="http://sidetrack", headers=sign()) as client:
        yield client


@pytest.fixture
def read(bot, db, settings):
    """`await read(title, artist)`: the album's answer once it was enriched."""

    async def ensured(title, artist):
        made = (await bot.post("/music/albums", json={"title": title, "artist": artist})).json()
        sources = Sources(db, settings)
        while await enrich_next(db, sources, settings):
            pass
        return (await bot.get(f"/music/albums/{made['id']}")).json()

    return ensured


async def test_an_album_that_nobody_was_asked_about_answers_what_was_typed(bot):
    made = (await bot.post("/music/albums", json={"title": "Blue", "artist": "Joni Mitchell"})).json()
    told = (await bot.get(f"/music/albums/{made['id']}")).json()
    assert told.items() >= made.items()
    assert (told["tracks"], told["genres"], told["editions"], told["covers"]) == ([], [], [], None)
    listed = (await bot.get(f"/music/albums/{made['id']}/tracks")).json()
    assert listed == {"album_id": made["id"], "edition": None, "tracks": []}


async def test_an_album_answers_its_tracklist_genres_covers_and_editions(read, bot, albums):
    told = await read("Blue", "Joni Mitchell")
    assert [track["title"] for track in told["tracks"]] == list(albums[0].tracklist)
    assert [genre["name"] for genre in told["genres"]] == ["folk", "singer-songwriter"]
    assert [tag["name"] for tag in told["tags"]] == ["1970s"]
    assert told["covers"]["large"].endswith(f"{albums[0].mbid}/front-1200")
    assert [edition["representative"] for edition in told["editions"]] == [True, False, False]
    # Of one that is only known to be of that year it is not known to be earlier.
    assert [edition["released"] for edition in told["editions"]] == ["1971-06-22", "1971", "1991-03"]
    assert (told["year"], told["first_release"], told["kind"]) == (1971, "1971-06-22", "Album")
    listed = (await bot.get(f"/music/albums/{told['id']}/tracks")).json()
    assert listed["tracks"] == told["tracks"]
    (representative,) = [edition for edition in told["editions"] if edition["representative"]]
    assert listed["edition"] == representative["mbid"]
    track = (await bot.get(f"/music/tracks/{told['tracks'][0]['id']}")).json()
    assert (track["title"], track["album_id"]) == ("All I Want", told["id"])


async def test_credits_are_the_line_once_they_are_joined(read, bot):
    told = await read("The Velvet Underground & Nico", "The Velvet Underground & Nico")
    assert "".join(part["name"] + part["join_phrase"] for part in told["credits"]) == "The Velvet Underground & Nico"
    artist = (await bot.get(f"/music/artists/{told['credits'][0]['id']}")).json()
    assert (artist["name"], artist["sort_name"]) == ("The Velvet Underground", "Velvet Underground, The")


async def test_where_the_archive_has_no_cover_spotifys_is_shown_in_every_size(read, shelf):
    shelf.fronts.clear()
    told = await read("Blue", "Joni Mitchell")
    assert set(told["covers"].values()) == {told["cover_url"]}
    assert told["cover_url"].startswith("https://i.scdn.co/image/")


async def test_where_nobody_has_a_cover_there_is_none(read, shelf):
    shelf.fronts.clear()
    shelf.on_spotify.clear()
    told = await read("Blue", "Joni Mitchell")
    assert (told["covers"], told["cover_url"]) == (None, None)


async def test_of_an_album_that_is_not_there_nothing_is_listed(bot):
    assert (await bot.get(f"/music/albums/{uuid4()}/tracks")).status_code == 404
