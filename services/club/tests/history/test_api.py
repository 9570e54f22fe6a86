"""Bringing history in, through HTTP."""

import pytest
from sqlalchemy import func, select

from club.models import Album, Import, ImportItem, Member, Nomination, Rating, Week
from contracts.phases import WeekChanged
from contracts.ratings import RatingGiven


@pytest.fixture
def count(stage):
    async def rows(*tables):
        async with stage.db.transaction() as tx:
            return [await tx.scalar(select(func.count()).select_from(table)) for table in tables]

    return rows


async def test_a_week_of_old_threads_becomes_a_closed_week_with_all_that_was_said(bring, items, week, fates):
    assert fates(await bring(items())) == ["made"] * 6
    whole = await week()
    assert (whole["phase"], whole["label"]) == ("closed", "WEEK 003 [2025-11-24]")
    assert [(each["nominator"]["display_name"], each["album"]["title"]) for each in whole["nominations"]] == [
        ("Member 31", "Blue"),
        ("Member 32", "Hejira"),
    ]
    assert whole["winner"]["title"] == "Blue"
    assert whole["nominator"]["discord_id"] == "311111111111111111"
    assert (whole["ratings"]["average"], whole["ratings"]["count"]) == (3.75, 2)
    assert whole["votes"]["ballots"] == 0


async def test_what_was_said_is_dated_by_its_message_and_is_not_late(bring, items, ask, week):
    await bring(items())
    whole = await week()
    assert whole["created_at"] == "2025-11-24T00:00:00Z"
    assert whole["nominations"][0]["created_at"] == "2025-11-24T00:01:00Z"
    assert whole["nominations"][0]["ref"]["id"] == "1442300000000000001"
    ratings = (await ask("GET", f"/club/weeks/{whole['id']}/ratings")).json()["items"]
    assert {(each["created_at"], each["late"]) for each in ratings} == {
        ("2025-11-24T00:04:00Z", False),
        ("2025-11-24T00:05:00Z", False),
    }


async def test_it_is_announced_as_any_week_is(bring, items, announced):
    await bring(items())
    last = (await announced(WeekChanged))[-1]
    assert (last.number, last.phase, last.winner_album_id is not None) == (3, "closed", True)
    assert sorted(each.rating for each in await announced(RatingGiven)) == [6, 9]


async def test_no_result_is_made_up_where_no_ballots_are_known(bring, items, ask, week):
    await bring(items())
    result = (await ask("GET", f"/club/weeks/{(await week())['id']}/result")).json()
    assert "winner" not in result


async def test_the_same_again_changes_nothing(bring, items, announced, fates, count):
    first = await bring(items())
    before = len(await announced())
    again = await bring(items())
    assert fates(again) == ["same"] * 6
    assert again["id"] == first["id"]
    assert fates(await bring(items(), source="sha256:2")) == ["same"] * 6
    assert len(await announced()) == before
    assert await count(Import, ImportItem) == [1, 6]


async def test_a_rehearsal_tells_the_same_and_writes_nothing(stage, bring, items, announced, fates, count):
    answer = await bring(items(), dry_run=True)
    assert fates(answer) == ["made"] * 6
    assert (answer["id"], answer["counts"]) == (None, {"made": 6})
    assert await count(Week, Nomination, Rating, Import, ImportItem, Member, Album) == [0] * 7
    assert await announced() == []
    assert [each.asked for each in stage.app.state.neighbours.values()] == [[], []]


async def test_a_rehearsal_of_what_is_there_says_so(bring, items, fates):
    await bring(items())
    assert fates(await bring(items(cleo={"rating": 2}), dry_run=True)) == ["same"] * 4 + ["changed", "same"]


async def test_order_in_a_batch_does_not_matter(bring, items, fates):
    assert fates(await bring(items()[::-1])) == ["made"] * 6


async def test_what_was_imported_can_be_imported_better(bring, items, fates, ask, week):
    await bring(items())
    better = await bring(items(cleo={"rating": 2, "review": "Less so."}, ida={"pitch": "Listen well."}))
    assert fates(better) == ["same", "changed", "same", "same", "changed", "same"]
    whole = await week()
    assert {each["pitch"] for each in whole["nominations"]} == {"Listen.", "Listen well."}
    assert whole["ratings"]["average"] == 2.5


async def test_a_week_that_was_opened_here_is_left_as_it_is(bring, items, ask, week, fates):
    await ask("POST", "/club/weeks", {"number": 3, "date_discussion": "2025-11-24"})
    before = await week()
    answer = await bring(items())
    after = await week()
    assert fates(answer) == ["same", "conflict", "conflict", "conflict", "refused", "refused"]
    assert {each["code"] for each in answer["outcomes"]} == {None, "not_imported", "no_winner"}
    assert answer["id"] is None
    # Those who were named are known by now, and count as members.
    assert (before.pop("ratings")["count"], after.pop("ratings")["count"]) == (0, 0)
    assert after == before


async def test_another_day_of_a_week_that_was_opened_here_is_a_conflict(bring, items, ask):
    await ask("POST", "/club/weeks", {"number": 3, "date_discussion": "2025-12-01"})
    assert (await bring(items()[:1]))["outcomes"][0]["code"] == "not_imported"


async def test_what_already_stands_in_a_real_week_is_the_same(bring, items, ask, fates, said):
    made = (await ask("POST", "/club/weeks", {"number": 3, "date_discussion": "2025-11-24"})).json()
    for item in items()[1:3]:
        body = {name: item[name] for name in ("user", "album", "pitch")}
        await ask("POST", f"/club/weeks/{made['id']}/nominations", body)
    await ask("POST", f"/club/weeks/{made['id']}/winner", {"album": items()[1]["album"]})
    await ask("POST", f"/club/weeks/{made['id']}/ratings", {"user": items()[4]["user"], "rating": 4.5})
    assert fates(await bring(items())) == ["same"] * 5 + ["conflict"]


