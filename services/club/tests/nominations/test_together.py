"""Several members with one album."""

import pytest


def who(nomination):
    """Who leads, and who stands beside them."""
    beside = [each["user"]["display_name"] for each in nomination["co_nominators"]]
    return [nomination["nominator"]["display_name"], *beside]


@pytest.fixture
async def together(nominate, scene):
    """The week, Ida who leads, Ben who stands beside her, and the nomination."""
    week, ida, ben, blue = scene
    await nominate(week, ida, blue, pitch="A river.", tags={"genre": "folk"})
    made = await nominate(week, ben, blue, pitch="Only this.", tags={"genre": "pop", "decade": "1970s"})
    return week, ida, ben, made.json()


async def test_a_second_member_with_an_album_joins_its_nomination(nominate, listed, scene):
    week, ida, ben, blue = scene
    ref = {"provider": "discord", "kind": "message", "id": "1443", "guild_id": None}
    first = await nominate(week, ida, blue, pitch="A river.")
    second = await nominate(week, ben, blue, pitch="Only this.", ref=ref)
    again = await nominate(week, ben, blue, pitch="Only this.", ref=ref)
    assert [answer.status_code for answer in (first, second, again)] == [201, 201, 200]
    assert {answer.json()["id"] for answer in (first, second, again)} == {first.json()["id"]}
    assert again.json() == second.json()
    (nomination,) = await listed(week)
    assert who(nomination) == ["Ida", "Ben"]
    (ben_s,) = nomination["co_nominators"]
    assert (nomination["pitch"], ben_s["pitch"], ben_s["ref"]) == ("A river.", "Only this.", ref)
    assert ben_s["user"]["discord_id"] == ben.discord_id


async def test_the_same_album_spelled_otherwise_is_the_same_nomination(ask, nominate, listed, scene):
    week, ida, ben, blue = scene
    await nominate(week, ida, blue)
    spelled = {"title": "BLUE", "artist": "joni mitchell", "year": 1971}
    body = {"user": {"user_id": str(ben.user_id)}, "album": spelled}
    assert (await ask("POST", f"/club/weeks/{week}/nominations", body)).status_code == 201
    assert [who(each) for each in await listed(week)] == [["Ida", "Ben"]]


async def test_who_joins_fills_in_tags_but_changes_none(together):
    *_, made = together
    assert made["tags"] == {"genre": "folk", "decade": "1970s", "country": None}


async def test_votes_for_it_pool_and_none_of_its_nominators_may_vote_for_it(together, vote, club_of, ask, refusal):
    week, ida, ben, made = together
    (cleo,) = await club_of("Cleo")
    for person in (ida, ben):
        assert refusal(await vote(week, person, made["id"])) == (409, "own_nomination")
    assert (await vote(week, cleo, made["id"])).status_code == 200
    (place,) = (await ask("GET", f"/club/weeks/{week}/votes/summary")).json()["items"]
    assert place["points"] == 2
    assert [each["display_name"] for each in (place["nominator"], *place["co_nominators"])] == ["Ida", "Ben"]


async def test_when_the_leading_one_withdraws_the_next_leads_with_their_own_pitch(ask, sign, listed, together, told):
    week, ida, ben, made = together
    place = f"/club/weeks/{week}/nominations/{made['id']}"
    assert (await ask("DELETE", place, by=sign("user", str(ida.user_id)))).status_code == 204
    (nomination,) = await listed(week)
    assert (nomination["id"], who(nomination), nomination["pitch"]) == (made["id"], ["Ben"], "Only this.")
    last = (await told())[-1]
    assert (last.user_ids, last.pitch, last.withdrawn) == ([ben.user_id], "Only this.", False)


async def test_who_comes_back_stands_behind_those_who_stayed(ask, sign, nominate, listed, together, scene):
    week, ida, _, made = together
    await ask("DELETE", f"/club/weeks/{week}/nominations/{made['id']}", by=sign("user", str(ida.user_id)))
    back = await nominate(week, ida, scene[3])
    assert (back.status_code, who(back.json())) == (200, ["Ben", "Ida"])
    assert back.json()["co_nominators"][0]["pitch"] == "A river."


async def test_when_nobody_stands_it_is_withdrawn_and_whoever_nominates_the_album_revives_it(
    ask, sign, nominate, listed, together, club_of, scene, vote
):
    week, ida, ben, made = together
    (cleo,) = await club_of("Cleo")
    for person in (ida, ben):
        place = f"/club/weeks/{week}/nominations/{made['id']}"
        assert (await ask("DELETE", place, by=sign("user", str(person.user_id)))).status_code == 204
    assert await listed(week) == []
    revived = await nominate(week, cleo, scene[3])
    assert (revived.status_code, revived.json()["id"], revived.json()["code"]) == (201, made["id"], "A1")
    assert (who(revived.json()), revived.json()["pitch"]) == (["Cleo"], None)


