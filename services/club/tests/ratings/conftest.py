"""A week that Blue won, and rating it as a bot does."""

import pytest


@pytest.fixture
async def week(ask, a_week, record):
    week_id, blue = await a_week(), await record("Blue")
    answer = await ask("PATCH", f"/club/weeks/{week_id}", {"winner_album_id": str(blue.album_id)})
    assert answer.status_code == 200
    return week_id


@pytest.fixture
def rate(ask):
    """`await rate(week, ida, 4.5, review=…)`: the answer to a bot's request."""

    async def send(week, person, rating, **more):
        body = {"user": {"user_id": str(person.user_id)}, "rating": rating} | more
        return await ask("POST", f"/club/weeks/{week}/ratings", body)

    return send
