"""Overriding a winner over HTTP: the result stays as it is."""

from uuid import uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from chassis.testing import Scripted
from club.models import Override
from club.proof.verification import faults
from contracts.phases import WeekChanged
from contracts.results import Result, ResultComputed


@pytest.fixture
def override(booth, ask, sign):
    """`await override(nomination_id=…)`: as an admin, for a reason; with `by`, as somebody else."""

    async def send(by=None, reason="The poll was brigaded.", week=None, **choice):
        path = f"/admin/weeks/{week or booth.week.rpartition('/')[2]}/override-winner"
        return await ask("POST", path, {**choice, "reason": reason}, by=by or sign("admin", "keeper"))

    return send


@pytest.fixture
async def closed(booth):
    """Blue has won before Hejira."""
    (ida, ben, _), (blue, hejira, _) = booth.people, booth.nominations
    await booth.cast(ida, blue, hejira)
    await booth.cast(ben, blue)
    await booth.close()
    return await booth.result()


async def kept(stage):
    async with stage.db.transaction() as tx:
        return (await tx.scalars(select(Override).order_by(Override.id))).all()


async def test_an_override_sets_the_week_s_winner_and_stands_beside_the_result(
    stage, booth, ask, sign, override, closed
):
    _, hejira, _ = booth.nominations
    answer = await override(nomination_id=hejira)
    assert answer.status_code == 200, answer.text
    week = answer.json()
    assert (week["winner"]["title"], week["nominator"]["display_name"], week["overridden"]) == ("Hejira", "Yann", True)
    assert week == (await ask("GET", booth.week, by=sign("admin"))).json()
    told = await booth.result()
    (beside,) = told["overrides"]
    assert (beside["nomination_id"], beside["album"]["title"]) == (hejira, "Hejira")
    assert beside["reason"] == "The poll was brigaded."
    assert told | {"overrides": []} == closed
    assert faults(Result.model_validate(told)) == []
    (row,) = await kept(stage)
    assert (row.actor, str(row.nomination_id), str(row.album_id)) == ("keeper", hejira, week["winner_album_id"])


async def test_the_new_winner_is_announced_and_the_result_is_not_again(booth, override, closed, announced):
    before = len(await announced(WeekChanged))
    await override(nomination_id=booth.nominations[1])
    (told,) = (await announced(WeekChanged))[before:]
    assert str(told.winner_nomination_id) == booth.nominations[1]
    assert len(await announced(ResultComputed)) == 1


async def test_the_same_again_changes_records_and_announces_nothing(stage, booth, override, closed, announced):
    first = await override(nomination_id=booth.nominations[1])
    before = len(await announced())
    album = {"album_id": first.json()["winner_album_id"]}
    for again in (
        await override(nomination_id=booth.nominations[1]),
        await override(nomination_id=booth.nominations[1], reason="Another."),
        await override(album=album),
    ):
        assert (again.status_code, again.json()) == (200, first.json())
    assert (len(await kept(stage)), len(await announced())) == (1, before)


async def test_overriding_with_who_won_anyway_is_no_override(stage, booth, override, closed):
    answer = await override(nomination_id=booth.nominations[0])
    assert (answer.status_code, answer.json()["overridden"]) == (200, False)
    assert await kept(stage) == []


async def test_overrides_follow_each_other_and_are_listed_oldest_first(booth, override, record, closed):
    blue, hejira, _ = booth.nominations
    court = await record("Court and Spark")
    await override(nomination_id=hejira, reason="One.")
    await override(album={"album_id": str(court.album_id)}, reason="Two.")
    last = await override(nomination_id=blue, reason="Three.")
    assert (last.json()["winner"]["title"], last.json()["overridden"]) == ("Blue", True)
    told = (await booth.result())["overrides"]
    assert [(each["reason"], each["nomination_id"], each["album"]["title"]) for each in told] == [
        ("One.", hejira, "Hejira"),
        ("Two.", None, "Court and Spark"),
        ("Three.", blue, "Blue"),
    ]
    assert sorted(each["at"] for each in told) == [each["at"] for each in told]


async def test_an_album_seen_for_the_first_time_is_asked_of_the_catalogue(stage, override, record, closed):
    told = (await record("Blue")).model_copy(update={"album_id": uuid4(), "title": "Clouds", "year": 1969})
    stage.app.state.neighbours["catalog"] = Scripted({"POST /internal/albums": told.model_dump(mode="json")})
    answer = await override(album={"title": "Clouds", "artist": "Joni Mitchell"})
    assert (answer.json()["winner"]["title"], answer.json()["nominator"]) == ("Clouds", None)


async def test_before_there_is_a_result_nothing_is_overridden(stage, booth, ask, override, refusal):
    assert refusal(await override(nomination_id=booth.nominations[1])) == (409, "no_result")
    assert (await ask("GET", booth.week)).json()["winner"] is None
    assert await kept(stage) == []


