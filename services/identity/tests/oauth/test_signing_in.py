"""Signing in with Discord and Spotify, from our page over theirs and back."""

from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select
from tests.fakes import discord as at_discord
from tests.fakes import spotify as at_spotify
from tests.fakes.faults import BROKEN, BUSY

from contracts.accounts import LinkChanged
from contracts.identity import UserChanged
from identity.models import LinkedAccount, OAuthState, Session, User

TOKEN = {"discord": at_discord.TOKEN, "spotify": at_spotify.TOKEN}
PROFILE = {"discord": at_discord.ME, "spotify": at_spotify.ME}
each = pytest.mark.parametrize("provider", ["discord", "spotify"])


@pytest.fixture
def there(request):
    """The fake of a provider."""
    return request.getfixturevalue


@pytest.fixture
def rows(stage):
    async def read(table):
        async with stage.db.transaction() as tx:
            return (await tx.scalars(select(table))).all()

    return read


async def sign_in(browser, provider, next_="/weeks"):
    """Where the browser has come to, at the end of all redirects but the last, which is ours."""
    page = (await browser.get(f"/auth/{provider}/login?next={next_}", follow_redirects=False)).headers["location"]
    return await browser.get(await browser.callback(page), follow_redirects=False)


@each
async def test_who_was_never_here_is_made_and_signed_in(provider, there, browsers, rows, announced):
    there(provider)
    answer = await sign_in(browsers(), provider)
    assert (answer.status_code, answer.headers["location"]) == (303, "/weeks")
    (user,), (session,), (account,) = await rows(User), await rows(Session), await rows(LinkedAccount)
    assert (user.display_name, user.avatar_url is not None) == ("Wren", True)
    assert (session.user_id, session.method) == (user.id, provider)
    assert (account.user_id, account.provider_id) == (user.id, there(provider).user)
    assert [event.user_id for event in await announced(UserChanged)] == [user.id]


@each
async def test_a_session_begins_with_a_cookie_that_no_page_can_read(provider, there, browsers):
    there(provider)
    cookies = (await sign_in(browsers(), provider)).headers.get_list("set-cookie")
    assert [True for cookie in cookies if "sidetrack" in cookie and "httponly" in cookie.lower()]


@each
async def test_who_signs_in_again_is_the_same_and_is_called_as_before(provider, there, browsers, rows, announced):
    fake = there(provider)
    await sign_in(browsers(), provider)
    fake.shown = {"username": "other", "global_name": "Other", "avatar": None, "display_name": "Other", "images": []}
    await sign_in(browsers(), provider)
    (user,) = await rows(User)
    assert (user.display_name, len(await rows(Session)), len(await announced(UserChanged))) == ("Wren", 2, 1)


async def test_who_the_bot_has_met_signs_in_as_that_person(discord, browsers, rows, client, sign):
    met = (await client.put(f"/users/discord/{discord.user}", json={"display_name": "Wrenny"}, headers=sign())).json()
    await sign_in(browsers(), "discord")
    (session,), (user,) = await rows(Session), await rows(User)
    assert (str(session.user_id), user.display_name) == (met["id"], "Wrenny")


@each
async def test_who_only_signs_in_has_given_us_nothing_to_use(provider, there, browsers, rows, announced):
    there(provider)
    await sign_in(browsers(), provider)
    (account,) = await rows(LinkedAccount)
    assert (account.encrypted_tokens, account.access_expires_at) == (None, None)
    assert "canary" not in "".join(event.model_dump_json() for event in await announced())


async def test_discord_is_asked_for_identify_and_spotify_for_nothing(discord, spotify, browsers):
    for provider, scope in (("discord", "identify"), ("spotify", "")):
        answer = await browsers().get(f"/auth/{provider}/login", follow_redirects=False)
        asked = parse_qs(urlsplit(answer.headers["location"]).query, keep_blank_values=True)
        assert (asked["scope"], asked["code_challenge_method"]) == ([scope], ["S256"])
        assert asked["redirect_uri"] == [f"http://127.0.0.1:8000/auth/{provider}/callback"]


