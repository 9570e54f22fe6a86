"""What withdrawals do to a poll."""

import pytest


@pytest.fixture
def standing(booth, ask):
    """`await standing()`: points by nomination as the poll stands."""

    async def read():
        items = (await ask("GET", f"{booth.week}/votes/summary")).json()["items"]
        return {item["nomination_id"]: item["points"] for item in items}

    return read


async def test_votes_for_what_is_withdrawn_are_void_and_nothing_moves_up(booth, ask, standing):
    (ida, ben, _), (blue, hejira, mingus) = booth.people, booth.nominations
    await booth.cast(ida, blue, hejira)
    await booth.cast(ben, mingus)
    await ask("DELETE", f"{booth.week}/nominations/{blue}")
    assert await standing() == {hejira: 1, mingus: 2}
    ballot = (await ask("GET", f"{booth.week}/ballots/{ida.user_id}")).json()
    assert (ballot["first"], ballot["second"]) == (blue, hejira)
    await booth.close()
    told = await booth.result()
    assert (told["winner"], told["void"], told["ballots"]) == (mingus, [blue], 2)


async def test_a_part_withdrawn_from_a_nomination_costs_it_no_vote(booth, ask, standing):
    (ida, ben, cleo), (blue, *_) = booth.people, booth.nominations
    led = (await ask("GET", f"{booth.week}/nominations")).json()["items"][0]
    body = {"user": {"user_id": str(ben.user_id)}, "album": {"album_id": led["album"]["id"]}}
    assert (await ask("POST", f"{booth.week}/nominations", body)).status_code == 201
    await booth.cast(ida, blue)
    await booth.cast(cleo, blue)
    await ask("DELETE", f"{booth.week}/nominations/{blue}?user={led['nominator']['id']}")
    assert (await standing())[blue] == 4
    await booth.close()
    told = await booth.result()
    assert (told["winner"], told["void"], told["items"][0]["nominator"]["id"]) == (blue, [], str(ben.user_id))


async def test_where_all_is_withdrawn_after_votes_nobody_wins(booth, ask, standing):
    (ida, *_), nominations = booth.people, booth.nominations
    await booth.cast(ida, *nominations[:2])
    for each in nominations:
        await ask("DELETE", f"{booth.week}/nominations/{each}")
    assert await standing() == {}
    await booth.close()
    told = await booth.result()
    assert (told["winner"], told["items"], told["ballots"]) == (None, [], 1)
    assert sorted(told["void"]) == sorted(nominations[:2])


async def test_a_poll_without_nominations_has_a_result_without_a_winner(ask):
    week = (await ask("POST", "/club/weeks", {"number": 8})).json()["id"]
    assert (await ask("GET", f"/club/weeks/{week}/nominations")).json() == {"items": [], "next_cursor": None}
    await ask("POST", f"/club/weeks/{week}/advance", {"to": "discussing"})
    told = (await ask("GET", f"/club/weeks/{week}/result")).json()
    assert (told["winner"], told["items"], told["void"]) == (None, [], [])
