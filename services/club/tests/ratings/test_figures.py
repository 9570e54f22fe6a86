"""Ratings as JSON may write a number."""

import pytest


@pytest.mark.parametrize(("written", "rating"), [("1e0", 1.0), ("1E0", 1.0), ("45e-1", 4.5), ("5.000", 5.0)])
async def test_a_number_is_what_it_amounts_to_however_json_writes_it(client, sign, club_of, week, written, rating):
    (ida,) = await club_of("Ida")
    body = f'{{"user": {{"user_id": "{ida.user_id}"}}, "rating": {written}}}'
    headers = sign() | {"Content-Type": "application/json"}
    answer = await client.post(f"/club/weeks/{week}/ratings", content=body, headers=headers)
    assert (answer.status_code, answer.json()["rating"]) == (201, rating)


@pytest.mark.parametrize("written", ["NaN", "Infinity", "-Infinity", "1e999", "1e-1", "4.4999e0", "04"])
async def test_a_number_that_is_no_rating_is_refused_however_json_writes_it(
    ask, client, sign, club_of, week, refusal, written
):
    (ida,) = await club_of("Ida")
    body = f'{{"user": {{"user_id": "{ida.user_id}"}}, "rating": {written}}}'
    headers = sign() | {"Content-Type": "application/json"}
    answer = await client.post(f"/club/weeks/{week}/ratings", content=body, headers=headers)
    assert refusal(answer) == (422, "invalid")
    assert (await ask("GET", f"/club/weeks/{week}/ratings")).json()["items"] == []
