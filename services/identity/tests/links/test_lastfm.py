"""Linking Last.fm: through its page, and back with our own nonce in the address."""

from urllib.parse import parse_qs, urlsplit

import pytest
from tests.fakes.faults import BROKEN, Reply
from tests.fakes.lastfm import API

from contracts.accounts import LinkChanged


@pytest.fixture
def begin(browsers, lastfm, make_user):
    """A member's browser, and the page it was told to open."""

    async def begin_(path="/auth/lastfm/link", name="Wren"):
        browser = browsers(await make_user(name))
        answer = await browser.post(path)
        assert answer.status_code == 200, answer.text
        return browser, answer.json()["authorize_url"]

    return begin_


async def test_who_agrees_on_its_page_has_linked_it(begin, lastfm, accounts, opened, announced):
    browser, page = await begin()
    back = await browser.callback(page)
    answer = await browser.get(back, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    row = (await accounts())["lastfm", "wren"]
    assert (row.user_id, row.status) == (browser.door.user, "ok")
    assert lastfm.sessions[opened(row)["session_key"]] == "Wren"
    (event,) = await announced(LinkChanged)
    assert (event.provider, event.account, event.status, event.user_id) == ("lastfm", "wren", "ok", row.user_id)


async def test_the_nonce_stands_in_our_own_address_for_lastfm_hands_no_state_through(begin):
    _, page = await begin()
    asked = parse_qs(urlsplit(page).query)
    assert "state" not in asked
    assert len(parse_qs(urlsplit(asked["cb"][0]).query)["state"][0]) >= 43


async def test_afterwards_the_browser_is_where_it_wanted_to_go(begin):
    browser, page = await begin("/auth/lastfm/link?next=/settings%3Ftab=links")
    answer = await browser.get(await browser.callback(page), follow_redirects=False)
    assert answer.headers["location"] == "/settings?tab=links"


async def test_a_member_who_did_not_agree_has_linked_nothing(begin, lastfm, accounts):
    browser, page = await begin()
    lastfm.agrees = False
    answer = await browser.agree(page)
    assert (answer.status_code, answer.json()["code"]) == (400, "not_accepted")
    assert await accounts() == {}


async def test_an_invented_token_links_nothing(begin, accounts):
    browser, page = await begin()
    back = await browser.callback(page)
    answer = await browser.get(back.replace("token=", "token=x"))
    assert (answer.status_code, answer.json()["code"]) == (400, "not_accepted")
    assert await accounts() == {}


@pytest.mark.parametrize("fault", [*BROKEN])
async def test_when_it_misbehaves_nothing_is_linked_and_one_can_begin_anew(begin, lastfm, accounts, fault):
    browser, page = await begin()
    lastfm.fault(API, BROKEN[fault])
    answer = await browser.agree(page)
    assert (answer.status_code, answer.json()["code"]) == (503, "provider_away")
    assert await accounts() == {}
    lastfm.mend()
    page = (await browser.post("/auth/lastfm/link")).json()["authorize_url"]
    await browser.agree(page)
    assert set(await accounts()) == {("lastfm", "wren")}


@pytest.mark.parametrize(
    ("number", "status", "code"),
    [
        (4, 400, "not_accepted"),
        (14, 400, "not_accepted"),
        (15, 400, "not_accepted"),
        (11, 503, "provider_away"),
        (16, 503, "provider_away"),
        (10, 503, "provider_away"),
        (29, 503, "provider_busy"),
    ],
)
async def test_what_it_says_with_a_200_is_heard(begin, lastfm, number, status, code):
    browser, page = await begin()
    lastfm.fault(API, Reply.of({"error": number, "message": "No."}))
    answer = await browser.agree(page)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_another_account_of_ones_own_takes_the_place_of_the_first(begin, browsers, lastfm, accounts, announced):
    browser, page = await begin()
    await browser.agree(page)
    lastfm.user = "Wren2"
    await browser.agree((await browser.post("/auth/lastfm/link")).json()["authorize_url"])
    assert {key: row.status for key, row in (await accounts()).items()} == {
        ("lastfm", "wren"): "unlinked",
        ("lastfm", "wren2"): "ok",
    }
    assert [(event.account, event.status) for event in await announced(LinkChanged)] == [
        ("wren", "ok"),
        ("wren", "unlinked"),
        ("wren2", "ok"),
    ]


async def test_without_an_api_key_it_is_not_set_up(begin, monkeypatch, client, sign):
    await begin()
    monkeypatch.setenv("SIDETRACK_LASTFM_SECRET", "")
    answer = await client.post("/auth/lastfm/link", headers=sign("user"))
    assert (answer.status_code, answer.json()["code"]) == (503, "provider_not_configured")
