"""Results over HTTP: computed once, and final."""

import hashlib

import pytest
from sqlalchemy import select

from club import models
from club.proof.verification import faults
from contracts.identity import UserChanged
from contracts.phases import WeekChanged
from contracts.results import Leaf, Link, Result, ResultComputed


@pytest.fixture
async def counted(booth):
    """A closed poll: Blue 2 + 1 + 1, Hejira 2 + 2, Mingus nothing."""
    (ida, ben, cleo), (blue, hejira, _) = booth.people, booth.nominations
    await booth.cast(ida, blue, hejira)
    await booth.cast(ben, hejira, blue)
    await booth.cast(cleo, blue)
    await booth.close()
    return await booth.result()


async def test_closing_counts_the_ballots_into_distinct_places_and_sets_the_winner(booth, ask, counted):
    blue, hejira, mingus = booth.nominations
    places = [(item["position"], item["nomination_id"], item["points"], item["ahead_by"]) for item in counted["items"]]
    assert places == [(1, blue, 5, "points"), (2, hejira, 3, "points"), (3, mingus, 0, None)]
    assert [item["album"]["title"] for item in counted["items"]] == ["Blue", "Hejira", "Mingus"]
    assert (counted["winner"], counted["tie"], counted["ballots"]) == (blue, None, 3)
    assert counted["participation"] == {"voted": 3, "members": 6}
    assert counted["alternatives"] == {"plurality": [blue], "approval": [blue], "condorcet": [blue]}
    week = (await ask("GET", booth.week)).json()
    assert (week["phase"], week["winner"]["title"]) == ("discussing", "Blue")
    assert week["nominator"]["display_name"] == "Xenia"


async def test_a_result_is_answered_as_its_contract_says(booth, ask, client, counted):
    told = Result.model_validate_json((await ask("GET", f"{booth.week}/result")).content)
    assert told.model_dump(mode="json") == counted
    assert list(counted) == list(Result.model_fields)
    assert list(counted["leaves"][0]) == list(Leaf.model_fields)
    assert list(counted["links"][0]) == list(Link.model_fields)
    described = (await client.get("/openapi.json")).json()
    answer = described["paths"]["/club/weeks/{week_id}/result"]["get"]["responses"]["200"]
    schema = answer["content"]["application/json"]["schema"]
    assert {each["$ref"].rpartition("/")[2] for each in schema["anyOf"]} == {"Result", "Commitment"}


