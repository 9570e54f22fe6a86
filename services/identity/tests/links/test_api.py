"""A member's links over HTTP."""

import pytest
from tests.fakes.listenbrainz import TOKEN

from contracts.accounts import LinkChanged
from contracts.audit import IdentityAuditRecorded
from contracts.identity import UserChanged
from identity.models import LinkedAccount, Password

AT = "/users/me/links"


@pytest.fixture
async def browser(browsers, make_user, listenbrainz):
    return browsers(await make_user())


@pytest.fixture
async def linked(browser):
    (await browser.post("/auth/listenbrainz/link", json={"token": TOKEN})).raise_for_status()


@pytest.fixture
def give(stage):
    async def give_(*rows):
        async with stage.db.transaction() as tx:
            tx.add_all(rows)

    return give_


async def test_a_member_sees_how_their_links_are_and_nothing_that_opens_them(browser, linked):
    (link,) = (await browser.get(AT)).json()["items"]
    assert set(link) == {
        "id",
        "provider",
        "account",
        "status",
        "scopes",
        "linked_at",
        "authorized_at",
        "expires_at",
        "last_sync_at",
        "sync_error",
    }
    assert (link["provider"], link["account"], link["status"], link["last_sync_at"]) == (
        "listenbrainz",
        "wren",
        "ok",
        None,
    )


async def test_a_member_sees_nobody_elses_links(browser, linked, browsers, make_user):
    assert (await browsers(await make_user()).get(AT)).json()["items"] == []


@pytest.mark.parametrize(("kind", "status"), [("anonymous", 401), ("bot", 403), ("worker", 403), ("admin", 403)])
async def test_links_are_for_members(client, sign, kind, status):
    for method, path in (("GET", AT), ("DELETE", f"{AT}/spotify")):
        assert (await client.request(method, path, headers=sign(kind))).status_code == status


async def test_unlinking_wipes_what_opens_the_account_and_is_announced(browser, linked, accounts, announced):
    assert (await browser.delete(f"{AT}/listenbrainz")).status_code == 204
    row = (await accounts())["listenbrainz", "wren"]
    assert (row.status, row.encrypted_tokens, row.details, row.scopes) == ("unlinked", None, {}, [])
    assert [event.status for event in await announced(LinkChanged)] == ["ok", "unlinked"]
    assert (await browser.get(AT)).json()["items"] == []
    again = await browser.delete(f"{AT}/listenbrainz")
    assert (again.status_code, again.json()["code"]) == (404, "not_linked")


async def test_linking_and_unlinking_are_written_down_without_a_token(browser, linked, announced):
    await browser.delete(f"{AT}/listenbrainz")
    told = [event.entry for event in await announced(IdentityAuditRecorded)]
    assert [entry.action for entry in told] == ["link.made", "link.removed"]
    assert {entry.actor_id for entry in told} == {str(browser.door.user)}
    assert TOKEN not in "".join(entry.model_dump_json() for entry in told)


async def test_the_only_way_to_sign_in_stays(browser, give, accounts):
    user_id = browser.door.user
    await give(LinkedAccount(provider="discord", provider_id="175", user_id=user_id))
    answer = await browser.delete(f"{AT}/discord")
    assert (answer.status_code, answer.json()["code"]) == (409, "last_way_in")
    await give(Password(user_id=user_id, hash="x"))
    assert (await browser.delete(f"{AT}/discord")).status_code == 204
    assert (await accounts())["discord", "175"].status == "unlinked"


async def test_who_has_unlinked_discord_is_told_of_without_it(browser, give, announced, client, sign):
    user_id = browser.door.user
    await give(LinkedAccount(provider="discord", provider_id="175", user_id=user_id))
    await give(Password(user_id=user_id, hash="x"))
    await browser.delete(f"{AT}/discord")
    (told,) = await announced(UserChanged)
    assert (told.user_id, told.discord_id) == (user_id, None)
    # And whoever the bot then meets under that id is another person.
    met = await client.put("/users/discord/175", json={}, headers=sign("bot"))
    assert (met.status_code, met.json()["id"] == str(user_id)) == (201, False)


async def test_a_provider_we_do_not_know_is_no_address(browser):
    assert (await browser.delete(f"{AT}/myspace")).status_code == 422
