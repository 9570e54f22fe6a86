"""Nominating, as a bot does it."""

import pytest

from contracts.nominations import NominationChanged


@pytest.fixture
async def scene(a_week, club_of, record):
    """A week, Ida, Ben, and Blue."""
    return [await a_week(), *await club_of("Ida", "Ben"), await record("Blue")]


@pytest.fixture
def nominate(ask):
    """`await nominate(week, ida, blue, pitch=…)`: the answer to a bot's request."""

    async def send(week, person, album, /, **more):
        body = {"user": {"user_id": str(person.user_id)}, "album": {"album_id": str(album.album_id)}} | more
        return await ask("POST", f"/club/weeks/{week}/nominations", body)

    return send


@pytest.fixture
def listed(ask):
    async def get(week, headers=None):
        answer = await ask("GET", f"/club/weeks/{week}/nominations", by=headers)
        assert answer.status_code == 200
        return answer.json()["items"]

    return get


@pytest.fixture
def vote(ask):
    """`await vote(week, ben, nomination)`: the answer to a first choice."""

    async def send(week, person, nomination_id):
        body = {"user": {"user_id": str(person.user_id)}, "nomination_id": nomination_id, "rank": 1}
        return await ask("POST", f"/club/weeks/{week}/votes", body)

    return send


@pytest.fixture
def told(announced):
    """`await told()`: the nominations' states as they were announced, oldest first."""

    async def read():
        return await announced(NominationChanged)

    return read


@pytest.fixture
def audited(ask, sign):
    """`await audited(nomination)`: its entries in the audit, newest first."""

    async def read(nomination_id):
        return (await ask("GET", f"/admin/audit?subject_id={nomination_id}", by=sign("admin"))).json()["items"]

    return read
