"""Weeks with deadlines."""

from datetime import UTC, datetime, timedelta

import pytest


@pytest.fixture
def hours():
    """`hours(3)`: the moment three hours from now, as it is written."""

    def moment(count):
        return (datetime.now(UTC) + timedelta(hours=count)).isoformat().replace("+00:00", "Z")

    return moment


@pytest.fixture
def managed(ask, hours):
    """`await managed(nominating=1, voting=2)`: a new week whose phases end in so many hours."""

    async def make(number=3, **ends):
        body = {"number": number, "deadlines": {phase: hours(count) for phase, count in ends.items()}}
        answer = await ask("POST", "/club/weeks", body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    return make


@pytest.fixture
def advance(ask):
    """`await advance(week, "voting")`: the answer to a bot; with `by`, to somebody else."""

    async def move(week, to, since=None, by=None):
        step = {"to": to} | ({"from": since} if since else {})
        return await ask("POST", f"/club/weeks/{week['id']}/advance", step, by)

    return move