@pytest.mark.parametrize("spelled", ["discord:{0.discord_id}", "{0.user_id}"])
async def test_a_bot_withdraws_the_part_of_one_member_alone(ask, listed, together, told, spelled):
    week, _, ben, made = together
    place = f"/club/weeks/{week}/nominations/{made['id']}?user={spelled.format(ben)}"
    announced = len(await told())
    for _ in range(2):
        assert (await ask("DELETE", place)).status_code == 204
    assert [who(each) for each in await listed(week)] == [["Ida"]]
    assert len(await told()) == announced + 1


async def test_a_bot_or_host_withdraws_it_whole(ask, sign, listed, together, nominate, scene):
    week, ida, ben, made = together
    host = {"members": [{"user": {"user_id": str(each.user_id)}, "role": "host"} for each in (ida,)]}
    place = f"/club/weeks/{week}/nominations/{made['id']}"
    await ask("PUT", "/club/members", host)
    for headers in (sign("user", str(ida.user_id)), sign()):
        assert (await ask("DELETE", place, by=headers)).status_code == 204
        assert await listed(week) == []
        assert who((await nominate(week, ben, scene[3])).json()) == ["Ben"]


async def test_whose_part_can_be_withdrawn_by_whom(ask, sign, listed, together, club_of, refusal):
    week, ida, ben, made = together
    (cleo,) = await club_of("Cleo")
    place = f"/club/weeks/{week}/nominations/{made['id']}"
    cases = [
        (sign("user", str(ida.user_id)), f"?user={ben.user_id}", 403, "only_for_yourself"),
        (sign("user", str(ida.user_id)), f"?user=discord:{ben.discord_id}", 403, "only_for_yourself"),
        (sign("user", str(ida.user_id)), "?user=discord:7", 403, "only_for_yourself"),
        (sign("user", str(cleo.user_id)), "?user=me", 403, "only_for_yourself"),
        (sign("worker"), f"?user={ben.user_id}", 403, "only_for_yourself"),
        (sign("anonymous"), f"?user={ben.user_id}", 401, "unauthenticated"),
        (sign(), f"?user={cleo.user_id}", 404, "not_nominator"),
        (sign(), "?user=discord:7", 404, "not_nominator"),
        (sign(), "?user=me", 422, "nobody_named"),
        (sign(), "?user=Ida", 422, "invalid"),
    ]
    for headers, asked, *expected in cases:
        assert refusal(await ask("DELETE", place + asked, by=headers)) == tuple(expected), asked
    assert [who(each) for each in await listed(week)] == [["Ida", "Ben"]]
    assert (await ask("DELETE", f"{place}?user=me", by=sign("user", str(ben.user_id)))).status_code == 204
    assert [who(each) for each in await listed(week)] == [["Ida"]]


async def test_what_has_won_keeps_one_nominator_at_least(ask, listed, together, refusal):
    week, ida, ben, made = together
    await ask("POST", f"/club/weeks/{week}/winner", {"nomination_id": made["id"]})
    place = f"/club/weeks/{week}/nominations/{made['id']}"
    assert refusal(await ask("DELETE", place)) == (409, "winner_stays")
    assert (await ask("DELETE", f"{place}?user={ida.user_id}")).status_code == 204
    assert refusal(await ask("DELETE", f"{place}?user={ben.user_id}")) == (409, "winner_stays")
    assert [who(each) for each in await listed(week)] == [["Ben"]]


async def test_whoever_voted_for_an_album_takes_the_vote_back_before_nominating_it_too(
    stage, nominate, listed, scene, vote, refusal, rules, record
):
    week, ida, ben, blue = scene
    made = (await nominate(week, ida, blue)).json()
    await vote(week, ben, made["id"])
    assert refusal(await nominate(week, ben, blue)) == (409, "voted_for_it")
    assert [who(each) for each in await listed(week)] == [["Ida"]]
    other = (await nominate(week, ida, blue)).json()
    assert other == made
    await rules(self_votes=True)
    assert (await nominate(week, ben, blue)).status_code == 201


async def test_a_vote_kept_through_a_withdrawal_does_not_become_one_for_ones_own(ask, nominate, scene, vote, refusal):
    week, ida, ben, blue = scene
    made = (await nominate(week, ida, blue)).json()
    await vote(week, ben, made["id"])
    await ask("DELETE", f"/club/weeks/{week}/nominations/{made['id']}")
    assert refusal(await nominate(week, ben, blue)) == (409, "voted_for_it")


