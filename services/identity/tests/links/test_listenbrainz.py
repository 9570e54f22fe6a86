"""Linking ListenBrainz by its user token."""

import pytest
from tests.fakes.faults import BROKEN, BUSY
from tests.fakes.listenbrainz import TOKEN, VALIDATE

from contracts.accounts import LinkChanged

AT = "/auth/listenbrainz/link"


@pytest.fixture
async def browser(browsers, listenbrainz, make_user):
    return browsers(await make_user())


async def link(browser, token=TOKEN):
    return await browser.post(AT, json={"token": token})


async def test_a_good_token_links_the_account_it_belongs_to(browser, accounts, opened, announced):
    answer = await link(browser)
    assert answer.status_code == 200
    row = (await accounts())["listenbrainz", "wren"]
    assert {"provider": "listenbrainz", "account": "wren", "status": "ok"}.items() <= answer.json().items()
    assert opened(row) == {"user_token": TOKEN}
    (event,) = await announced(LinkChanged)
    assert (event.user_id, event.account) == (browser.door.user, "wren")


async def test_the_token_is_in_no_answer_no_event_and_no_row_in_the_open(browser, accounts, announced):
    told = (await link(browser)).text + (await browser.get("/users/me/links")).text
    told += "".join(event.model_dump_json() for event in await announced())
    row = (await accounts())["listenbrainz", "wren"]
    assert TOKEN not in told
    assert TOKEN.encode() not in row.encrypted_tokens


async def test_a_token_that_it_does_not_know_links_nothing(browser, accounts):
    answer = await link(browser, TOKEN.replace("8", "9"))
    assert (answer.status_code, answer.json()["code"]) == (422, "wrong_token")
    assert await accounts() == {}


@pytest.mark.parametrize("token", ["", "hunter2", TOKEN + "\r\nX: y", f" {TOKEN}", None, 7, [TOKEN]])
async def test_what_is_no_token_is_never_sent_there(browser, listenbrainz, token):
    assert (await link(browser, token)).status_code == 422
    assert listenbrainz.calls == []


async def test_linking_it_again_changes_nothing_but_the_moment(browser, accounts):
    first = (await link(browser)).json()
    again = (await link(browser)).json()
    assert again["authorized_at"] > first["authorized_at"]
    assert (again["id"], again["linked_at"]) == (first["id"], first["linked_at"])
    assert len(await accounts()) == 1


@pytest.mark.parametrize("fault", [*BROKEN])
async def test_when_it_misbehaves_nothing_is_linked(browser, listenbrainz, accounts, fault):
    listenbrainz.fault(VALIDATE, BROKEN[fault])
    answer = await link(browser)
    assert (answer.status_code, answer.json()["code"]) == (503, "provider_away")
    assert await accounts() == {}


@pytest.mark.parametrize(
    ("said", "waits"),
    [("seconds", 7), ("most of a day", 79_892), ("garbage", 60), ("nothing", 60), ("a date", 604_800)],
)
async def test_when_it_asks_to_wait_the_member_is_told_how_long(browser, listenbrainz, said, waits):
    listenbrainz.fault(VALIDATE, BUSY[said])
    answer = await link(browser)
    assert (answer.status_code, answer.json()["code"]) == (503, "provider_busy")
    assert answer.headers["retry-after"] == str(waits)


async def test_an_account_that_somebody_else_has_linked_is_never_moved(browser, browsers, make_user, accounts):
    await link(browser)
    oskar = browsers(await make_user("Oskar P."))
    answer = await link(oskar)
    assert (answer.status_code, answer.json()["code"]) == (409, "account_taken")
    assert (await accounts())["listenbrainz", "wren"].user_id == browser.door.user


async def test_once_it_is_unlinked_somebody_else_may_link_it(browser, browsers, make_user, accounts, announced):
    await link(browser)
    assert (await browser.delete("/users/me/links/listenbrainz")).status_code == 204
    oskar = browsers(await make_user("Oskar P."))
    assert (await link(oskar)).status_code == 200
    assert (await accounts())["listenbrainz", "wren"].user_id == oskar.door.user
    events = await announced(LinkChanged)
    assert [event.status for event in events] == ["ok", "unlinked", "ok"]
    assert sorted({event.version for event in events}) == [event.version for event in events]
    assert len({event.link_id for event in events}) == 1


@pytest.mark.parametrize(("kind", "status"), [("anonymous", 401), ("bot", 403), ("worker", 403), ("admin", 403)])
async def test_only_members_link_accounts(client, sign, listenbrainz, kind, status):
    answer = await client.post(AT, json={"token": TOKEN}, headers=sign(kind))
    assert answer.status_code == status
    assert listenbrainz.calls == []


async def test_without_a_vault_key_the_token_is_not_even_tried(browser, listenbrainz, monkeypatch):
    monkeypatch.delenv("SIDETRACK_VAULT_KEYS")
    answer = await link(browser)
    assert (answer.status_code, answer.json()["code"]) == (503, "vault_locked")
    assert listenbrainz.calls == []
