"""Weeks that many make at once."""

import asyncio


async def test_a_week_made_twenty_times_at_once_is_one_week_with_what_each_carried(ask):
    refs = [{"kind": "message", "id": str(1000 + each)} for each in range(20)]
    answers = await asyncio.gather(*(ask("POST", "/club/weeks", {"number": 3, "refs": [ref]}) for ref in refs))
    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
    (week_id,) = {answer.json()["id"] for answer in answers}
    week = (await ask("GET", f"/club/weeks/{week_id}")).json()
    assert [ref["id"] for ref in week["refs"]] == [ref["id"] for ref in refs]
    assert len((await ask("GET", "/club/weeks")).json()["items"]) == 1


async def test_of_two_weeks_that_reach_for_one_number_at_once_one_gets_it(ask, refusal):
    weeks = [(await ask("POST", "/club/weeks", {"number": number})).json()["id"] for number in (1, 2)]
    answers = await asyncio.gather(*(ask("PATCH", f"/club/weeks/{week}", {"number": 3}) for week in weeks))
    first, second = sorted(answers, key=lambda answer: answer.status_code)
    assert first.status_code == 200
    assert refusal(second) == (409, "number_taken")
