"""Nominations of two who turned out to be one."""

import pytest

from contracts.nominations import NominationChanged
from contracts.results import ResultComputed


@pytest.fixture
def listing(ask):
    async def read(week):
        items = (await ask("GET", f"/club/weeks/{week}/nominations")).json()["items"]
        return {
            each["album"]["title"]: (each["nominator"]["display_name"], [who["user"]["display_name"] for who in beside])
            for each in items
            for beside in [each["co_nominators"]]
        }

    return read


async def test_nominations_are_the_survivors_also_more_than_one_may_have(
    a_week, club_of, record, nominate, merge, listing, announced
):
    week, (ida, ben) = await a_week(), await club_of("Ida", "Ben")
    await nominate(week, ida, await record("Blue"))
    await nominate(week, ben, await record("Hejira"))
    await merge(ida, ben)
    assert await listing(week) == {"Blue": ("Ben", []), "Hejira": ("Ben", [])}
    told = await announced(NominationChanged)
    assert told[-1].user_ids == [ben.user_id]
    assert (told[-1].nomination_id, told[-1].version > told[0].version) == (told[0].nomination_id, True)


async def test_two_parts_in_one_nomination_are_one_with_what_either_said(
    a_week, club_of, record, nominate, merge, listing, ask, entry
):
    week, (ida, ben, cleo), blue = await a_week(), await club_of("Ida", "Ben", "Cleo"), await record("Blue")
    await nominate(week, ida, blue, pitch="Ida's.", pitch_track_url="https://tracks.example/1")
    await nominate(week, cleo, blue)
    await nominate(week, ben, blue, pitch="Ben's.")
    await merge(ida, ben)
    assert await listing(week) == {"Blue": ("Ben", ["Cleo"])}
    (told,) = (await ask("GET", f"/club/weeks/{week}/nominations")).json()["items"]
    assert (told["pitch"], told["pitch_track_url"]) == ("Ben's.", "https://tracks.example/1")
    (folded,) = (await entry())["after"]["became"]["nominations"]["folded"]
    assert (folded["own"]["pitch"], folded["theirs"]["pitch"]) == ("Ben's.", "Ida's.")


async def test_a_part_that_was_withdrawn_comes_back_with_the_others(
    a_week, club_of, record, nominate, merge, listing, ask
):
    week, (ida, ben), blue = await a_week(), await club_of("Ida", "Ben"), await record("Blue")
    nomination = await nominate(week, ben, blue, pitch="Ben's.")
    await nominate(week, ida, blue, pitch="Ida's.")
    await ask("DELETE", f"/club/weeks/{week}/nominations/{nomination['id']}?user={ben.user_id}")
    await merge(ida, ben)
    assert await listing(week) == {"Blue": ("Ben", [])}
    (told,) = (await ask("GET", f"/club/weeks/{week}/nominations")).json()["items"]
    assert told["pitch"] == "Ida's."


async def test_who_was_the_old_one_withdraws_by_either_id(a_week, club_of, record, nominate, merge, listing, ask, me):
    week, (ida, ben) = await a_week(), await club_of("Ida", "Ben")
    blue, hejira = [await nominate(week, ida, await record(title)) for title in ("Blue",)] + [
        await nominate(week, ben, await record("Hejira"))
    ]
    await merge(ida, ben)
    for nomination, address, by in ((blue, "", me(ida)), (hejira, f"?user={ida.user_id}", None)):
        answer = await ask("DELETE", f"/club/weeks/{week}/nominations/{nomination['id']}{address}", by=by)
        assert answer.status_code == 204, answer.text
    assert await listing(week) == {}


async def test_a_result_is_announced_again_with_who_leads_now(booth, club_of, merge, announced, ask):
    (ben,) = await club_of("Benedict")
    items = (await ask("GET", f"{booth.week}/nominations")).json()["items"]
    leader = next(each["nominator"] for each in items if each["id"] == booth.nominations[0])
    await booth.cast(booth.people[0], booth.nominations[0])
    await booth.close()
    (first,) = await announced(ResultComputed)
    await merge(ben.model_copy(update={"user_id": first.items[0].user_id}), ben)
    again = (await announced(ResultComputed))[-1]
    assert (str(first.items[0].user_id), again.items[0].user_id) == (leader["id"], ben.user_id)
    assert again.version > first.version
    gallery = (await ask("GET", f"/club/weeks?nominator={leader['id']}")).json()["items"]
    assert [week["nominator"]["id"] for week in gallery] == [str(ben.user_id)]
