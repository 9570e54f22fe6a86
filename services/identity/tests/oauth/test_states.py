"""Whoever comes back must be who went, once, and in time."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from identity.models import LinkedAccount, OAuthState, Session

PROVIDERS = ("discord", "spotify", "lastfm")
CODE = {"discord": "code", "spotify": "code", "lastfm": "token"}
each = pytest.mark.parametrize("provider", PROVIDERS)
each_to_sign_in = pytest.mark.parametrize("provider", ["discord", "spotify"])


@pytest.fixture
def there(discord, spotify, lastfm):
    return {"discord": discord, "spotify": spotify, "lastfm": lastfm}


@pytest.fixture
def begin_link(browsers, make_user, there):
    """A member's browser, and the address at which the provider sends it back."""

    async def begin(provider):
        browser = browsers(await make_user())
        page = (await browser.post(f"/auth/{provider}/link")).json()["authorize_url"]
        return browser, await browser.callback(page)

    return begin


@pytest.fixture
def begin_sign_in(browsers, there):
    async def begin(provider):
        browser = browsers()
        page = (await browser.get(f"/auth/{provider}/login", follow_redirects=False)).headers["location"]
        return browser, await browser.callback(page)

    return begin


@pytest.fixture
def nothing_came_of_it(stage, there):
    """Refused with a 400, no link and no session; and of the providers, nobody was asked."""

    async def check(answer, *, asked=0):
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_state")
        async with stage.db.transaction() as tx:
            assert (await tx.scalars(select(LinkedAccount))).all() == []
            assert (await tx.scalars(select(Session))).all() == []
        assert sum(call.method == "POST" for fake in there.values() for call in fake.calls) == asked

    return check


@each
@pytest.mark.parametrize("state", [None, "", "x", "x" * 43, "\0", "é" * 99])
async def test_without_a_state_of_ours_nothing_is_linked(provider, browsers, make_user, nothing_came_of_it, state):
    given = {CODE[provider]: "abc"} | ({} if state is None else {"state": state})
    browser = browsers(await make_user())
    await nothing_came_of_it(await browser.get(f"/auth/{provider}/callback", params=given))


@each
async def test_a_state_is_good_once(provider, begin_link, accounts):
    browser, back = await begin_link(provider)
    assert (await browser.get(back, follow_redirects=False)).status_code == 303
    linked = await accounts()
    again = await browser.get(back, follow_redirects=False)
    assert (again.status_code, again.json()["code"]) == (400, "bad_state")
    assert {key: row.version for key, row in (await accounts()).items()} == {
        key: row.version for key, row in linked.items()
    }


@each
async def test_a_state_is_spent_even_when_the_code_was_no_good(provider, begin_link, nothing_came_of_it):
    browser, back = await begin_link(provider)
    refused = await browser.get(back.replace(f"{CODE[provider]}=", f"{CODE[provider]}=x"))
    assert (refused.status_code, refused.json()["code"]) == (400, "not_accepted")
    await nothing_came_of_it(await browser.get(back), asked=1)


@each
async def test_after_ten_minutes_it_is_too_late(provider, begin_link, stage, nothing_came_of_it):
    browser, back = await begin_link(provider)
    async with stage.db.transaction() as tx:
        (begun,) = (await tx.scalars(select(OAuthState))).all()
        left = begun.expires_at - datetime.now(UTC)
        assert timedelta(minutes=9) < left <= timedelta(minutes=10)
        await tx.execute(update(OAuthState).values(expires_at=datetime.now(UTC) - timedelta(seconds=1)))
    await nothing_came_of_it(await browser.get(back))


@each
async def test_another_member_cannot_end_what_one_has_begun(
    provider, begin_link, browsers, make_user, nothing_came_of_it
):
    _, back = await begin_link(provider)
    await nothing_came_of_it(await browsers(await make_user("Oskar P.")).get(back))


@each
async def test_another_browser_of_the_same_member_cannot_either(provider, begin_link, browsers, nothing_came_of_it):
    browser, back = await begin_link(provider)
    await nothing_came_of_it(await browsers(browser.door.user).get(back))


@each
async def test_another_member_in_the_same_browser_cannot_either(provider, begin_link, make_user, nothing_came_of_it):
    browser, back = await begin_link(provider)
    browser.door.user = await make_user("Oskar P.")
    await nothing_came_of_it(await browser.get(back))


