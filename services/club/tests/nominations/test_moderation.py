"""What admins correct of nominations."""

from uuid import uuid4

import pytest

from chassis.errors import NotFound, Unavailable
from chassis.testing import Scripted
from contracts.catalog import AlbumChanged

SAID = {
    "pitch": "A river.",
    "pitch_track_url": "https://music.example/tracks/river",
    "tags": {"genre": "folk", "decade": "1970s", "country": "Canada"},
}


@pytest.fixture
def correct(ask, sign):
    """`await correct(nomination, pitch=None)`: an admin's correction, for a reason."""

    async def send(nomination_id, by=None, /, reason="Not what it is.", **changes):
        path = f"/admin/nominations/{nomination_id}"
        return await ask("PATCH", path, {"reason": reason} | changes, by=by or sign("admin"))

    return send


@pytest.fixture
def correct_all(ask, sign):
    async def send(*items, by=None, **more):
        body = {"items": items, "reason": "A joke that went on."} | more
        return await ask("PATCH", "/admin/nominations", body, by=by or sign("admin"))

    return send


@pytest.fixture
async def made(nominate, scene):
    week, ida, _, blue = scene
    return (await nominate(week, ida, blue, **SAID)).json()


def named(album):
    return {"album_id": str(album.album_id)}


async def test_what_is_given_changes_is_announced_and_recorded_with_its_reason(correct, made, told, audited):
    answer = await correct(made["id"], pitch=None, tags={"genre": "singer-songwriter", "country": None})
    assert answer.status_code == 200
    after = answer.json()
    assert (after["pitch"], after["pitch_track_url"]) == (None, SAID["pitch_track_url"])
    assert after["tags"] == {"genre": "singer-songwriter", "decade": "1970s", "country": None}
    last = (await told())[-1]
    assert (last.pitch, last.tags.genre, last.tags.country) == (None, "singer-songwriter", None)
    entry = (await audited(made["id"]))[0]
    assert (entry["action"], entry["actor_kind"]) == ("nomination.changed", "admin")
    assert entry["reason"] == "Not what it is."
    assert (entry["before"]["genre"], entry["after"]["genre"]) == ("folk", "singer-songwriter")


async def test_null_empties_what_there_is(correct, made):
    after = (await correct(made["id"], pitch=None, pitch_track_url=None, tags=None)).json()
    assert (after["pitch"], after["pitch_track_url"]) == (None, None)
    assert after["tags"] == {"genre": None, "decade": None, "country": None}


async def test_the_same_again_announces_and_records_nothing(correct, made, told, audited):
    for changes in ({"pitch": "A lake."}, {"pitch": "A lake."}, {}):
        assert (await correct(made["id"], **changes)).status_code == 200
    assert (len(await told()), len(await audited(made["id"]))) == (2, 2)


async def test_the_pitch_of_whoever_stands_beside_can_be_emptied(correct, nominate, scene, made, refusal):
    week, _, ben, blue = scene
    await nominate(week, ben, blue, pitch="!!!")
    after = (await correct(made["id"], pitch=None, user_id=str(ben.user_id))).json()
    assert (after["pitch"], after["co_nominators"][0]["pitch"]) == ("A river.", None)
    assert refusal(await correct(made["id"], pitch=None, user_id=str(uuid4()))) == (404, "not_nominator")


async def test_a_withdrawn_nomination_is_corrected_too(ask, correct, made, scene, nominate, told):
    week, ida, _, blue = scene
    await ask("DELETE", f"/club/weeks/{week}/nominations/{made['id']}")
    assert (await correct(made["id"], pitch=None)).status_code == 200
    assert (await told())[-1].withdrawn
    assert (await nominate(week, ida, blue)).json()["pitch"] is None


async def test_the_album_that_was_meant_takes_the_place_of_the_one_named(correct, made, record, scene, ask, vote):
    week, _, ben, _ = scene
    await vote(week, ben, made["id"])
    hejira = await record("Hejira", year=1976)
    after = (await correct(made["id"], album=named(hejira))).json()
    assert (after["id"], after["code"], after["album"]["title"]) == (made["id"], "A1", "Hejira")
    assert after["label"] == "Hejira — Joni Mitchell (1976)"
    (place,) = (await ask("GET", f"/club/weeks/{week}/votes/summary")).json()["items"]
    assert (place["album"]["title"], place["points"]) == ("Hejira", 2)


async def test_an_album_never_seen_is_asked_of_the_catalogue(stage, correct, made):
    about = {"year": 1971, "mbid": None, "spotify_id": None, "cover_url": None, "artists": []}
    told = {"version": 1, "album_id": str(uuid4()), "title": "Hejira", "artist": "Joni Mitchell", **about}
    answer = AlbumChanged.model_validate(told | {"updated_at": "2025-11-24T12:00:00Z"}).model_dump(mode="json")
    stage.app.state.neighbours["catalog"] = Scripted({"POST /internal/albums": answer})
    after = (await correct(made["id"], album={"title": "Hejira", "artist": "Joni Mitchell"})).json()
    assert after["album"]["id"] == told["album_id"]


