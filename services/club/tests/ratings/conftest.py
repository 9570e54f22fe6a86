"""A week that Blue won, and rating it as a bot does."""

import pytest


@pytest.fixture
def another_week(ask, a_week, record):
    """`await another_week(4)`: the id of a week with that number, which Blue won, too."""

    async def make(number):
        week_id, blue = await a_week(number), await record("Blue")
        answer = await ask("PATCH", f"/club/weeks/{week_id}", {"winner_album_id": str(blue.album_id)})
        assert answer.status_code == 200
        return week_id

    return make


@pytest.fixture
async def week(another_week):
    return await another_week(3)


@pytest.fixture
def rate(ask):
    """`await rate(week, ida, 4.5, review=…)`: the answer to a bot's request."""

    async def send(week, person, rating, **more):
        body = {"user": {"user_id": str(person.user_id)}, "rating": rating} | more
        return await ask("POST", f"/club/weeks/{week}/ratings", body)

    return send


@pytest.fixture
def close(ask):
    """`await close(week)`."""

    async def move(week, to="closed"):
        answer = await ask("POST", f"/club/weeks/{week}/advance", {"to": to})
        assert answer.status_code == 200, answer.text

    return move


@pytest.fixture
def me(sign):
    """`me(ida)`: the headers of Ida, signed in."""
    return lambda person: sign("user", str(person.user_id))


@pytest.fixture
def one(ask):
    """`await one(week, ida)`: her rating with history and diary, as a bot reads it."""

    async def read(week, person, by=None):
        return await ask("GET", f"/club/weeks/{week}/ratings/{person.user_id}", by=by)

    return read
