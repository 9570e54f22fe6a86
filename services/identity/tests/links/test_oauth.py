"""Linking Discord and Spotify, from our page over theirs and back."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from contracts.accounts import LinkChanged
from contracts.audit import IdentityAuditRecorded
from contracts.identity import UserChanged
from identity.links.expiry import warn_of_ends
from identity.models import LinkedAccount, Password

each = pytest.mark.parametrize("provider", ["discord", "spotify"])


@pytest.fixture
def link(browsers, make_user):
    """`link(provider)`: the answer to the last step, in the browser of a new member or of this one."""

    async def link_(provider, browser=None):
        browser = browser or browsers(await make_user())
        page = (await browser.post(f"/auth/{provider}/link?next=/settings")).json()["authorize_url"]
        return browser, await browser.get(await browser.callback(page), follow_redirects=False)

    return link_


async def test_a_linked_spotify_account_can_be_used_and_nothing_is_seen_of_how(
    spotify, link, accounts, opened, announced
):
    browser, answer = await link("spotify")
    assert (answer.status_code, answer.headers["location"]) == (303, "/settings")
    row = (await accounts())["spotify", spotify.user]
    assert (row.user_id, row.status, row.scopes) == (browser.door.user, "ok", ["user-read-recently-played"])
    secrets = opened(row)
    assert secrets["access_token"] in spotify.access
    assert secrets["refresh_token"] in spotify.refresh
    told = "".join(event.model_dump_json() for event in await announced()) + answer.text
    told += (await browser.get("/users/me/links")).text
    assert "canary" not in told
    assert b"canary" not in row.encrypted_tokens


async def test_of_discord_nothing_is_kept_but_whose_account_it_is(discord, link, accounts, announced):
    browser, _ = await link("discord")
    row = (await accounts())["discord", discord.user]
    assert (row.user_id, row.encrypted_tokens, row.scopes) == (browser.door.user, None, ["identify"])
    (user,), (told,) = await announced(UserChanged), await announced(LinkChanged)
    assert (user.user_id, user.discord_id) == (browser.door.user, discord.user)
    assert (told.provider, told.account) == ("discord", discord.user)


@each
async def test_an_account_that_somebody_else_has_linked_is_never_moved(
    provider, request, link, accounts, announced, stage
):
    fake = request.getfixturevalue(provider)
    first, _ = await link(provider)
    async with stage.db.transaction() as tx:
        tx.add(Password(user_id=first.door.user, hash="of theirs"))
    _, answer = await link(provider)
    assert (answer.status_code, answer.json()["code"]) == (409, "account_taken")
    assert (await accounts())[provider, fake.user].user_id == first.door.user
    assert len(await announced(LinkChanged)) == 1


async def test_a_person_whom_only_the_bot_has_met_is_whoever_links_their_account(discord, link, accounts, client, sign):
    met = (await client.put(f"/users/discord/{discord.user}", json={}, headers=sign())).json()
    browser, answer = await link("discord")
    assert (answer.status_code, answer.headers["location"]) == (303, "/settings")
    assert (await accounts())["discord", discord.user].user_id == browser.door.user
    both = [
        (await client.get(f"/users/{each}", headers=sign())).json()["id"] for each in (met["id"], browser.door.user)
    ]
    assert both == [str(browser.door.user)] * 2


@each
async def test_linking_it_again_is_no_second_link(provider, request, link, accounts, announced):
    fake = request.getfixturevalue(provider)
    browser, _ = await link(provider)
    first = (await accounts())[provider, fake.user]
    _, answer = await link(provider, browser)
    again = (await accounts())[provider, fake.user]
    assert answer.status_code == 303
    assert (again.id, again.linked_at) == (first.id, first.linked_at)
    assert again.authorized_at > first.authorized_at
    assert len(await announced(UserChanged)) == (1 if provider == "discord" else 0)


async def test_a_link_that_had_ended_is_good_again_once_it_is_linked_anew(spotify, link, accounts, stage, announced):
    browser, _ = await link("spotify")
    async with stage.db.transaction() as tx:
        await tx.execute(update(LinkedAccount).values(status="needs_relink"))
    await link("spotify", browser)
    assert (await accounts())["spotify", spotify.user].status == "ok"
    assert [event.status for event in await announced(LinkChanged)] == ["ok", "ok"]


@pytest.mark.parametrize(("days", "status"), [(149, "ok"), (151, "expiring"), (200, "expiring")])
async def test_a_month_before_spotify_ends_it_the_member_is_warned_once(
    spotify, link, stage, accounts, announced, days, status
):
    browser, _ = await link("spotify")
    later = datetime.now(UTC) + timedelta(days=days)
    warned = [await warn_of_ends(stage.db, later) for _ in range(2)]
    assert (await accounts())["spotify", spotify.user].status == status
    assert warned == [status == "expiring", 0]
    assert [event.status for event in await announced(LinkChanged)][1:] == ([status] if status == "expiring" else [])
    (shown,) = (await browser.get("/users/me/links")).json()["items"]
    assert shown["status"] == status
    authorized, ends = (datetime.fromisoformat(shown[name]) for name in ("authorized_at", "expires_at"))
    assert ends - authorized == timedelta(days=180)


async def test_who_may_still_be_told_is_told_however_many_there_are(spotify, link, stage, monkeypatch):
    monkeypatch.setattr("identity.links.expiry.BATCH", 1)
    for spotify.user in ("a", "b", "c"):
        await link("spotify")
    assert await warn_of_ends(stage.db, datetime.now(UTC) + timedelta(days=170)) == 3


async def test_what_was_done_is_written_down_by_whom_and_without_a_token(spotify, link, announced):
    browser, _ = await link("spotify")
    (entry,) = [event.entry for event in await announced(IdentityAuditRecorded)]
    assert (entry.action, entry.actor_id, entry.subject_id) == ("link.made", *[str(browser.door.user)] * 2)
    assert "canary" not in entry.model_dump_json()


async def test_a_state_of_linked_accounts_can_be_stated_anew(spotify, link, stage, app):
    await link("spotify")
    announcer = app.state.announcers["link"]
    async with stage.db.transaction() as tx:
        rows = (await tx.scalars(select(LinkedAccount))).all()
        (event,) = await announcer.state(tx, rows)
    assert (event.link_id, event.version) == (rows[0].id, rows[0].version)