async def test_a_result_that_has_not_changed_is_not_sent_again(booth, client, sign, counted):
    first = await client.get(f"{booth.week}/result", headers=sign())
    again = await client.get(f"{booth.week}/result", headers=sign() | {"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_a_result_is_announced_once_and_whole(stage, booth, counted, announced):
    (told,) = await announced(ResultComputed)
    blue = booth.nominations[0]
    assert (str(told.winner), told.root, told.ballots) == (blue, counted["root"], 3)
    assert told.winner_album_id == told.items[0].album_id
    assert (await announced(WeekChanged))[-1].winner_nomination_id == told.winner
    announcer = stage.app.state.announcers["result"]
    async with stage.db.transaction() as tx:
        rows = (await tx.scalars(select(models.Result))).all()
        assert await announcer.state(tx, rows) == [told]


async def test_before_the_close_only_the_commitment_is_shown(booth, ask):
    await booth.cast(booth.people[0], booth.nominations[0])
    open_poll = await booth.result()
    assert open_poll.keys() == {"week_id", "commit", "number", "head"}
    assert (await ask("GET", booth.week)).json()["commit"] == open_poll["commit"]
    await booth.close()
    closed = await booth.result()
    assert closed["commit"] == open_poll["commit"] == hashlib.sha256(bytes.fromhex(closed["seed"])).hexdigest()
    assert (closed["number"], closed["head"]) == (open_poll["number"], open_poll["head"])


async def test_closing_further_or_again_computes_nothing_new(booth, ask, counted, announced):
    for to in ("discussing", "rating", "closed"):
        assert (await ask("POST", f"{booth.week}/advance", {"to": to})).status_code == 200
    assert await booth.result() == counted
    assert len(await announced(ResultComputed)) == 1


async def test_a_result_is_final_by_every_door(booth, ask, sign, counted, refusal):
    _, hejira, _ = booth.nominations
    album = counted["items"][1]["album"]["id"]
    for answer in (
        await ask("POST", f"{booth.week}/winner", {"nomination_id": hejira}),
        await ask("POST", f"{booth.week}/winner", {"album": {"album_id": album}}),
        await ask("PATCH", booth.week, {"winner_album_id": album}),
        await ask("PATCH", booth.week, {"winner_album_id": None}),
        await ask("POST", f"{booth.week}/advance", {"to": "voting"}, by=sign("admin")),
    ):
        assert refusal(answer) == (409, "result_final")
    assert (await ask("GET", booth.week)).json()["winner"]["title"] == "Blue"


async def test_a_poll_without_votes_has_a_result_without_a_winner(booth, ask):
    await booth.close()
    told = await booth.result()
    assert (told["winner"], told["tie"], told["ballots"], told["leaves"]) == (None, None, 0, [])
    assert [item["position"] for item in told["items"]] == [1, 2, 3]
    assert (await ask("GET", booth.week)).json()["winner"] is None


async def test_a_week_without_nominations_closes_too(ask):
    week = (await ask("POST", "/club/weeks", {"number": 8})).json()["id"]
    assert (await ask("POST", f"/club/weeks/{week}/advance", {"to": "closed"})).status_code == 200
    assert (await ask("GET", f"/club/weeks/{week}/result")).json()["items"] == []


async def test_a_tie_is_broken_by_the_draw_that_was_committed(booth, ask):
    (ida, ben, _), (blue, hejira, _) = booth.people, booth.nominations
    await booth.cast(ida, blue)
    await booth.cast(ben, hejira)
    await booth.close()
    told = await booth.result()
    assert told["tie"]["broken_by"] == "draw"
    assert told["tie"]["among"][0] == told["winner"]
    assert set(told["tie"]["among"]) == {blue, hejira}


async def test_a_tie_left_to_the_host_is_theirs_to_decide_among_those_level(booth, ask, rules, refusal):
    (ida, ben, _), (blue, hejira, mingus) = booth.people, booth.nominations
    await rules(tie_policy="host")
    await booth.cast(ida, blue)
    await booth.cast(ben, hejira)
    await booth.close()
    told = await booth.result()
    assert (told["winner"], told["tie"]["broken_by"], set(told["tie"]["among"])) == (None, "host", {blue, hejira})
    assert refusal(await ask("POST", f"{booth.week}/winner", {"nomination_id": mingus})) == (409, "result_final")
    decided = await ask("POST", f"{booth.week}/winner", {"nomination_id": hejira})
    assert (decided.status_code, decided.json()["winner"]["title"]) == (200, "Hejira")
    assert await booth.result() == told


async def test_votes_for_what_was_withdrawn_are_void_but_stay_in_the_proof(booth, ask):
    (ida, ben, _), (blue, hejira, _) = booth.people, booth.nominations
    await booth.cast(ida, blue, hejira)
    await booth.cast(ben, blue)
    await ask("DELETE", f"{booth.week}/nominations/{blue}")
    await booth.close()
    told = await booth.result()
    assert (told["winner"], told["void"], told["ballots"]) == (hejira, [blue], 2)
    assert {leaf["first"] for leaf in told["leaves"]} == {blue}


async def test_a_winner_that_hosts_decided_before_the_close_stays_beside_the_result(booth, ask):
    _, hejira, mingus = booth.nominations
    await ask("POST", f"{booth.week}/winner", {"nomination_id": mingus})
    await booth.cast(booth.people[0], hejira)
    await booth.close()
    assert (await booth.result())["winner"] == hejira
    assert (await ask("GET", booth.week)).json()["winner"]["title"] == "Mingus"


async def test_nothing_in_a_result_names_a_voter(booth, counted, ask):
    text = (await ask("GET", f"{booth.week}/result")).text
    for person in booth.people:
        assert str(person.user_id) not in text
        assert person.discord_id not in text


async def test_a_lone_second_choice_is_one_point_and_no_first_choice(booth, ask):
    (ida, ben, _), (blue, hejira, _) = booth.people, booth.nominations
    for person in (ida, ben):
        vote = {"user": {"user_id": str(person.user_id)}, "nomination_id": hejira, "rank": 2}
        assert (await ask("POST", f"{booth.week}/votes", vote)).json()["first"] is None
    await booth.cast(booth.people[2], blue)
    await booth.close()
    told = await booth.result()
    counted = {item["nomination_id"]: (item["points"], item["first_votes"]) for item in told["items"]}
    assert (counted[blue], counted[hejira]) == ((2, 1), (2, 0))
    assert (told["winner"], told["items"][0]["ahead_by"]) == (blue, "first_votes")
    assert (
        sorted((leaf["first"], leaf["second"]) for leaf in told["leaves"] if leaf["first"] is None)
        == [(None, hejira)] * 2
    )
    assert faults(Result.model_validate(told)) == []


async def test_what_comes_after_the_first_page_of_nominations_is_voted_for_and_wins(booth, ask, club_of):
    people = await club_of(*(f"Member {number}" for number in range(24)))
    last = [await booth.put_up(person, f"Volume {number}") for number, person in enumerate(people)][-1]
    await booth.cast(booth.people[0], last, booth.nominations[0])
    await booth.close()
    told = await booth.result()
    assert (told["winner"], [item["position"] for item in told["items"]]) == (last, list(range(1, 28)))
    rest = (await ask("GET", f"{booth.week}/nominations?limit=100")).json()["items"][25:]
    assert [(each["code"], each["id"] == last) for each in rest] == [("B1", False), ("B2", True)]


async def test_who_is_barred_after_voting_has_voted(booth, ask, sign):
    (ida, *_), (blue, hejira, _) = booth.people, booth.nominations
    await booth.cast(ida, blue)
    bar = await ask("PUT", f"/club/bars/{ida.user_id}", {"reason": "Voted under two names."}, by=sign("admin"))
    assert bar.status_code == 200
    assert (await booth.cast(ida, hejira)).status_code == 403
    await booth.close()
    told = await booth.result()
    assert (told["winner"], told["ballots"]) == (blue, 1)


async def test_a_result_calls_people_as_they_are_called_now_and_stays_what_it_is(booth, deliver, counted):
    xenia = counted["items"][0]["nominator"]
    changed = UserChanged(
        version=9, user_id=xenia["id"], display_name="Xen", handle="xen", avatar_url=None, discord_id="7"
    )
    await deliver(changed)
    told = await booth.result()
    assert (told["items"][0]["nominator"]["display_name"], told["items"][0]["nominator"]["id"]) == ("Xen", xenia["id"])
    assert {name: told[name] for name in ("root", "head", "winner", "leaves")} == {
        name: counted[name] for name in ("root", "head", "winner", "leaves")
    }
    assert faults(Result.model_validate(told)) == []
