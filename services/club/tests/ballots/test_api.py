"""Whole ballots over HTTP."""

from uuid import uuid4

import pytest

from chassis.testing import Scripted
from contracts.identity import UserChanged
from contracts.votes import VoteCast


def held(answer):
    assert answer.status_code == 200, answer.text
    return answer.json()["first"], answer.json()["second"]


async def test_a_ballot_is_cast_whole_announced_and_read_again(booth, ask, announced):
    (ida, *_), (blue, hejira, _) = booth.people, booth.nominations
    answer = await booth.cast(ida, blue, hejira)
    assert held(answer) == (blue, hejira)
    assert answer.json()["user"]["id"] == str(ida.user_id)
    assert answer.json() == (await ask("GET", f"{booth.week}/ballots/{ida.user_id}")).json()
    (told,) = await announced(VoteCast)
    assert (told.user_id, told.first, told.second, told.secret) == (ida.user_id, None, None, True)


async def test_a_second_ballot_replaces_the_first_as_a_whole(booth, announced):
    (ida, *_), (blue, hejira, mingus) = booth.people, booth.nominations
    await booth.cast(ida, blue, hejira)
    assert held(await booth.cast(ida, hejira, blue)) == (hejira, blue)
    assert held(await booth.cast(ida, mingus)) == (mingus, None)
    assert len(await announced(VoteCast)) == 3


async def test_the_same_ballot_again_changes_and_announces_nothing(booth, announced):
    (ida, *_), (blue, hejira, _) = booth.people, booth.nominations
    first = await booth.cast(ida, blue, hejira)
    assert (await booth.cast(ida, blue, hejira)).json() == first.json()
    assert len(await announced(VoteCast)) == 1


async def test_each_accepted_vote_gets_the_next_number_and_another_head(booth, ask):
    (ida, ben, _), (blue, hejira, _) = booth.people, booth.nominations
    first, second = await booth.cast(ida, blue), await booth.cast(ben, hejira)
    vote = {"user": {"user_id": str(ida.user_id)}, "nomination_id": hejira, "rank": 2}
    third = await ask("POST", f"{booth.week}/votes", vote)
    assert [answer.json()["number"] for answer in (first, second, third)] == [1, 2, 3]
    heads = [answer.json()["head"] for answer in (first, second, third)]
    assert len(set(heads)) == 3
    before_the_close = await booth.result()
    assert (before_the_close["number"], before_the_close["head"]) == (3, heads[2])


async def test_a_voter_is_named_by_discord_id_too_and_made_at_first_sight(stage, booth, ask):
    (ida, *_), (blue, *_) = booth.people, booth.nominations
    assert held(await ask("PUT", f"{booth.week}/ballots/discord:{ida.discord_id}", {"first": blue})) == (blue, None)
    told = UserChanged(
        version=1, user_id=uuid4(), display_name="New", handle=None, avatar_url=None, discord_id="175928847299117063"
    )
    stage.app.state.neighbours["identity"] = Scripted({"POST /internal/users": told.model_dump(mode="json")})
    path = f"{booth.week}/ballots/discord:{told.discord_id}"
    assert held(await ask("PUT", path, {"first": blue})) == (blue, None)
    assert (await ask("GET", path)).json()["user"]["id"] == str(told.user_id)


async def test_members_cast_and_read_their_own(booth, ask, sign, refusal):
    (ida, ben, _), (blue, *_) = booth.people, booth.nominations
    by = sign("user", str(ida.user_id))
    assert held(await ask("PUT", f"{booth.week}/ballots/me", {"first": blue}, by=by)) == (blue, None)
    assert held(await ask("GET", f"{booth.week}/ballots/me", by=by)) == (blue, None)
    assert refusal(await booth.cast(ben, blue, by=by)) == (403, "only_for_yourself")
    assert refusal(await booth.cast(ben, blue, by=sign("anonymous"))) == (401, "unauthenticated")


