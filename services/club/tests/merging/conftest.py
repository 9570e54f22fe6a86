"""Two who are one, and what both did."""

import pytest


@pytest.fixture
def me(sign):
    return lambda person: sign("user", str(person.user_id))


@pytest.fixture
def nominate(ask, record):
    """`await nominate(week, ida, album, …)`: the nomination."""

    async def put_up(week, person, album, **said):
        body = {"user": {"user_id": str(person.user_id)}, "album": {"album_id": str(album.album_id)}} | said
        answer = await ask("POST", f"/club/weeks/{week}/nominations", body)
        assert answer.is_success, answer.text
        return answer.json()

    return put_up


@pytest.fixture
async def won(ask, a_week, record):
    """`await won(3)`: the id of a week that Blue won."""
    blue = await record("Blue")

    async def make(number):
        week_id = await a_week(number)
        await ask("PATCH", f"/club/weeks/{week_id}", {"winner_album_id": str(blue.album_id)})
        return week_id

    return make


@pytest.fixture
def rate(ask):
    async def send(week, person, rating, **more):
        body = {"user": {"user_id": str(person.user_id)}, "rating": rating} | more
        answer = await ask("POST", f"/club/weeks/{week}/ratings", body)
        assert answer.is_success, answer.text
        return answer.json()

    return send


@pytest.fixture
def entry(ask, sign):
    """`await entry()`: the one entry of the audit that tells of the merge."""

    async def read():
        (only,) = (await ask("GET", "/admin/audit?action=member.merged", by=sign("admin"))).json()["items"]
        return only

    return read
