"""How the fetching from a linked account is, as its owner sees it."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.fakes.listenbrainz import TOKEN

from contracts.listening import SyncReported

AT, LINK = "/users/me/links", "/auth/listenbrainz/link"
NOW = datetime(2025, 11, 24, 20, 0, tzinfo=UTC)


@pytest.fixture
async def browser(browsers, make_user, listenbrainz):
    browser = browsers(await make_user())
    (await browser.post(LINK, json={"token": TOKEN})).raise_for_status()
    return browser


@pytest.fixture
def report(browser, deliver):
    async def told(version, minutes=0, error=None, **more):
        whose = {"user_id": browser.door.user, "provider": "listenbrainz"} | more
        at = NOW + timedelta(minutes=minutes)
        await deliver(SyncReported(version=version, last_sync_at=at, error=error, **whose))

    return told


@pytest.fixture
def seen(browser):
    async def read():
        (link,) = (await browser.get(AT)).json()["items"]
        return link["last_sync_at"], link["sync_error"]

    return read


async def test_the_newest_report_is_seen_whatever_order_they_come_in(report, seen):
    assert await seen() == (None, None)
    await report(7, minutes=10, error="provider_away")
    await report(6, minutes=5)
    assert await seen() == ("2025-11-24T20:10:00Z", "provider_away")
    await report(8, minutes=20)
    assert await seen() == ("2025-11-24T20:20:00Z", None)


async def test_a_report_of_another_account_changes_nothing(report, seen, make_user):
    await report(7, provider="spotify")
    await report(8, user_id=await make_user("Ida"))
    assert await seen() == (None, None)


async def test_of_an_account_that_is_linked_anew_only_what_came_since_is_seen(browser, report, seen):
    await report(7, error="private")
    (await browser.delete(f"{AT}/listenbrainz")).raise_for_status()
    await report(8)
    (await browser.post(LINK, json={"token": TOKEN})).raise_for_status()
    assert await seen() == (None, None)
    await report(9, minutes=1)
    assert await seen() == ("2025-11-24T20:01:00Z", None)
