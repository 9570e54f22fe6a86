"""Making and changing weeks over HTTP."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import func, select, update

from chassis.errors import NotFound
from chassis.testing import Scripted
from club.models import Week
from club.weeks.rules import default_label
from club.weeks.store import label

WEEKS = "/club/weeks"
POLL = {"provider": "discord", "kind": "poll", "id": "1442", "guild_id": "11"}
WHOLE = {"number": 3, "label": "The blue week", "date_discussion": "2025-11-24", "refs": [POLL]}


@pytest.fixture
def made(ask):
    async def make(**carried):
        answer = await ask("POST", WEEKS, {"number": 3} | carried)
        assert answer.status_code == 201
        return answer.json()

    return make


async def weeks_there(stage):
    async with stage.db.transaction() as tx:
        return await tx.scalar(select(func.count()).select_from(Week))


async def test_a_week_is_made_with_all_it_carries(made):
    week = await made(**WHOLE)
    assert {name: week[name] for name in WHOLE} == WHOLE
    assert week["winner_album_id"] is None
    assert week["created_at"] == week["updated_at"]


async def test_without_a_label_it_is_named_after_number_and_day_of_discussion(made):
    assert (await made(date_discussion="2025-11-24"))["label"] == "WEEK 003 [2025-11-24]"


async def test_without_a_day_it_is_named_after_the_day_it_was_made(made):
    assert (await made())["label"] == default_label(3, datetime.now(UTC).date())


@pytest.mark.parametrize("again", [{"number": 3}, {"number": 3, "label": None, "date_discussion": None, "refs": None}])
async def test_a_replay_answers_the_same_week_and_empties_nothing(ask, made, again):
    week = await made(**WHOLE)
    answer = await ask("POST", WEEKS, again)
    assert (answer.status_code, answer.json()) == (200, week)


async def test_a_replay_sets_only_what_it_carries(ask, made):
    week = await made(**WHOLE)
    winner = {"provider": "discord", "kind": "winner", "id": "1443", "guild_id": None}
    answer = await ask("POST", WEEKS, {"number": 3, "date_discussion": "2025-12-01", "refs": [winner]})
    expected = week | {"date_discussion": "2025-12-01", "refs": [POLL, winner]}
    assert answer.status_code == 200
    assert answer.json() | {"updated_at": None} == expected | {"updated_at": None}


async def test_a_day_may_come_as_a_moment_and_is_the_day_it_names(made):
    assert (await made(date_discussion="2025-10-26T02:30:00+02:00"))["date_discussion"] == "2025-10-26"


async def test_a_repeat_with_the_same_key_is_answered_as_the_first(client, sign):
    headers = sign() | {"Idempotency-Key": "week-3"}
    first = await client.post(WEEKS, json={"number": 3}, headers=headers)
    again = await client.post(WEEKS, json={"number": 3}, headers=headers)
    assert (again.status_code, again.json()) == (201, first.json())


async def test_what_is_null_in_a_change_is_emptied_and_what_is_left_out_stays(ask, made):
    week = await made(**WHOLE)
    answer = await ask("PATCH", f"{WEEKS}/{week['id']}", {"label": None})
    assert answer.json()["label"] == "WEEK 003 [2025-11-24]"
    answer = await ask("PATCH", f"{WEEKS}/{week['id']}", {"date_discussion": None})
    changed = answer.json()
    assert (changed["date_discussion"], changed["refs"], changed["number"]) == (None, [POLL], 3)


async def test_a_default_label_follows_number_and_day(ask, made):
    week = await made(date_discussion="2025-11-24")
    answer = await ask("PATCH", f"{WEEKS}/{week['id']}", {"number": 1234, "date_discussion": "2025-12-01"})
    assert answer.json()["label"] == "WEEK 1234 [2025-12-01]"


async def test_an_empty_change_changes_nothing(ask, made):
    week = await made(**WHOLE)
    assert (await ask("PATCH", f"{WEEKS}/{week['id']}", {})).json() == week


async def test_any_text_a_person_may_type_is_a_label(made):
    odd = "<b>@everyone</b> \u202eeulb\u202c z\u200bw 🎧 [x](y)"
    assert (await made(label=odd))["label"] == odd


@pytest.mark.parametrize(("number", "day"), [(0, "2025-11-24"), (42, None), (1_000_000, "0999-01-01")])
async def test_the_label_that_is_searched_is_the_label_that_is_shown(stage, made, number, day):
    shown = (await made(number=number, date_discussion=day))["label"]
    async with stage.db.transaction() as tx:
        assert await tx.scalar(select(label)) == shown


async def test_the_day_a_week_was_made_is_that_of_utc(stage, ask, made):
    week = await made()
    late = datetime.fromisoformat("2025-11-24T23:30:00-05:00")
    async with stage.db.transaction() as tx:
        await tx.execute(update(Week).values(created_at=late))
        assert await tx.scalar(select(label)) == "WEEK 003 [2025-11-25]"
    assert (await ask("GET", f"{WEEKS}/{week['id']}")).json()["label"] == "WEEK 003 [2025-11-25]"


async def test_an_album_by_its_id_wins_and_null_takes_it_back(ask, made, record):
    week, blue = await made(), await record("Blue")
    answer = await ask("PATCH", f"{WEEKS}/{week['id']}", {"winner_album_id": str(blue.album_id)})
    assert answer.json()["winner_album_id"] == str(blue.album_id)
    answer = await ask("PATCH", f"{WEEKS}/{week['id']}", {"winner_album_id": None})
    assert answer.json()["winner_album_id"] is None


async def test_an_album_nobody_knows_cannot_win(stage, ask, made, refusal):
    week, album = await made(), uuid4()
    unknowing = Scripted({f"GET /internal/albums/{album}": NotFound()})
    stage.app.state.neighbours["catalog"] = unknowing
    answer = await ask("PATCH", f"{WEEKS}/{week['id']}", {"winner_album_id": str(album), "label": "x"})
    assert refusal(answer) == (404, "no_such_album")
    assert (await ask("GET", f"{WEEKS}/{week['id']}")).json()["label"] == week["label"]


async def test_the_number_of_another_week_is_taken_and_nothing_else_of_the_change_stays(ask, made, refusal):
    await made(number=4)
    week = await made(**WHOLE)
    answer = await ask("PATCH", f"{WEEKS}/{week['id']}", {"number": 4, "label": "x", "refs": [POLL | {"id": "2"}]})
    assert refusal(answer) == (409, "number_taken")
    document = (await ask("GET", f"{WEEKS}/{week['id']}")).json()
    assert {name: document[name] for name in WHOLE} == WHOLE


async def test_a_week_without_a_number_cannot_be(ask, made, refusal):
    week = await made()
    assert refusal(await ask("PATCH", f"{WEEKS}/{week['id']}", {"number": None})) == (422, "number_needed")


async def test_a_week_that_is_not_there_cannot_be_changed(ask, refusal):
    assert refusal(await ask("PATCH", f"{WEEKS}/{uuid4()}", {})) == (404, "no_such_week")
    assert refusal(await ask("PATCH", f"{WEEKS}/week-3", {})) == (422, "invalid")


async def test_only_hosts_make_and_change_weeks(stage, ask, sign, made, refusal):
    week = await made()
    callers = [
        (sign("anonymous"), 401, "unauthenticated"),
        (sign("user"), 403, "hosts_only"),
        (sign("worker", scopes=["listens:write"]), 403, "hosts_only"),
        (sign("bot", scopes=[]), 403, "hosts_only"),
        ({}, 401, "bad_token"),
    ]
    for by, *expected in callers:
        assert refusal(await ask("POST", WEEKS, {"number": 4}, by=by)) == tuple(expected)
        answer = await ask("PATCH", f"{WEEKS}/{week['id']}", {"winner_album_id": str(uuid4())}, by=by)
        assert refusal(answer) == tuple(expected)
    assert await weeks_there(stage) == 1
    assert (await ask("PATCH", f"{WEEKS}/{week['id']}", {"label": "x"}, by=sign("admin"))).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": None},
        {"number": "3"},
        {"number": True},
        {"number": 3.5},
        {"number": -1},
        {"number": 1_000_001},
        {"label": "x" * 101},
        {"label": " "},
        {"label": "a\0b"},
        {"label": "\ud800"},
        {"label": 7},
        {"date_discussion": "2025-02-30"},
        {"date_discussion": "soon"},
        {"lable": "x"},
        {"refs": [POLL] * 51},
        {"refs": [POLL | {"provider": "slack"}]},
        {"refs": [POLL | {"kind": "thread"}]},
        {"refs": [POLL | {"id": 1442}]},
        {"refs": [POLL | {"id": "-1"}]},
        {"refs": [POLL | {"id": "1\u0662"}]},
    ],
)
async def test_what_is_no_week_is_refused_and_none_is_made(stage, ask, refusal, wrong):
    answer = await ask("POST", WEEKS, {"number": 3} | wrong)
    assert refusal(answer) == (422, "invalid")
    assert await weeks_there(stage) == 0


async def test_a_week_is_known_by_its_number_though_another_has_its_label(ask, made):
    third = await made(number=3, date_discussion="2025-11-24")
    # The label that the third has by default, given to the fourth.
    fourth = await made(number=4, label=third["label"])
    assert fourth["id"] != third["id"]
    again = await ask("POST", WEEKS, {"number": 3, "label": fourth["label"], "refs": [POLL]})
    assert (again.status_code, again.json()["id"], again.json()["refs"]) == (200, third["id"], [POLL])
    assert (await ask("GET", f"{WEEKS}/number/4")).json()["refs"] == []
    found = (await ask("GET", WEEKS, None)).json()["items"]
    assert [(each["number"], each["label"]) for each in found] == [(4, third["label"]), (3, third["label"])]