@each
async def test_who_has_signed_out_meanwhile_links_nothing(provider, begin_link, nothing_came_of_it):
    browser, back = await begin_link(provider)
    browser.door.user = None
    await nothing_came_of_it(await browser.get(back))


@each_to_sign_in
async def test_nobody_is_signed_in_by_a_link_that_somebody_sent_them(
    provider, begin_sign_in, browsers, nothing_came_of_it
):
    _, attackers = await begin_sign_in(provider)
    await nothing_came_of_it(await browsers().get(attackers))


@each_to_sign_in
async def test_nor_by_one_that_takes_the_place_of_their_own(provider, begin_sign_in, nothing_came_of_it):
    victim, _ = await begin_sign_in(provider)
    _, attackers = await begin_sign_in(provider)
    await nothing_came_of_it(await victim.get(attackers))


@pytest.mark.parametrize(("begun", "ended"), [("discord", "spotify"), ("spotify", "discord"), ("spotify", "lastfm")])
async def test_a_state_is_for_one_provider(begun, ended, begin_link, nothing_came_of_it):
    browser, back = await begin_link(begun)
    crossed = back.replace(f"/auth/{begun}/", f"/auth/{ended}/").replace("code=", f"{CODE[ended]}=")
    await nothing_came_of_it(await browser.get(crossed))


@each_to_sign_in
async def test_two_tabs_may_both_sign_in(provider, begin_sign_in):
    browser, first = await begin_sign_in(provider)
    page = (await browser.get(f"/auth/{provider}/login", follow_redirects=False)).headers["location"]
    second = await browser.callback(page)
    for back in (first, second):
        assert (await browser.get(back, follow_redirects=False)).status_code == 303


@each_to_sign_in
async def test_a_code_of_one_sign_in_ends_no_other(provider, begin_sign_in, there, stage):
    """Whoever injects a code that was issued for another verifier gets nothing: PKCE."""
    browser, first = await begin_sign_in(provider)
    page = (await browser.get(f"/auth/{provider}/login", follow_redirects=False)).headers["location"]
    second = await browser.callback(page)
    state = second.split("state=")[1]
    answer = await browser.get(f"{first.split('state=')[0]}state={state}")
    assert (answer.status_code, answer.json()["code"]) == (400, "not_accepted")


async def test_of_a_state_only_its_hash_is_kept(begin_link, stage):
    _, back = await begin_link("spotify")
    state = back.split("state=")[1].encode()
    async with stage.db.transaction() as tx:
        (begun,) = (await tx.scalars(select(OAuthState))).all()
    assert state not in begun.state_hash


async def test_what_nobody_came_back_from_goes_by_itself(begin_link, stage):
    await begin_link("spotify")
    async with stage.db.transaction() as tx:
        await tx.execute(update(OAuthState).values(expires_at=datetime.now(UTC) - timedelta(seconds=1)))
    await begin_link("discord")
    async with stage.db.transaction() as tx:
        assert [row.provider for row in await tx.scalars(select(OAuthState))] == ["discord"]


@pytest.mark.parametrize(
    ("public", "name", "told"),
    [
        ("http://127.0.0.1:8000", "sidetrack_oauth", {"HttpOnly", "Path=/auth", "SameSite=lax", "Max-Age=600"}),
        ("https://club.example", "__Host-sidetrack_oauth", {"HttpOnly", "Path=/", "SameSite=lax", "Secure"}),
        ("http://club.example", "__Host-sidetrack_oauth", {"HttpOnly", "Path=/", "SameSite=lax", "Secure"}),
    ],
)
async def test_the_cookie_is_for_nobody_else(there, client, sign, monkeypatch, public, name, told):
    monkeypatch.setenv("SIDETRACK_PUBLIC_URL", public)
    answer = await client.get("/auth/discord/login", headers=sign("anonymous"))
    cookie, *attributes = answer.headers["set-cookie"].split("; ")
    assert cookie.partition("=")[0] == name
    assert told <= set(attributes)
    assert not [each for each in attributes if each.lower().startswith("domain")]
    assert answer.headers["cache-control"] == "no-store"