async def test_a_week_with_a_result_takes_no_history(bring, booth, items, fates):
    ida, *_ = booth.people
    await booth.cast(ida, booth.nominations[0])
    await booth.close()
    answer = await bring(items(7, winner={"album": items()[2]["album"]})[1:4])
    assert [each["code"] for each in answer["outcomes"]] == ["week_has_result"] * 3


async def test_what_somebody_changed_since_is_a_conflict(bring, items, ask, week, edited):
    await bring(items())
    whole = await week()
    await edited(items()[4], rating=1)
    await ask("PATCH", f"/club/weeks/{whole['id']}", {"date_discussion": "2025-11-25"})
    answer = await bring(items(cleo={"rating": 2}, winner={"album": items()[2]["album"]}))
    told = [(each["outcome"], each["code"]) for each in answer["outcomes"]]
    conflict = ("conflict", "changed_since")
    assert told == [conflict, ("same", None), ("same", None), conflict, conflict, ("same", None)]


async def test_of_a_batch_with_bad_items_the_others_are_kept_and_each_is_told(bring, items, said, week):
    good = items()
    bad = [
        {"kind": "rating", "number": 3, "user": good[4]["user"], "rating": 9, "provenance": said(8)},
        {"kind": "verdict", "number": 3},
        "nothing",
        {**good[1], "pitch": "half \ud83d a pair", "provenance": said(9)},
        {**good[1], "number": 4, "provenance": said(10)},
        {**good[1], "nominated": True},
        {**good[1], "provenance": said(11, at="2025-11-24T20:00:00")},
    ]
    answer = await bring([*bad, *good])
    refused = [each for each in answer["outcomes"] if each["outcome"] == "refused"]
    assert [(each["index"], each["code"]) for each in refused] == [
        (0, "not_readable"),
        (1, "not_readable"),
        (2, "not_readable"),
        (3, "not_readable"),
        (4, "no_such_week"),
        (5, "not_readable"),
        (6, "not_readable"),
    ]
    assert all(each["reason"] for each in refused)
    assert answer["counts"] == {"made": 6, "refused": 7}
    assert len((await week())["nominations"]) == 2


async def test_an_unknown_user_id_is_no_harm_to_the_others(bring, items, fates):
    nobody = "019ab6e1-1111-7111-8111-111111111111"
    answer = await bring(items(ida={"user": {"user_id": nobody}}))
    assert fates(answer) == ["made", "refused", "made", "made", "made", "made"]
    assert answer["outcomes"][1]["code"] == "no_such_member"


@pytest.mark.parametrize("number", [0, 1001])
async def test_a_batch_has_one_to_a_thousand_items(ask, items, refusal, number):
    body = {"name": "Old", "source": "x", "items": items()[:1] * number}
    assert refusal(await ask("POST", "/club/imports", body)) == (422, "invalid")


async def test_only_hosts_import_and_see_imports(bring, items, ask, sign, refusal):
    made = await bring(items())
    for method, path in [("GET", ""), ("GET", f"/{made['id']}"), ("DELETE", f"/{made['id']}")]:
        answer = await ask(method, f"/club/imports{path}", by=sign("user"))
        assert refusal(answer) == (403, "hosts_only")
    refused = await ask("POST", "/club/imports", {"name": "Old", "source": "x", "items": items()}, by=sign("user"))
    assert refusal(refused) == (403, "hosts_only")


async def test_an_import_tells_where_everything_was_read(bring, items, ask):
    made = await bring(items())
    whole = (await ask("GET", f"/club/imports/{made['id']}?limit=4")).json()
    assert whole["written"] == {"week": 1, "nomination": 2, "winner": 1, "rating": 2}
    rest = (await ask("GET", f"/club/imports/{made['id']}?cursor={whole['next_cursor']}")).json()
    told = whole["items"] + rest["items"]
    assert [each["kind"] for each in told] == ["week", "nomination", "nomination", "winner", "rating", "rating"]
    assert rest["next_cursor"] is None
    assert told[1]["key"] == told[1]["provenance"]["message_id"] == "1442300000000000001"
    assert (told[1]["provenance"]["author"], told[1]["confidence"]) == ("311111111111111111", 0.9)


async def test_imports_are_listed_newest_first_and_are_those_of_their_club(bring, items, ask, sign, refusal):
    await ask("PUT", "/clubs/other", {"name": "Other"}, by=sign("admin"))
    first = await bring(items())
    second = await bring(items(4), source="sha256:2")
    listed = (await ask("GET", "/club/imports")).json()["items"]
    assert [each["id"] for each in listed] == [second["id"], first["id"]]
    assert (await ask("GET", "/clubs/other/imports")).json()["items"] == []
    assert refusal(await ask("GET", f"/clubs/other/imports/{first['id']}")) == (404, "no_such_import")


async def test_each_club_has_a_week_of_the_number(bring, items, ask, sign, fates):
    await ask("PUT", "/clubs/other", {"name": "Other"}, by=sign("admin"))
    await bring(items())
    assert fates(await bring(items(), club="/clubs/other")) == ["made"] * 6


async def test_a_host_sees_who_said_it_only_as_far_as_members_see_ids(bring, items, ask, sign, club_of):
    (host,) = await club_of("Hanne")
    await ask("PUT", "/club/members", {"members": [{"user": {"user_id": str(host.user_id)}, "role": "host"}]})
    made = await bring(items(), by=sign("user", str(host.user_id)))
    seen = (await ask("GET", f"/club/imports/{made['id']}", by=sign("user", str(host.user_id)))).json()
    assert {each["provenance"]["author"] for each in seen["items"]} == {None}