@each
async def test_a_member_who_does_not_agree_is_not_signed_in(provider, there, browsers, rows):
    there(provider).agrees = False
    answer = await sign_in(browsers(), provider)
    assert (answer.status_code, answer.json()["code"]) == (400, "declined")
    assert (await rows(Session), await rows(User)) == ([], [])


@each
@pytest.mark.parametrize("fault", [*BROKEN])
@pytest.mark.parametrize("where", [TOKEN, PROFILE], ids=["token", "profile"])
async def test_when_it_misbehaves_nobody_is_signed_in_and_one_can_begin_anew(
    provider, there, browsers, rows, fault, where
):
    fake, browser = there(provider), browsers()
    fake.fault(where[provider], BROKEN[fault])
    answer = await sign_in(browser, provider)
    assert (answer.status_code, answer.json()["code"]) == (503, "provider_away")
    assert (await rows(Session), await rows(User)) == ([], [])
    fake.mend()
    assert (await sign_in(browser, provider)).status_code == 303


@each
async def test_when_it_asks_to_wait_the_member_is_told_how_long(provider, there, browsers):
    there(provider).fault(TOKEN[provider], BUSY["most of a day"])
    answer = await sign_in(browsers(), provider)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "79892")


@each
@pytest.mark.parametrize("evil", ["//evil", "/%5cevil", "https:evil", "%09javascript:alert(1)", "/%0d%0aX:y", ""])
async def test_nobody_is_sent_to_another_site_afterwards(provider, there, browsers, rows, evil):
    there(provider)
    answer = await browsers().get(f"/auth/{provider}/login?next={evil}", follow_redirects=False)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_next")
    assert await rows(OAuthState) == []


@each
async def test_without_our_keys_there_it_is_not_set_up(provider, there, browsers, monkeypatch):
    there(provider)
    monkeypatch.setenv(f"SIDETRACK_{provider.upper()}_CLIENT_ID", "")
    for path in ("login", "link"):
        browser = browsers("019ab6e1-1111-7111-8111-111111111111")
        answer = await browser.request("GET" if path == "login" else "POST", f"/auth/{provider}/{path}")
        assert (answer.status_code, answer.json()["code"]) == (503, "provider_not_configured")


async def test_a_name_that_nobody_can_have_here_is_not_taken_over(discord, browsers, rows):
    discord.shown = {"username": " ", "global_name": "a\0b", "avatar": "../../x"}
    await sign_in(browsers(), "discord")
    (user,) = await rows(User)
    assert (user.display_name, user.avatar_url) == (f"Member {discord.user[-4:]}", None)


async def test_what_discord_calls_an_id_must_be_one(discord, browsers, rows):
    discord.user = "admin' --"
    assert (await sign_in(browsers(), "discord")).json()["code"] == "provider_away"
    assert await rows(User) == []


async def test_who_signs_in_with_a_linked_spotify_account_keeps_the_link(spotify, browsers, make_user, accounts):
    browser = browsers(await make_user())
    await browser.get(
        await browser.callback((await browser.post("/auth/spotify/link")).json()["authorize_url"]),
        follow_redirects=False,
    )
    before = (await accounts())["spotify", spotify.user]
    await sign_in(browsers(), "spotify")
    after = (await accounts())["spotify", spotify.user]
    assert (after.encrypted_tokens, after.version) == (before.encrypted_tokens, before.version)


async def test_a_first_sign_in_with_spotify_is_announced_as_a_link_without_scopes(spotify, browsers, announced):
    await sign_in(browsers(), "spotify")
    (event,) = await announced(LinkChanged)
    assert (event.provider, event.account, event.status, event.scopes) == ("spotify", spotify.user, "ok", [])
