"""Deadlines and moving on, over HTTP."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from club.models import Week
from contracts.phases import WeekChanged

WEEKS = "/club/weeks"
ENDS = {
    "nominating": "2125-11-20T20:00:00Z",
    "voting": "2125-11-22T20:00:00Z",
    "discussing": "2125-11-24T20:00:00Z",
    "rating": "2125-12-01T20:00:00Z",
}
NONE = dict.fromkeys(ENDS)


@pytest.fixture
def made(ask):
    async def make(**week):
        answer = await ask("POST", WEEKS, {"number": 3} | week)
        assert answer.status_code == 201, answer.text
        return answer.json()

    return make


async def test_a_week_without_deadlines_is_open_whatever_its_day(made):
    week = await made(date_discussion="2125-11-24")
    assert (week["phase"], week["kind"], week["deadlines"]) == ("open", "album", NONE)


async def test_deadlines_make_a_week_a_managed_one(ask, made):
    week = await made(deadlines=ENDS)
    assert (week["phase"], week["deadlines"]) == ("nominating", ENDS)
    assert (await ask("GET", f"{WEEKS}/{week['id']}")).json()["deadlines"] == ENDS


async def test_an_open_week_that_gets_deadlines_begins_in_the_first_phase_that_ends(ask, made):
    week = await made()
    answer = await ask("PATCH", f"{WEEKS}/{week['id']}", {"deadlines": {"voting": ENDS["voting"]}})
    assert (answer.json()["phase"], answer.json()["deadlines"]) == ("voting", NONE | {"voting": ENDS["voting"]})


async def test_deadlines_change_one_by_one_and_null_takes_them_away(ask, made):
    week = await made(deadlines=ENDS)
    changes = {"deadlines": {"voting": "2125-11-23T20:00:00Z", "rating": None}}
    changed = (await ask("PATCH", f"{WEEKS}/{week['id']}", changes)).json()
    assert changed["deadlines"] == ENDS | {"voting": "2125-11-23T20:00:00Z", "rating": None}
    without = (await ask("PATCH", f"{WEEKS}/{week['id']}", {"deadlines": None})).json()
    assert (without["deadlines"], without["phase"]) == (NONE, "nominating")


async def test_a_moment_without_an_offset_is_the_clubs_own_time(ask, made, sign):
    await ask("PUT", "/clubs/main", {"timezone": "America/New_York"}, by=sign("admin"))
    week = await made(deadlines={"nominating": "2125-10-30T20:00", "voting": "2125-11-05T20:00:00Z"})
    assert week["deadlines"]["nominating"] == "2125-10-31T00:00:00Z"
    assert week["deadlines"]["voting"] == "2125-11-05T20:00:00Z"


@pytest.mark.parametrize(
    ("zone", "day", "ends"),
    [
        ("America/New_York", "2025-11-03", ["10-31T00:00", "11-02T00:00", "11-04T01:00", "11-11T01:00"]),
        ("Europe/Berlin", "2026-03-30", ["03-26T19:00", "03-28T19:00", "03-30T18:00", "04-06T18:00"]),
    ],
)
async def test_the_clubs_own_rhythm_keeps_its_local_times_across_a_clock_change(ask, made, sign, zone, day, ends):
    await ask("PUT", "/clubs/main", {"timezone": zone}, by=sign("admin"))
    week = await made(date_discussion=day, default_deadlines=True)
    assert [each[5:16] for each in week["deadlines"].values()] == ends
    assert (week["phase"], week["date_discussion"]) == ("nominating", day)


async def test_without_a_day_the_rhythm_finds_the_next_one(made):
    week = await made(default_deadlines=True)
    assert week["deadlines"]["discussing"].startswith(week["date_discussion"])


@pytest.mark.parametrize(
    ("deadlines", "code"),
    [
        (ENDS | {"voting": ENDS["nominating"]}, "deadlines_out_of_order"),
        (ENDS | {"rating": "2125-11-24T19:00:00Z"}, "deadlines_out_of_order"),
        ({"nominating": "soon"}, "invalid"),
        ({"nominating": 0}, "invalid"),
        ({"nominating": "0001-01-01T00:00:00+14:00"}, "invalid"),
        ({"nominating": "2125-02-30T20:00:00Z"}, "invalid"),
        ({"closed": ENDS["rating"]}, "invalid"),
        ("weekly", "invalid"),
    ],
)
async def test_deadlines_that_cannot_be_are_refused_and_no_week_is_made(stage, ask, refusal, deadlines, code):
    assert refusal(await ask("POST", WEEKS, {"number": 3, "deadlines": deadlines})) == (422, code)
    async with stage.db.transaction() as tx:
        assert (await tx.scalars(select(Week))).all() == []


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
async def test_around_a_day_at_the_end_of_the_calendar_there_is_no_default(ask, refusal, day):
    body = {"number": 3, "date_discussion": day, "default_deadlines": True}
    assert refusal(await ask("POST", WEEKS, body)) == (422, "day_out_of_reach")


async def test_a_deadline_that_is_named_goes_before_the_default(made):
    week = await made(date_discussion="2125-11-24", default_deadlines=True, deadlines={"rating": None})
    assert week["deadlines"] == ENDS | {"rating": None}


async def test_a_replay_moves_no_week_and_takes_no_deadline_away(ask, made, advance):
    week = await made(deadlines=ENDS)
    await advance(week, "discussing")
    again = await ask("POST", WEEKS, {"number": 3, "phase": "draft", "deadlines": {"rating": ENDS["rating"]}})
    assert (again.status_code, again.json()["phase"], again.json()["deadlines"]) == (200, "discussing", ENDS)


async def test_a_week_moves_on_and_says_where_it_is(ask, made, advance):
    week = await made(deadlines=ENDS)
    for to in ("voting", "discussing", "closed"):
        answer = await advance(week, to)
        assert (answer.status_code, answer.json()["phase"]) == (200, to)
    assert (await ask("GET", f"{WEEKS}/{week['id']}")).json()["phase"] == "closed"


@pytest.mark.parametrize("to", ["draft", "nominating", "voting", "discussing", "rating", "closed"])
async def test_an_open_week_may_go_anywhere(made, advance, to):
    assert (await advance(await made(), to)).json()["phase"] == to


@pytest.mark.parametrize("to", ["open", "nominating", "closed"])
async def test_a_draft_may_become_an_open_week_or_a_managed_one(made, advance, to):
    assert (await advance(await made(phase="draft"), to)).json()["phase"] == to


async def test_moving_to_where_it_is_changes_and_announces_nothing(made, advance, announced):
    week = await made(deadlines=ENDS)
    first = await advance(week, "voting")
    again = await advance(week, "voting")
    assert (again.status_code, again.json()) == (200, first.json())
    assert [event.phase for event in await announced(WeekChanged)] == ["nominating", "voting"]


async def test_who_thinks_it_elsewhere_moves_nothing(made, advance, refusal):
    week = await made(deadlines=ENDS)
    assert (await advance(week, "voting", since="nominating")).status_code == 200
    for to in ("voting", "closed"):
        assert refusal(await advance(week, to, since="nominating")) == (409, "phase_changed")


async def test_only_an_admin_moves_a_week_back(made, advance, sign, refusal):
    week = await made()
    await advance(week, "rating")
    assert refusal(await advance(week, "discussing")) == (409, "only_forward")
    assert (await advance(week, "discussing", by=sign("admin"))).json()["phase"] == "discussing"


async def test_a_move_may_come_with_a_reason(ask, made, sign, refusal):
    path = f"/club/weeks/{(await made())['id']}/advance"
    assert (await ask("POST", path, {"to": "rating", "reason": "We are late."})).status_code == 200
    back = {"to": "discussing", "reason": "Nobody had heard it yet."}
    assert (await ask("POST", path, back, by=sign("admin"))).json()["phase"] == "discussing"
    for reason in ("  ", "x" * 501, "a\0b", 7):
        assert refusal(await ask("POST", path, {"to": "rating", "reason": reason})) == (422, "invalid")


async def test_only_hosts_move_a_week(made, advance, sign, refusal, ask, club_of):
    week, (ida, ben) = await made(), await club_of("Ida", "Ben")
    roster = [{"user": {"user_id": str(each.user_id)}, "role": role} for each, role in ((ida, "host"), (ben, "member"))]
    await ask("PUT", "/club/members", {"members": roster})
    for by, status, code in [
        (sign("anonymous"), 401, "unauthenticated"),
        (sign("user", str(ben.user_id)), 403, "hosts_only"),
        (sign("worker"), 403, "hosts_only"),
    ]:
        assert refusal(await advance(week, "voting", by=by)) == (status, code)
    assert (await advance(week, "voting", by=sign("user", str(ida.user_id)))).json()["phase"] == "voting"
    assert refusal(await advance({"id": uuid4()}, "voting")) == (404, "no_such_week")
    assert refusal(await advance(week, "elsewhere")) == (422, "invalid")


async def test_each_state_of_a_week_is_announced_whole_and_once(ask, made, advance, announced):
    week = await made(deadlines=ENDS)
    await advance(week, "voting")
    await ask("PATCH", f"{WEEKS}/{week['id']}", {"label": "Blue week"})
    await ask("PATCH", f"{WEEKS}/{week['id']}", {"label": "Blue week"})
    first, moved, named = await announced(WeekChanged)
    assert first.version < moved.version < named.version
    assert (named.phase, named.label, named.number, str(named.week_id)) == ("voting", "Blue week", 3, week["id"])
    assert named.deadlines.model_dump(mode="json") == ENDS


async def test_announcing_again_tells_every_week_as_it_stands(stage, made, announced):
    await made(deadlines=ENDS)
    announcer = stage.app.state.announcers["week"]
    async with stage.db.transaction() as tx:
        weeks = (await tx.scalars(select(announcer.root))).all()
        assert await announcer.state(tx, weeks) == await announced(WeekChanged)


async def test_a_draft_is_there_for_hosts_alone(ask, made, sign, refusal, club_of):
    week, (ida,) = await made(phase="draft", deadlines=ENDS), await club_of("Ida")
    assert week["phase"] == "draft"
    here = f"{WEEKS}/{week['id']}"
    places = (here, f"{WEEKS}/number/3", f"{WEEKS}/current", f"{here}/nominations", f"{here}/ratings/summary")
    for place in (*places, f"{here}/votes/summary", f"{here}/ratings"):
        for stranger in (sign("anonymous"), sign("user", str(ida.user_id)), sign("worker")):
            assert refusal(await ask("GET", place, by=stranger)) == (404, "no_such_week")
        assert (await ask("GET", place)).status_code == 200
    await ask("PUT", "/club/members", {"members": [{"user": {"user_id": str(ida.user_id)}, "role": "host"}]})
    assert (await ask("GET", here, by=sign("user", str(ida.user_id)))).status_code == 200
    listed = [(await ask("GET", WEEKS, by=by)).json()["items"] for by in (sign("anonymous"), sign())]
    assert [len(items) for items in listed] == [0, 1]


@pytest.mark.parametrize("kind", ["special", "skipped"])
async def test_a_week_without_an_album_takes_no_nominations_and_no_votes(
    ask, made, advance, club_of, record, refusal, kind
):
    week, (ida,), blue = await made(kind=kind), await club_of("Ida"), await record("Blue")
    said = {"user": {"user_id": str(ida.user_id)}, "album": {"album_id": str(blue.album_id)}}
    here = f"{WEEKS}/{week['id']}"
    assert refusal(await ask("POST", f"{here}/nominations", said)) == (409, "no_album_week")
    assert refusal(await ask("POST", f"{here}/votes", said | {"rank": 1})) == (409, "no_album_week")
    assert (await advance(week, "closed")).json()["phase"] == "closed"
    assert (await ask("PATCH", here, {"kind": None})).json()["kind"] == "album"


async def test_a_week_of_another_club_is_addressed_by_its_slug_or_by_its_id(ask, sign, refusal):
    await ask("PUT", "/clubs/blue-notes", {"name": "Blue Notes"}, by=sign("admin"))
    for club in ("/club", "/clubs/blue-notes"):
        assert (await ask("POST", f"{club}/weeks", {"number": 3, "label": club})).status_code == 201
    theirs = (await ask("GET", "/clubs/blue-notes/weeks/number/3")).json()
    assert theirs["label"] == "/clubs/blue-notes"
    assert (await ask("GET", f"/club/weeks/{theirs['id']}")).json() == theirs
    assert [each["label"] for each in (await ask("GET", WEEKS)).json()["items"]] == ["/club"]
    assert (await ask("GET", "/clubs/blue-notes/weeks/current")).json()["id"] == theirs["id"]
    assert refusal(await ask("GET", f"/clubs/main/weeks/{theirs['id']}")) == (404, "no_such_week")
    assert refusal(await ask("GET", "/clubs/nobody/weeks")) == (404, "no_such_club")
    assert UUID(theirs["club_id"]) != UUID((await ask("GET", f"{WEEKS}/current")).json()["club_id"])
