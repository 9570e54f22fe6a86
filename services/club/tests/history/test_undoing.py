"""Undoing an import, through HTTP."""

import pytest

from contracts.phases import WeekChanged
from contracts.ratings import RatingGiven


@pytest.fixture
def undo(ask):
    async def back(made):
        answer = await ask("DELETE", f"/club/imports/{made['id']}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    return back


async def test_what_nobody_touched_since_goes(bring, undo, items, week):
    undone = await undo(await bring(items()))
    assert (undone["removed"], undone["kept"]) == (6, [])
    whole = await week()
    assert (whole["kind"], whole["winner"], whole["nominations"]) == ("skipped", None, [])
    assert whole["ratings"]["count"] == 0


async def test_whoever_keeps_copies_hears_of_it(bring, undo, items, announced):
    made = await bring(items())
    given = {each.user_id: each.version for each in await announced(RatingGiven)}
    await undo(made)
    last = (await announced(RatingGiven))[-2:]
    assert all(each.withdrawn and each.version > given[each.user_id] for each in last)
    week = (await announced(WeekChanged))[-1]
    assert (week.kind, week.winner_album_id) == ("skipped", None)


async def test_a_second_time_it_tells_the_same_and_changes_nothing(bring, undo, items, announced):
    made = await bring(items())
    first = await undo(made)
    before = len(await announced())
    assert await undo(made) == first
    assert len(await announced()) == before


async def test_what_was_changed_since_stays_and_is_named(bring, undo, items, ask, edited):
    made = await bring(items())
    await edited(items()[4], rating=1)
    undone = await undo(made)
    assert [(each["kind"], each["code"]) for each in undone["kept"]] == [
        ("week", "week_in_use"),
        ("rating", "changed_since"),
    ]
    assert all(each["reason"].endswith(".") and each["number"] == 3 for each in undone["kept"])
    listed = (await ask("GET", "/club/imports")).json()["items"]
    assert (listed[0]["kept"], listed[0]["undone_at"] is not None) == (2, True)


async def test_a_rating_with_a_diary_since_stays(bring, undo, items, ask, week):
    made = await bring(items())
    path = f"/club/weeks/{(await week())['id']}/ratings"
    assert (await ask("POST", path, {"user": items()[4]["user"], "rating": 1})).status_code == 200
    kept = (await undo(made))["kept"]
    assert {(each["kind"], each["code"]) for each in kept} == {("rating", "changed_since"), ("week", "week_in_use")}


async def test_a_week_that_was_changed_since_keeps_its_winner(bring, undo, items, ask, week):
    made = await bring(items())
    await ask("PATCH", f"/club/weeks/{(await week())['id']}", {"label": "The blue week"})
    kept = (await undo(made))["kept"]
    assert {(each["kind"], each["code"]) for each in kept} == {
        ("winner", "changed_since"),
        ("nomination", "winner_stays"),
        ("week", "changed_since"),
    }
    whole = await week()
    assert (whole["kind"], whole["winner"]["title"], len(whole["nominations"])) == ("album", "Blue", 1)


@pytest.mark.parametrize("to", ["voting", "discussing"])
async def test_a_nomination_that_was_voted_for_since_stays(bring, undo, items, ask, week, sign, to):
    made = await bring([item for item in items() if item["kind"] in {"week", "nomination"}])
    whole = await week()
    moved = await ask("POST", f"/club/weeks/{whole['id']}/advance", {"to": "voting"}, by=sign("admin"))
    assert moved.status_code == 200
    body = {"user": {"discord_id": "399999999999999999"}, "nomination_id": whole["nominations"][0]["id"], "rank": 1}
    assert (await ask("POST", f"/club/weeks/{whole['id']}/votes", body)).status_code == 200
    assert (await ask("POST", f"/club/weeks/{whole['id']}/advance", {"to": to})).status_code == 200
    kept = (await undo(made))["kept"]
    assert {(each["kind"], each["code"]) for each in kept} == {("nomination", "has_votes"), ("week", "changed_since")}


async def test_what_a_later_import_changed_goes_back_to_what_the_first_had_made(bring, undo, items, week):
    first = await bring(items())
    better = items(
        week={"date_discussion": "2025-11-25"},
        winner={"album": items()[2]["album"]},
        ida={"pitch": "Listen well."},
        cleo={"rating": 2},
    )
    second = await bring(better, source="sha256:2")
    assert second["counts"] == {"changed": 5, "same": 1}
    assert (await week())["winner"]["title"] == "Hejira"
    assert (await undo(second))["kept"] == []
    whole = await week()
    assert (whole["winner"]["title"], whole["date_discussion"]) == ("Blue", "2025-11-24")
    assert whole["nominations"][0]["pitch"] == "Listen."
    assert (whole["ratings"]["average"], whole["ratings"]["count"]) == (3.75, 2)
    assert (await undo(first))["kept"] == []
    assert (await week())["kind"] == "skipped"


async def test_what_a_later_import_changed_is_not_for_the_first_to_undo(bring, undo, items):
    first = await bring(items())
    await bring(items(cleo={"rating": 2}), source="sha256:2")
    kept = (await undo(first))["kept"]
    assert [(each["kind"], each["code"]) for each in kept] == [("week", "week_in_use"), ("rating", "changed_since")]


async def test_what_was_undone_can_be_imported_again(bring, undo, items, week, fates):
    first = await bring(items())
    await undo(first)
    again = await bring(items())
    assert fates(again) == ["made"] * 6
    assert again["id"] != first["id"]
    whole = await week()
    assert (whole["kind"], whole["phase"], len(whole["nominations"])) == ("album", "closed", 2)
    assert (whole["ratings"]["average"], whole["ratings"]["count"]) == (3.75, 2)
    assert (await undo(again))["kept"] == []


async def test_what_another_withdrew_since_is_not_brought_back(bring, items, ask, week, sign):
    await bring([item for item in items() if item["kind"] in {"week", "nomination"}])
    whole = await week()
    await ask("POST", f"/club/weeks/{whole['id']}/advance", {"to": "open"}, by=sign("admin"))
    gone = await ask("DELETE", f"/club/weeks/{whole['id']}/nominations/{whole['nominations'][0]['id']}")
    assert gone.status_code == 204
    answer = await bring(items()[1:2])
    assert answer["outcomes"][0]["code"] == "changed_since"


@pytest.mark.parametrize(("first", "kept"), [(0, ["week_in_use"]), (1, [])])
async def test_of_two_who_nominated_one_album_each_is_undone_by_itself(bring, undo, items, week, first, kept):
    whole = items(ben={"album": items()[1]["album"], "tags": {"genre": "folk"}})
    imports = [await bring(whole[:2]), await bring(whole[2:3], source="sha256:2")]
    (both,) = (await week())["nominations"]
    people = [both["nominator"], both["co_nominators"][0]["user"]]
    assert [each["code"] for each in (await undo(imports[first]))["kept"]] == kept
    (left,) = (await week())["nominations"]
    assert (left["nominator"], left["co_nominators"]) == (people[1 - first], [])
    assert (await undo(imports[1 - first]))["kept"] == []
    assert (await week())["nominations"] == []


async def test_a_long_import_is_undone_in_several_calls(bring, undo, items, ask, monkeypatch):
    monkeypatch.setattr("club.history.undoing.WEEKS", 1)
    made = await bring([*items(3), *items(4)])
    first = await undo(made)
    assert (first["removed"], first["left"], first["undone_at"]) == (6, 6, None)
    last = await undo(made)
    assert (last["removed"], last["left"]) == (12, 0)
    assert last["undone_at"] is not None
    assert await undo(made) == last


async def test_who_undid_it_and_what_went_is_in_the_audit(bring, undo, items, ask, sign):
    await undo(await bring(items()))
    entries = (await ask("GET", "/admin/audit?limit=100", by=sign("admin"))).json()["items"]
    done = [each["action"] for each in entries]
    assert {name: done.count(name) for name in dict.fromkeys(done)} == {
        "import.undone": 1,
        "week.changed": 3,
        "nomination.withdrawn": 2,
        "rating.withdrawn": 2,
        "import.written": 1,
        "rating.given": 2,
        "nomination.made": 2,
        "week.made": 1,
    }
    assert {each["reason"] for each in entries if each["action"] == "nomination.made"} == {"Import: Old threads"}


async def test_an_import_that_is_not_there_cannot_be_undone(ask, refusal):
    nowhere = "/club/imports/019ab6e1-1111-7111-8111-111111111111"
    assert refusal(await ask("DELETE", nowhere)) == (404, "no_such_import")
