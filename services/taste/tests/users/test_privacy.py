"""Who shows less of themself is seen less at once."""

import pytest
from services.taste.tests.telling import IDA, user

LESS = user(version=9, privacy={"taste": "private"})


@pytest.fixture
def tell(client, sign):
    async def send(told, kind="service", sub=None):
        body = told.model_dump(mode="json")
        return await client.post("/internal/tasters/privacy", json=body, headers=sign(kind, sub=sub))

    return send


@pytest.fixture
def seen(client, sign):
    async def status():
        return (await client.get(f"/users/{IDA}/taste", headers=sign("anonymous"))).status_code

    return status


async def test_to_show_less_holds_as_soon_as_it_is_told_and_what_is_told_late_does_not_show_more(tell, seen, deliver):
    await deliver(user())
    assert await seen() == 200
    assert (await tell(LESS)).status_code == 200
    assert await seen() == 403
    await deliver(user(version=8))
    assert await seen() == 403
    await deliver(user(version=10))
    assert await seen() == 200


async def test_only_services_tell_it(tell, seen, deliver):
    await deliver(user())
    for kind in ("anonymous", "user", "bot", "worker", "admin"):
        assert (await tell(LESS, kind)).status_code == 403
    assert await seen() == 200
