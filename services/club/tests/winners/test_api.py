"""Deciding the winner over HTTP."""

from uuid import uuid4

import pytest

from chassis.errors import NotFound
from chassis.testing import Scripted


@pytest.fixture
def nominate(ask):
    async def send(week, person, album):
        body = {"user": {"user_id": str(person.user_id)}, "album": {"album_id": str(album.album_id)}}
        return (await ask("POST", f"/club/weeks/{week}/nominations", body)).json()["id"]

    return send


@pytest.fixture
def decide(ask):
    async def send(week, by=None, **choice):
        return await ask("POST", f"/club/weeks/{week}/winner", choice, by=by)

    return send


async def test_a_nomination_wins_and_the_whole_week_is_answered(ask, decide, nominate, club_of, record, a_week):
    (ida,), blue, week = await club_of("Ida"), await record("Blue"), await a_week()
    answer = await decide(week, nomination_id=await nominate(week, ida, blue))
    told = answer.json()
    assert answer.status_code == 200
    assert (told["winner"]["title"], told["winner_album_id"]) == ("Blue", str(blue.album_id))
    assert told["nominator"]["display_name"] == "Ida"
    assert told == (await ask("GET", f"/club/weeks/{week}")).json()


async def test_deciding_the_same_again_changes_nothing(decide, nominate, club_of, record, a_week):
    (ida, ben), blue, week = await club_of("Ida", "Ben"), await record("Blue"), await a_week()
    await nominate(week, ida, blue)
    second = await nominate(week, ben, blue)
    first = await decide(week, nomination_id=second)
    by_album = {"album": {"album_id": str(blue.album_id)}}
    for choice in ({"nomination_id": second}, by_album):
        assert (await decide(week, **choice)).json() == first.json()


async def test_an_album_wins_for_who_nominated_it_first(ask, decide, nominate, club_of, record, a_week):
    (ida, ben, cleo), blue, week = await club_of("Ida", "Ben", "Cleo"), await record("Blue"), await a_week()
    withdrawn = await nominate(week, cleo, blue)
    await ask("DELETE", f"/club/weeks/{week}/nominations/{withdrawn}")
    for person in (ida, ben):
        await nominate(week, person, blue)
    told = (await decide(week, album={"title": "blue", "artist": "joni mitchell"})).json()
    assert told["nominator"]["display_name"] == "Ida"


async def test_of_two_albums_of_one_name_the_nominated_one_wins(decide, nominate, club_of, record, a_week):
    (ida,), week = await club_of("Ida"), await a_week()
    await record("Weezer", "Weezer", 1994)
    green = await record("Weezer", "Weezer", 2001)
    await nominate(week, ida, green)
    told = (await decide(week, album={"title": "Weezer", "artist": "Weezer"})).json()
    assert told["winner_album_id"] == str(green.album_id)


async def test_an_album_nobody_nominated_wins_for_nobody(decide, record, a_week):
    blue, week = await record("Blue"), await a_week()
    told = (await decide(week, album={"album_id": str(blue.album_id)})).json()
    assert (told["winner"]["title"], told["nominator"]) == ("Blue", None)


async def test_an_album_seen_for_the_first_time_is_asked_of_the_catalogue(stage, decide, record, a_week):
    blue, week = await record("Blue"), await a_week()
    told = blue.model_copy(update={"album_id": uuid4(), "title": "Hejira", "year": 1976})
    catalog = Scripted({"POST /internal/albums": told.model_dump(mode="json")})
    stage.app.state.neighbours["catalog"] = catalog
    answer = await decide(week, album={"title": "Hejira", "artist": "Joni Mitchell"})
    assert answer.json()["winner"]["title"] == "Hejira"
    assert catalog.asked == [("POST /internal/albums", {"title": "Hejira", "artist": "Joni Mitchell"})]


async def test_a_decision_can_be_overruled(decide, nominate, club_of, record, a_week):
    (ida, ben), blue, hejira = await club_of("Ida", "Ben"), await record("Blue"), await record("Hejira", year=1976)
    week = await a_week()
    await decide(week, nomination_id=await nominate(week, ida, blue))
    told = (await decide(week, nomination_id=await nominate(week, ben, hejira))).json()
    assert (told["winner"]["title"], told["nominator"]["display_name"]) == ("Hejira", "Ben")


async def test_what_is_withdrawn_or_of_another_week_cannot_win(ask, decide, nominate, club_of, record, a_week, refusal):
    (ida,), blue, week, other = await club_of("Ida"), await record("Blue"), await a_week(3), await a_week(4)
    withdrawn, elsewhere = await nominate(week, ida, blue), await nominate(other, ida, blue)
    await ask("DELETE", f"/club/weeks/{week}/nominations/{withdrawn}")
    assert refusal(await decide(week, nomination_id=withdrawn)) == (409, "nomination_withdrawn")
    assert refusal(await decide(week, nomination_id=elsewhere)) == (404, "not_nominated")
    assert refusal(await decide(week, nomination_id=str(uuid4()))) == (404, "not_nominated")
    assert (await ask("GET", f"/club/weeks/{week}")).json()["winner"] is None


async def test_an_album_or_a_week_that_is_not_there_is_refused(stage, decide, record, a_week, refusal):
    blue, week = await record("Blue"), await a_week()
    album = str(uuid4())
    stage.app.state.neighbours["catalog"] = Scripted({f"GET /internal/albums/{album}": NotFound()})
    assert refusal(await decide(week, album={"album_id": album})) == (404, "no_such_album")
    assert refusal(await decide(uuid4(), album={"album_id": str(blue.album_id)})) == (404, "no_such_week")


async def test_only_hosts_decide(ask, sign, decide, record, a_week, refusal):
    blue, week = await record("Blue"), await a_week()
    for by, *expected in (
        (sign("anonymous"), 401, "unauthenticated"),
        (sign("user"), 403, "hosts_only"),
        (sign("bot", scopes=[]), 403, "hosts_only"),
    ):
        answer = await decide(week, by=by, album={"title": "Unheard", "artist": "Of"})
        assert refusal(answer) == tuple(expected)
    assert (await ask("GET", f"/club/weeks/{week}")).json()["winner"] is None
    assert (await decide(week, by=sign("admin"), album={"album_id": str(blue.album_id)})).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"nomination_id": "x"},
        {"nomination_id": str(uuid4()), "album": {"album_id": str(uuid4())}},
        {"album": {"title": "a\0b", "artist": "c"}},
        {"album": {"title": "Blue"}},
        {"winner": 1},
    ],
)
async def test_what_names_no_winner_is_refused(decide, refusal, a_week, wrong):
    assert refusal(await decide(await a_week(), **wrong)) == (422, "invalid")
