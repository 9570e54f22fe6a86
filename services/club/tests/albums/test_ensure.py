"""An album that the club sees for the first time, in a request that names it."""

from uuid import uuid4

import pytest
from sqlalchemy import func, select

from chassis.errors import NotFound, Unavailable
from chassis.testing import Scripted
from club.models import Album, Nomination
from contracts.catalog import AlbumChanged

SPOTIFY = "1vz94WpXDVYIEGja8cjFNa"
BLUE = {"title": "Blue", "artist": "Joni Mitchell", "year": 1971}


@pytest.fixture
def told():
    known = {"mbid": None, "spotify_id": SPOTIFY, "cover_url": None, "updated_at": "2025-11-24T12:00:00Z"}
    return AlbumChanged(
        version=3, album_id=uuid4(), artists=[{"id": uuid4(), "name": "Joni Mitchell"}], **BLUE, **known
    )


@pytest.fixture
def catalog(stage):
    """`catalog(…)`: what the catalogue answers from now on."""

    def answering(answers):
        stage.app.state.neighbours["catalog"] = scripted = Scripted(answers)
        return scripted

    return answering


@pytest.fixture
async def nominate(ask, club_of, a_week):
    week, (ida,) = await a_week(), await club_of("Ida")

    async def send(album):
        body = {"user": {"user_id": str(ida.user_id)}, "album": album}
        return await ask("POST", f"/club/weeks/{week}/nominations", body)

    return send


async def count(stage, table):
    async with stage.db.transaction() as tx:
        return await tx.scalar(select(func.count()).select_from(table))


async def test_a_new_album_is_asked_of_the_catalogue_once_however_it_is_typed_next(nominate, catalog, told):
    asked = catalog({"POST /internal/albums": told.model_dump(mode="json")}).asked
    again = [
        {"title": "BLUE (Remastered)", "artist": "joni mitchell"},
        {"title": "Bleu", "artist": "J. Mitchell", "spotify_id": SPOTIFY},
        {"title": "Bleu", "artist": "J. Mitchell", "url": f"https://open.spotify.com/album/{SPOTIFY}?si=1"},
        {"album_id": str(told.album_id)},
    ]
    answers = [await nominate(album) for album in (BLUE, *again)]
    assert [answer.status_code for answer in answers] == [201, 200, 200, 200, 200]
    assert {answer.json()["album"]["id"] for answer in answers} == {str(told.album_id)}
    assert asked == [("POST /internal/albums", BLUE)]


async def test_a_namesake_of_another_year_is_asked_for(nominate, catalog, record, told):
    await record("Blue", year=2021)
    asked = catalog({"POST /internal/albums": told.model_dump(mode="json")}).asked
    assert (await nominate(BLUE)).json()["album"]["id"] == str(told.album_id)
    assert len(asked) == 1


async def test_an_answer_of_the_catalogue_replaces_no_newer_copy(deliver, nominate, catalog, told):
    await deliver(told.model_copy(update={"version": 9, "title": "Blue, renamed"}))
    catalog({"POST /internal/albums": told.model_dump(mode="json")})
    assert (await nominate(BLUE)).json()["album"]["title"] == "Blue, renamed"


async def test_an_album_id_that_is_new_to_the_club_is_looked_up(nominate, catalog, told):
    asked = catalog({f"GET /internal/albums/{told.album_id}": told.model_dump(mode="json")}).asked
    for status in (201, 200):
        assert (await nominate({"album_id": str(told.album_id)})).status_code == status
    assert len(asked) == 1


async def test_an_album_id_of_nothing_is_refused_and_nothing_is_written(stage, nominate, catalog, refusal):
    nothing = uuid4()
    catalog({f"GET /internal/albums/{nothing}": NotFound()})
    assert refusal(await nominate({"album_id": str(nothing)})) == (404, "no_such_album")
    assert (await count(stage, Album), await count(stage, Nomination)) == (0, 0)


async def test_while_the_catalogue_is_away_new_albums_wait_and_nothing_is_written(stage, nominate, catalog, refusal):
    catalog({"POST /internal/albums": Unavailable()})
    answer = await nominate(BLUE)
    assert refusal(answer) == (503, "unavailable")
    assert int(answer.headers["retry-after"]) > 0
    assert (await count(stage, Album), await count(stage, Nomination)) == (0, 0)


async def test_while_the_catalogue_is_away_known_albums_are_nominated(nominate, catalog, record):
    catalog({"POST /internal/albums": Unavailable()})
    await record("Blue")
    assert (await nominate(BLUE)).status_code == 201