async def test_nobody_chooses_their_own_nomination_by_either_door(booth, ask, rules, refusal):
    (ida, *_), (blue, *_) = booth.people, booth.nominations
    own = await booth.put_up(ida, "Court and Spark")
    vote = {"user": {"user_id": str(ida.user_id)}, "nomination_id": own, "rank": 2}
    for answer in (
        await booth.cast(ida, own),
        await booth.cast(ida, blue, own),
        await ask("POST", f"{booth.week}/votes", vote),
    ):
        assert refusal(answer) == (409, "own_nomination")
    assert refusal(await ask("GET", f"{booth.week}/ballots/{ida.user_id}")) == (404, "no_ballot")
    await rules(self_votes=True)
    assert held(await booth.cast(ida, own, blue)) == (own, blue)


async def test_what_is_withdrawn_or_of_another_week_cannot_be_chosen(booth, ask, refusal):
    (ida, *_), (blue, hejira, _) = booth.people, booth.nominations
    await ask("DELETE", f"{booth.week}/nominations/{hejira}")
    assert refusal(await booth.cast(ida, hejira)) == (409, "nomination_withdrawn")
    assert refusal(await booth.cast(ida, blue, hejira)) == (409, "nomination_withdrawn")
    assert refusal(await booth.cast(ida, str(uuid4()))) == (404, "not_nominated")
    nowhere = await ask("PUT", f"/club/weeks/{uuid4()}/ballots/{ida.user_id}", {"first": blue})
    assert refusal(nowhere) == (404, "no_such_week")


@pytest.mark.parametrize("wrong", ["same twice", "no first", "only second", "a third", "no id", "null"])
async def test_what_is_no_ballot_is_refused(booth, ask, wrong, refusal):
    (ida, *_), (blue, hejira, mingus) = booth.people, booth.nominations
    body = {
        "same twice": {"first": blue, "second": blue},
        "no first": {},
        "only second": {"second": blue},
        "a third": {"first": blue, "second": hejira, "third": mingus},
        "no id": {"first": "seven"},
        "null": {"first": None, "second": blue},
    }[wrong]
    assert refusal(await ask("PUT", f"{booth.week}/ballots/{ida.user_id}", body)) == (422, "invalid")


@pytest.mark.parametrize("user", ["discord:", "discord:0", "nobody", "discord:1234567890123456789012"])
async def test_an_address_that_names_nobody_is_refused(booth, ask, user, refusal):
    answer = await ask("PUT", f"{booth.week}/ballots/{user}", {"first": booth.nominations[0]})
    assert refusal(answer) == (422, "invalid")


async def test_a_club_may_let_only_its_roster_vote_by_either_door(booth, ask, rules, refusal, announced):
    (ida, ben, _), (blue, hejira, _) = booth.people, booth.nominations
    await rules(who_votes="roster")
    # Without a roster, everyone is on it.
    assert held(await booth.cast(ben, hejira)) == (hejira, None)
    await ask("PUT", "/club/members", {"members": [{"user": {"user_id": str(ida.user_id)}}]})
    assert held(await booth.cast(ida, blue)) == (blue, None)
    vote = {"user": {"user_id": str(ben.user_id)}, "nomination_id": blue, "rank": 1}
    for answer in (await booth.cast(ben, blue), await ask("POST", f"{booth.week}/votes", vote)):
        assert refusal(answer) == (403, "not_on_roster")
    assert len(await announced(VoteCast)) == 2


async def test_by_default_a_guest_votes_too(booth, ask):
    await ask("PUT", "/club/members", {"members": []})
    assert held(await booth.cast(booth.people[0], booth.nominations[0])) == (booth.nominations[0], None)