async def test_an_album_that_others_nominated_or_a_week_that_is_decided_is_refused(
    ask, correct, made, nominate, record, scene, refusal, told
):
    week, _, ben, _ = scene
    hejira, mingus = await record("Hejira"), await record("Mingus")
    other = (await nominate(week, ben, hejira)).json()
    announced = len(await told())
    assert refusal(await correct(made["id"], album=named(hejira), pitch=None)) == (409, "already_nominated")
    await ask("POST", f"/club/weeks/{week}/winner", {"nomination_id": made["id"]})
    assert refusal(await correct(made["id"], album=named(mingus))) == (409, "album_settled")
    await ask("POST", f"/club/weeks/{week}/advance", {"to": "discussing"})
    assert refusal(await correct(other["id"], album=named(mingus))) == (409, "album_settled")
    assert len(await told()) == announced
    assert (await correct(made["id"], album=named(scene[3]), pitch="Still.")).json()["pitch"] == "Still."


async def test_an_album_that_was_withdrawn_does_not_stand_in_the_way(ask, correct, made, nominate, record, scene):
    week, _, ben, _ = scene
    hejira = await record("Hejira")
    other = (await nominate(week, ben, hejira)).json()
    await ask("DELETE", f"/club/weeks/{week}/nominations/{other['id']}")
    assert (await correct(made["id"], album=named(hejira))).status_code == 200
    assert (await nominate(week, ben, hejira)).json()["id"] == made["id"]


@pytest.mark.parametrize("kind", ["bot", "user", "worker", "anonymous"])
async def test_only_admins_correct(correct, correct_all, made, sign, refusal, kind, told):
    expected = (401, "unauthenticated") if kind == "anonymous" else (403, "admins_only")
    assert refusal(await correct(made["id"], sign(kind), pitch=None)) == expected
    assert refusal(await correct_all({"id": made["id"], "pitch": None}, by=sign(kind))) == expected
    assert len(await told()) == 1


@pytest.mark.parametrize(
    "wrong",
    [{"reason": " "}, {"reason": None}, {"album": None}, {"pitch": "\0"}, {"tags": {"mood": "blue"}}, {"code": "B1"}],
)
async def test_what_cannot_be_is_refused(correct, made, refusal, wrong, told):
    assert refusal(await correct(made["id"], **({"pitch": None} | wrong))) == (422, "invalid")
    assert len(await told()) == 1


async def test_where_there_is_no_nomination_nothing_is_corrected(correct, refusal):
    assert refusal(await correct(uuid4(), pitch=None)) == (404, "no_such_nomination")


async def test_one_bad_item_of_a_batch_costs_no_other(stage, correct_all, made, nominate, record, scene, told, listed):
    week, _, ben, _ = scene
    other = (await nominate(week, ben, await record("Hejira"), pitch="Cold.")).json()
    mingus, missing, unknown = await record("Mingus"), str(uuid4()), str(uuid4())
    stage.app.state.neighbours["catalog"] = Scripted({f"GET /internal/albums/{unknown}": NotFound()})
    items = [
        {"id": made["id"], "pitch": None},
        {"id": missing, "pitch": None},
        {"id": made["id"], "tags": None, "album": {"album_id": other["album"]["id"]}},
        {"id": other["id"], "album": {"album_id": unknown}},
        {"id": "no id", "pitch": None},
        {"id": other["id"], "pitch": 7},
        "nothing",
        {"id": made["id"], "user_id": str(ben.user_id), "pitch": None},
        {"id": other["id"], "album": named(mingus), "pitch": None},
    ]
    answer = await correct_all(*items)
    assert answer.status_code == 200
    told_of = [(each["index"], each["id"], each["status"], each["code"]) for each in answer.json()["items"]]
    assert told_of == [
        (0, made["id"], 200, None),
        (1, missing, 404, "no_such_nomination"),
        (2, made["id"], 409, "already_nominated"),
        (3, other["id"], 404, "no_such_album"),
        (4, "no id", 422, "invalid"),
        (5, other["id"], 422, "invalid"),
        (6, "", 422, "invalid"),
        (7, made["id"], 404, "not_nominator"),
        (8, other["id"], 200, None),
    ]
    assert all(each["detail"] for each in answer.json()["items"] if each["code"])
    after = {each["album"]["title"]: each for each in await listed(week)}
    assert {title: each["pitch"] for title, each in after.items()} == {"Blue": None, "Mingus": None}
    assert after["Blue"]["tags"] == SAID["tags"]
    assert len(await told()) == 4


async def test_a_batch_is_of_one_to_a_hundred_and_has_a_reason(correct_all, made, refusal, told):
    item = {"id": made["id"], "pitch": None}
    for answer in (await correct_all(), await correct_all(*[item] * 101), await correct_all(item, reason=None)):
        assert refusal(answer) == (422, "invalid")
    assert len(await told()) == 1
    answer = await correct_all(*[item] * 100)
    assert [each["status"] for each in answer.json()["items"]] == [200] * 100
    assert len(await told()) == 2


async def test_while_the_catalogue_is_away_a_batch_that_needs_it_changes_nothing(
    stage, correct_all, made, refusal, told
):
    asked = {"POST /internal/albums": Unavailable()}
    stage.app.state.neighbours["catalog"] = Scripted(asked)
    items = [{"id": made["id"], "pitch": None}, {"id": made["id"], "album": {"title": "Court", "artist": "Spark"}}]
    assert refusal(await correct_all(*items)) == (503, "unavailable")
    assert len(await told()) == 1
