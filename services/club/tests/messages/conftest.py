"""Messages as Discord has them: their ids tell when they were sent."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

NUMBERS = count(1)


@pytest.fixture
def message():
    """`message(ida, "nomination", "Blue — Joni Mitchell", minutes=-30)`: one that was sent so many minutes ago."""

    def make(person, kind, content="", minutes=0.0, **more):
        moment = datetime.now(UTC) + timedelta(minutes=minutes)
        snowflake = int(moment.timestamp() * 1000 - 1420070400000) << 22 | next(NUMBERS) % 2**22
        author = {"discord_id": person.discord_id, "display_name": person.display_name}
        return {"id": str(snowflake), "kind": kind, "author": author, "content": content} | more

    return make


@pytest.fixture
def resync(ask):
    """`await resync(week, message, …)`: what became of each."""

    async def send(week, *messages, complete=(), by=None):
        body = {"messages": list(messages), "complete": list(complete)}
        answer = await ask("POST", f"/club/weeks/{week}/resync", body, by=by)
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]

    return send


@pytest.fixture
def became():
    return lambda items: [(item["became"], item["code"]) for item in items]