async def test_only_admins_override(stage, booth, override, sign, refusal, closed):
    for by, *expected in (
        (sign("anonymous"), 401, "unauthenticated"),
        (sign("user"), 403, "admins_only"),
        (sign(), 403, "admins_only"),
        (sign("worker"), 403, "admins_only"),
    ):
        # An album nobody knows: who may not override has nobody asked for it.
        assert refusal(await override(by=by, album={"title": "Unheard", "artist": "Of"})) == tuple(expected)
    assert await kept(stage) == []
    assert (await override(by=sign("bot", scopes=["admin"]), nomination_id=booth.nominations[1])).status_code == 200


async def test_what_is_withdrawn_or_not_there_cannot_be_set(stage, booth, ask, override, refusal):
    _, hejira, _ = booth.nominations
    await ask("DELETE", f"{booth.week}/nominations/{hejira}")
    await booth.close()
    assert refusal(await override(nomination_id=hejira)) == (409, "nomination_withdrawn")
    assert refusal(await override(nomination_id=str(uuid4()))) == (404, "not_nominated")
    assert refusal(await override(week=uuid4(), nomination_id=hejira)) == (404, "no_such_week")
    assert await kept(stage) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": None},
        {"reason": "  "},
        {"reason": "a\0b"},
        {"reason": "x" * 501},
        {"nomination_id": None},
        {"album": {"title": "Blue", "artist": "Joni Mitchell"}},
        {"why": "Because."},
    ],
)
async def test_an_override_names_one_winner_and_a_reason(booth, ask, sign, override, closed, wrong, refusal):
    body = {"nomination_id": booth.nominations[1], "reason": "Why not."} | wrong
    answer = await ask("POST", f"/admin{booth.week.removeprefix('/club')}/override-winner", body, by=sign("admin"))
    assert refusal(answer) == (422, "invalid")


async def test_closing_further_leaves_an_override_as_it_is(booth, ask, override, closed):
    await override(nomination_id=booth.nominations[1])
    for to in ("discussing", "rating", "closed"):
        assert (await ask("POST", f"{booth.week}/advance", {"to": to})).status_code == 200
    assert (await ask("GET", booth.week)).json()["winner"]["title"] == "Hejira"
    assert (await booth.result())["winner"] == closed["winner"]


async def test_hosts_do_not_decide_what_an_admin_has_decided(booth, ask, rules, override, refusal):
    (ida, ben, _), (blue, hejira, mingus) = booth.people, booth.nominations
    await rules(tie_policy="host")
    await booth.cast(ida, blue)
    await booth.cast(ben, hejira)
    await booth.close()
    assert (await override(nomination_id=mingus)).json()["winner"]["title"] == "Mingus"
    for answer in (
        await ask("POST", f"{booth.week}/winner", {"nomination_id": hejira}),
        await ask("PATCH", booth.week, {"winner_album_id": None}),
    ):
        assert refusal(answer) == (409, "result_final")
    assert (await ask("GET", booth.week)).json()["winner"]["title"] == "Mingus"


async def test_ratings_of_the_former_winner_are_kept_but_not_summarised(booth, ask, override, closed):
    ida, blue = booth.people[0], booth.nominations[0]
    await ask("POST", f"{booth.week}/ratings", {"user": {"user_id": str(ida.user_id)}, "rating": 4.5})
    rated = (await ask("GET", booth.week)).json()["ratings"]
    assert rated["count"] == 1
    assert (await override(nomination_id=booth.nominations[1])).json()["ratings"]["count"] == 0
    assert (await ask("GET", f"{booth.week}/ratings")).json()["items"] == []
    assert (await override(nomination_id=blue)).json()["ratings"] == rated


@pytest.mark.parametrize("statement", ["UPDATE overrides SET reason = ''", "DELETE FROM overrides"])
async def test_the_service_itself_cannot_rewrite_an_override(stage, booth, override, closed, statement):
    await override(nomination_id=booth.nominations[1])
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with stage.db.transaction() as tx:
            await tx.execute(text(statement))


async def test_a_week_that_is_moved_back_and_closed_again_keeps_override_and_result(
    booth, ask, sign, override, closed, announced
):
    await override(nomination_id=booth.nominations[1])
    told = await booth.result()
    for to in ("closed", "discussing", "closed"):
        answer = await ask("POST", f"{booth.week}/advance", {"to": to}, by=sign("admin"))
        assert (answer.status_code, answer.json()["phase"]) == (200, to)
    week = (await ask("GET", booth.week)).json()
    assert (week["winner"]["title"], week["overridden"]) == ("Hejira", True)
    assert await booth.result() == told
    assert len(await announced(ResultComputed)) == 1
    assert str((await announced(WeekChanged))[-1].winner_nomination_id) == booth.nominations[1]
