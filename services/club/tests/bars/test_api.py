"""Bars over HTTP."""

from uuid import uuid4

import pytest

from chassis.testing import Scripted


@pytest.fixture
def admin(sign):
    return sign("admin")


@pytest.fixture
def bar(ask, admin):
    async def put(person, club="/club", by=None, **said):
        body = {"reason": "Voted under two names."} | said
        return await ask("PUT", f"{club}/bars/{person.user_id}", body, by=by or admin)

    return put


async def test_who_is_barred_cannot_vote_by_either_door_until_the_bar_is_lifted(booth, ask, admin, bar, refusal):
    ida, blue = booth.people[0], booth.nominations[0]
    told = await bar(ida)
    assert (told.status_code, told.json()["from"], told.json()["user"]["display_name"]) == (200, ["vote"], "Ida")
    vote = {"user": {"user_id": str(ida.user_id)}, "nomination_id": blue, "rank": 1}
    assert refusal(await booth.cast(ida, blue)) == (403, "barred")
    assert refusal(await ask("POST", f"{booth.week}/votes", vote)) == (403, "barred")
    assert (await ask("DELETE", f"/club/bars/{ida.user_id}", by=admin)).status_code == 204
    assert (await booth.cast(ida, blue)).status_code == 200


async def test_a_bar_from_voting_leaves_nominating_and_rating_alone(booth, ask, bar, record):
    ida, body = booth.people[0], {"album": {"album_id": str((await record("Court and Spark")).album_id)}}
    await bar(ida)
    body["user"] = {"user_id": str(ida.user_id)}
    assert (await ask("POST", f"{booth.week}/nominations", body)).status_code == 201


async def test_a_bar_names_what_it_is_from(booth, ask, bar, refusal, record):
    ida = booth.people[0]
    user = {"user": {"user_id": str(ida.user_id)}}
    assert (await bar(ida, **{"from": ["rate", "nominate", "rate"]})).json()["from"] == ["nominate", "rate"]
    album = {"album": {"album_id": str((await record("Court and Spark")).album_id)}}
    assert refusal(await ask("POST", f"{booth.week}/nominations", user | album)) == (403, "barred")
    assert (await booth.cast(ida, booth.nominations[0])).status_code == 200
    await ask("POST", f"{booth.week}/winner", {"nomination_id": booth.nominations[0]})
    assert refusal(await ask("POST", f"{booth.week}/ratings", user | {"rating": 4})) == (403, "barred")


async def test_a_bar_holds_in_its_club_alone(booth, ask, admin, bar):
    await ask("PUT", "/clubs/other", {}, by=admin)
    await bar(booth.people[0], club="/clubs/other")
    assert (await booth.cast(booth.people[0], booth.nominations[0])).status_code == 200
    assert (await ask("GET", "/club/bars", by=admin)).json()["items"] == []


async def test_several_are_barred_at_once_and_a_stranger_costs_the_others_nothing(stage, booth, ask, admin):
    users = [{"user_id": str(each.user_id)} for each in booth.people]
    stranger = {"user_id": str(uuid4())}
    stage.app.state.neighbours["identity"] = Scripted({"POST /internal/users/meet": {"users": [None]}})
    bars = [{"user": user, "reason": "Voted twice."} for user in (stranger, *users)]
    nobody, *told = (await ask("POST", "/club/bars", {"bars": bars}, by=admin)).json()["items"]
    assert (nobody["index"], nobody["bar"], nobody["code"]) == (0, None, "no_such_member")
    assert [each["bar"]["user"]["display_name"] for each in told] == ["Ida", "Ben", "Cleo"]
    listed = (await ask("GET", "/club/bars?limit=2", by=admin)).json()
    rest = (await ask("GET", f"/club/bars?limit=2&cursor={listed['next_cursor']}", by=admin)).json()
    assert (len(listed["items"]), len(rest["items"]), rest["next_cursor"]) == (2, 1, None)
    lifted = (await ask("POST", "/club/bars/lift", {"users": users[:2], "reason": "Settled."}, by=admin)).json()
    assert ([each["display_name"] for each in lifted["users"]], lifted["reason"]) == (["Ida", "Ben"], "Settled.")
    left = (await ask("GET", "/club/bars", by=admin)).json()["items"]
    assert [each["user"]["display_name"] for each in left] == ["Cleo"]


@pytest.mark.parametrize("kind", ["bot", "user", "anonymous"])
async def test_only_admins_bar_and_look(booth, ask, sign, bar, refusal, kind):
    code = (401, "unauthenticated") if kind == "anonymous" else (403, "admins_only")
    assert refusal(await bar(booth.people[0], by=sign(kind))) == code
    assert refusal(await ask("GET", "/club/bars", by=sign(kind))) == code
    assert refusal(await ask("DELETE", f"/club/bars/{booth.people[0].user_id}", by=sign(kind))) == code


@pytest.mark.parametrize("said", [{"reason": ""}, {"reason": None}, {"from": []}, {"from": ["sing"]}, {"until": 1}])
async def test_a_bar_that_says_nothing_clear_is_refused(booth, bar, refusal, said):
    assert refusal(await bar(booth.people[0], **said)) == (422, "invalid")