async def test_who_leaves_the_club_after_voting_has_voted(booth, ask, rules):
    (ida, ben, _), (blue, _, mingus) = booth.people, booth.nominations
    await rules(who_votes="roster")
    roster = [{"user": {"user_id": str(each.user_id)}} for each in (ida, ben)]
    await ask("PUT", "/club/members", {"members": roster})
    await booth.cast(ida, blue, mingus)
    await ask("PUT", "/club/members", {"members": roster[1:]})
    await booth.close()
    told = await booth.result()
    assert (told["winner"], told["ballots"], told["participation"]) == (blue, 1, {"voted": 1, "members": 1})
    assert held(await ask("GET", f"{booth.week}/ballots/{ida.user_id}")) == (blue, mingus)


async def test_a_poll_that_is_opened_again_before_it_was_counted_keeps_its_ballots(booth, ask, sign, refusal):
    (ida, ben, _), (blue, hejira, _) = booth.people, booth.nominations
    await ask("POST", f"{booth.week}/advance", {"to": "voting"})
    await booth.cast(ida, blue)
    back = {"to": "nominating", "reason": "Yann was away."}
    assert refusal(await ask("POST", f"{booth.week}/advance", back)) == (409, "only_forward")
    assert (await ask("POST", f"{booth.week}/advance", back, by=sign("admin"))).status_code == 200
    assert refusal(await booth.cast(ben, hejira)) == (409, "phase_closed")
    late = await booth.put_up(ben, "Court and Spark")
    await ask("POST", f"{booth.week}/advance", {"to": "voting"})
    assert held(await booth.cast(booth.people[2], late, blue)) == (late, blue)
    await booth.close()
    told = await booth.result()
    assert (told["winner"], told["ballots"], [item["points"] for item in told["items"]]) == (blue, 2, [3, 2, 0, 0])


async def test_a_closed_poll_takes_no_ballot(booth, ask, refusal):
    (ida, *_), (blue, hejira, _) = booth.people, booth.nominations
    await booth.cast(ida, blue)
    await booth.close()
    vote = {"user": {"user_id": str(ida.user_id)}, "nomination_id": hejira, "rank": 2}
    for answer in (await booth.cast(ida, hejira), await ask("POST", f"{booth.week}/votes", vote)):
        assert refusal(answer) == (409, "phase_closed")


async def test_a_ballot_is_seen_by_its_voter_and_hosts_and_after_the_close_by_members(booth, ask, sign, rules, refusal):
    (ida, ben, _), (blue, *_) = booth.people, booth.nominations
    await booth.cast(ida, blue)
    path = f"{booth.week}/ballots/{ida.user_id}"
    other = sign("user", str(ben.user_id))
    for by, *expected in (
        (other, 403, "secret_ballot"),
        (sign("worker"), 403, "secret_ballot"),
        (sign("anonymous"), 401, "unauthenticated"),
    ):
        assert refusal(await ask("GET", path, by=by)) == tuple(expected)
        assert refusal(await ask("GET", f"{path}/receipt", by=by)) == tuple(expected)
    for by in (sign(), sign("admin"), sign("user", str(ida.user_id))):
        assert held(await ask("GET", path, by=by)) == (blue, None)
    before = (await ask("GET", path)).json()
    await booth.close()
    assert held(await ask("GET", path, by=other)) == (blue, None)
    assert (await ask("GET", path)).json() == before
    by_discord = await ask("GET", f"{booth.week}/ballots/discord:{ida.discord_id}", by=other)
    assert refusal(by_discord) == (403, "secret_ballot")
    await rules(poll_visibility="counts_only")
    assert refusal(await ask("GET", path, by=other)) == (403, "secret_ballot")


async def test_that_somebody_did_not_vote_is_as_secret_as_a_ballot(booth, ask, sign, refusal):
    ida, ben, _ = booth.people
    for path in (f"{booth.week}/ballots/{ben.user_id}", f"{booth.week}/ballots/{uuid4()}"):
        assert refusal(await ask("GET", path, by=sign("user", str(ida.user_id)))) == (403, "secret_ballot")
        assert refusal(await ask("GET", path)) == (404, "no_ballot")
