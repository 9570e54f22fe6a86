"""Nominations, votes and ratings are checked against the phase, and against the clock."""

import sys
import time
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, update

from club.models import Week


@pytest.fixture
async def week(stage, ask, a_week, club_of, record):
    """A week with a nomination of Ben's that Ida voted for and that won, and what Ida may write in it."""

    class Place:
        async def be(self, phase, **columns):
            async with stage.db.transaction() as tx:
                await tx.execute(update(Week).where(Week.id == self.id).values(phase=phase, **columns))

        async def write(self, what):
            ida = {"user": {"user_id": str(self.ida.user_id)}}
            asked = {
                "nominate": ("POST", "nominations", ida | {"album": {"album_id": str(self.hejira.album_id)}}),
                "withdraw": ("DELETE", f"nominations/{self.spare}", None),
                "vote": ("POST", "votes", ida | {"nomination_id": self.blue, "rank": 1}),
                "rate": ("POST", "ratings", ida | {"rating": 4.5}),
            }
            method, place, body = asked[what]
            return await ask(method, f"/club/weeks/{self.id}/{place}", body)

        async def put_up(self, person, album):
            body = {"user": {"user_id": str(person.user_id)}, "album": {"album_id": str(album.album_id)}}
            return (await ask("POST", f"/club/weeks/{self.id}/nominations", body)).json()["id"]

    place = Place()
    place.id, (place.ida, place.ben, cam) = await a_week(), await club_of("Ida", "Ben", "Cam")
    place.hejira = await record("Hejira")
    place.blue = await place.put_up(place.ben, await record("Blue"))
    place.spare = await place.put_up(cam, await record("Mingus"))
    await ask("POST", f"/club/weeks/{place.id}/winner", {"nomination_id": place.blue})
    return place


TAKEN = {
    "open": {"nominate", "withdraw", "vote", "rate"},
    "draft": set(),
    "nominating": {"nominate", "withdraw"},
    "voting": {"withdraw", "vote"},
    "discussing": {"rate"},
    "rating": {"rate"},
    "closed": {"rate"},
}


@pytest.mark.parametrize("phase", TAKEN)
async def test_a_phase_takes_what_it_is_for_and_refuses_the_rest(week, refusal, phase):
    await week.be(phase)
    for what in ("nominate", "vote", "rate", "withdraw"):
        answer = await week.write(what)
        if what in TAKEN[phase]:
            assert answer.is_success, answer.text
        else:
            assert refusal(answer) == (409, "phase_closed")


@pytest.mark.parametrize(("phase", "what"), [("nominating", "nominate"), ("voting", "vote"), ("voting", "withdraw")])
async def test_a_deadline_that_has_passed_holds_before_anybody_has_moved_the_week(week, refusal, phase, what):
    await week.be(phase, **{f"{phase}_ends": func.clock_timestamp()})
    assert refusal(await week.write(what)) == (409, "phase_closed")


async def test_a_rating_of_a_closed_week_is_late_and_says_so(ask, week):
    await week.be("rating")
    assert (await week.write("rate")).json()["late"] is False
    await week.be("closed")
    same = await week.write("rate")
    assert (same.status_code, same.json()["late"]) == (200, False)
    ratings, whose = f"/club/weeks/{week.id}/ratings", {"user": {"user_id": str(week.ben.user_id)}}
    first = await ask("POST", ratings, whose | {"rating": 2})
    assert (first.status_code, first.json()["late"]) == (201, True)


async def test_what_somebody_rates_otherwise_in_a_closed_week_is_not_late_but_for_the_diary(ask, week):
    await week.write("rate")
    await week.be("closed")
    other = {"user": {"user_id": str(week.ida.user_id)}, "rating": 2}
    told = (await ask("POST", f"/club/weeks/{week.id}/ratings", other)).json()
    assert (told["rating"], told["late"], [entry["rating"] for entry in told["diary"]]) == (4.5, False, [2.0])


async def test_a_rating_after_its_deadline_is_late_before_anybody_has_closed_the_week(week):
    await week.be("rating", rating_ends=func.clock_timestamp())
    assert (await week.write("rate")).json()["late"] is True


async def test_a_club_may_refuse_late_ratings(week, rules, refusal):
    await rules(late_ratings="refused")
    await week.be("closed")
    assert refusal(await week.write("rate")) == (409, "phase_closed")


async def test_without_a_winner_there_is_nothing_to_rate_in_any_phase(week, refusal):
    for phase in TAKEN:
        await week.be(phase, winner_album_id=None, winner_nomination_id=None)
        assert refusal(await week.write("rate")) == (409, "no_winner")


@pytest.fixture(params=[-1, 1], ids=["slow", "fast"])
def wrong_clock(request, monkeypatch):
    """The process is a day behind, or ahead of, the database that all replicas share."""
    away, right = timedelta(days=request.param), time.time

    class Wrong(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) + away

    monkeypatch.setattr(time, "time", lambda: right() + away.total_seconds())
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in {"club", "chassis"} and getattr(module, "datetime", None) is datetime:
            monkeypatch.setattr(module, "datetime", Wrong)


@pytest.mark.usefixtures("wrong_clock")
async def test_a_process_whose_clock_is_wrong_closes_nothing_early_and_leaves_nothing_open(week, refusal):
    hour = timedelta(hours=1)
    await week.be("voting", voting_ends=func.clock_timestamp() + hour)
    assert (await week.write("vote")).status_code == 200
    await week.be("voting", voting_ends=func.clock_timestamp() - hour)
    assert refusal(await week.write("vote")) == (409, "phase_closed")
    await week.be("rating", voting_ends=None, rating_ends=func.clock_timestamp() + hour)
    assert (await week.write("rate")).json()["late"] is False


async def test_a_club_may_let_only_its_roster_rate(ask, week, rules, refusal):
    await rules(who_rates="roster")
    assert (await week.write("rate")).status_code == 201
    await ask("PUT", "/club/members", {"members": []})
    assert refusal(await week.write("rate")) == (403, "not_on_roster")


@pytest.mark.parametrize("phase", TAKEN)
async def test_a_week_that_became_one_without_an_album_takes_no_rating_in_any_phase(ask, week, refusal, phase):
    await week.be(phase, kind="special")
    assert refusal(await week.write("rate")) == (409, "no_album_week")
    assert (await ask("GET", f"/club/weeks/{week.id}/ratings")).json()["items"] == []