async def test_a_part_counts_as_one_of_the_nominations_a_member_has(nominate, together, record, refusal, ask):
    week, _, ben, made = together
    hejira = await record("Hejira")
    assert refusal(await nominate(week, ben, hejira)) == (409, "nomination_limit")
    await ask("DELETE", f"/club/weeks/{week}/nominations/{made['id']}?user={ben.user_id}")
    assert (await nominate(week, ben, hejira)).status_code == 201


async def test_who_nominated_the_winner_too_lets_others_go_first(
    ask, nominate, together, a_week, record, rules, refusal
):
    week, _, ben, made = together
    await ask("POST", f"/club/weeks/{week}/winner", {"nomination_id": made["id"]})
    await rules(nominator_cooldown=1)
    assert refusal(await nominate(await a_week(4), ben, await record("Hejira"))) == (409, "nominator_cooldown")
    assert (await nominate(await a_week(5), ben, await record("Mingus"))).status_code == 201


async def test_the_gallery_shows_and_finds_all_who_nominated_the_winner(ask, together):
    week, ida, ben, made = together
    await ask("POST", f"/club/weeks/{week}/winner", {"nomination_id": made["id"]})
    for asked in (f"discord:{ben.discord_id}", ben.user_id, ida.user_id):
        (found,) = (await ask("GET", f"/club/weeks?nominator={asked}")).json()["items"]
        assert [each["display_name"] for each in (found["nominator"], *found["co_nominators"])] == ["Ida", "Ben"]
    await ask("DELETE", f"/club/weeks/{week}/nominations/{made['id']}?user={ben.user_id}")
    assert (await ask("GET", f"/club/weeks?nominator={ben.user_id}")).json()["items"] == []


async def test_the_result_names_all_who_nominated(ask, together, vote, club_of):
    week, _, _, made = together
    (cleo,) = await club_of("Cleo")
    await vote(week, cleo, made["id"])
    await ask("POST", f"/club/weeks/{week}/advance", {"to": "discussing"})
    (item,) = (await ask("GET", f"/club/weeks/{week}/result")).json()["items"]
    assert [each["display_name"] for each in (item["nominator"], *item["co_nominators"])] == ["Ida", "Ben"]


async def test_strangers_see_no_discord_id_of_anybody(ask, sign, together):
    week, *_ = together
    document = await ask("GET", f"/club/weeks/{week}", by=sign("anonymous"))
    assert [each["user"]["discord_id"] for each in document.json()["nominations"][0]["co_nominators"]] == [None]
    assert [each["discord_id"] for each in document.json()["votes"]["items"][0]["co_nominators"]] == [None]


async def test_only_the_first_has_an_album_where_the_club_wants_it_so(ask, nominate, scene, rules, refusal, listed):
    week, ida, ben, blue = scene
    await rules(same_album="first")
    made = (await nominate(week, ida, blue)).json()
    assert refusal(await nominate(week, ben, blue)) == (409, "already_nominated")
    await ask("DELETE", f"/club/weeks/{week}/nominations/{made['id']}")
    assert (await nominate(week, ben, blue)).status_code == 201
    assert refusal(await nominate(week, ida, blue)) == (409, "already_nominated")
    assert [who(each) for each in await listed(week)] == [["Ben"]]


async def test_the_rule_that_kept_them_apart_is_no_more(ask, sign, refusal):
    body = {"rules": {"same_album": "apart"}}
    assert refusal(await ask("PUT", "/clubs/main", body, by=sign("admin"))) == (422, "invalid")
    assert (await ask("GET", "/clubs/main")).json()["rules"]["same_album"] == "merge"


async def test_every_change_is_announced_and_recorded_and_a_repeat_is_neither(ask, nominate, scene, told, audited):
    week, ida, ben, blue = scene
    for _ in range(2):
        made = (await nominate(week, ida, blue, pitch="A river.")).json()
    for _ in range(2):
        await nominate(week, ben, blue)
    await nominate(week, ida, blue, tags={"genre": "folk"})
    for _ in range(2):
        await ask("DELETE", f"/club/weeks/{week}/nominations/{made['id']}")
    await nominate(week, ben, blue)
    states = await told()
    assert [state.user_ids for state in states] == [
        [ida.user_id],
        [ida.user_id, ben.user_id],
        [ida.user_id, ben.user_id],
        [],
        [ben.user_id],
    ]
    assert [state.withdrawn for state in states] == [False, False, False, True, False]
    assert [state.version for state in states] == sorted({state.version for state in states})
    assert {(state.code, str(state.nomination_id), state.album_id) for state in states} == {
        ("A1", made["id"], blue.album_id)
    }
    kinds = ["made", "changed", "changed", "withdrawn", "changed"]
    assert [entry["action"] for entry in await audited(made["id"])] == [f"nomination.{kind}" for kind in kinds[::-1]]
