"""Scrobblers of Last.fm's protocol: their keys, how they sign in, and how that ends."""

import hashlib
import os
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from identity.lastfm import store
from identity.models import LastFmApplication, LastFmSession, LastFmToken
from identity.vault.cipher import vault_at_hand
from identity.vault.rotation import Rotated, rotate


def md5(text):
    return hashlib.md5(text.encode()).hexdigest()


@pytest.fixture
async def wren(person, fakes):
    return await person("Wren", handle="wren")


@pytest.fixture
def make_key(client, me):
    async def make(whose, kind="lastfm", name="Phone"):
        answer = await client.post("/users/me/keys", json={"name": name, "kind": kind}, headers=me(whose))
        assert answer.status_code == 201, answer.text
        return answer.json()

    return make


@pytest.fixture
async def key(make_key, wren):
    return await make_key(wren)


@pytest.fixture
def ask(client, sign):
    """`await ask("sessions", key, …)`: what listening is answered, of a call that the key's secret signed."""

    async def call(what, key, said="api_keyXmethodY", **more):
        body = {"api_key": key["api_key"], "said": said, "signature": md5(said + key["secret"])} | more
        answer = await client.post(f"/internal/lastfm/{what}", json=body, headers=sign("service"))
        assert answer.status_code == 200, answer.text
        assert answer.headers["cache-control"] == "no-store"
        return answer.json()

    return call


@pytest.fixture
def sign_in(ask):
    async def begin(key, username="wren", **shown):
        return await ask("sessions", key, username=username, **shown)

    return begin


@pytest.fixture
def known(ask):
    """Whose session it is, or the fault."""

    async def read(key, session):
        told = await ask("calls", key, session=session)
        return told["name"] or told["fault"]

    return read


async def test_a_key_for_lastfm_shows_what_to_sign_with_once_and_is_listed_by_its_api_key(client, me, wren, make_key):
    made = await make_key(wren)
    assert (made["kind"], len(made["api_key"]), len(made["secret"])) == ("lastfm", 32, 32)
    plain = await make_key(wren, "ingest")
    assert (plain["kind"], plain["api_key"], plain["secret"]) == ("ingest", None, None)
    items = (await client.get("/users/me/keys", headers=me(wren))).json()["items"]
    # Made in one transaction here, the two are of one moment, and so in either order.
    told = sorted((item["kind"], item["api_key"]) for item in items)
    assert told == [("ingest", None), ("lastfm", made["api_key"])]
    assert all("secret" not in item and "key" not in item for item in items)


async def test_nothing_that_signs_lies_open_in_the_database(stage, key):
    async with stage.db.transaction() as tx:
        row = (await tx.scalars(select(LastFmApplication))).one()
    assert key["secret"].encode() not in row.sealed
    assert md5(key["key"]).encode() not in row.sealed


async def test_without_a_vault_there_is_no_such_key(client, me, wren, monkeypatch):
    monkeypatch.delenv("SIDETRACK_VAULT_KEYS")
    answer = await client.post("/users/me/keys", json={"name": "x", "kind": "lastfm"}, headers=me(wren))
    assert (answer.status_code, answer.json()["code"]) == (503, "vault_locked")
    assert (await client.post("/users/me/keys", json={"name": "x"}, headers=me(wren))).status_code == 201


async def test_a_key_is_the_password(wren, key, sign_in, known):
    begun = await sign_in(key, password=key["key"])
    assert (begun["name"], begun["user_id"], len(begun["session"])) == ("wren", str(wren.id), 32)
    assert await known(key, begun["session"]) == "wren"


async def test_any_of_ones_own_keys_is_and_each_ends_its_own_sessions(wren, key, make_key, sign_in, known, client, me):
    other = await make_key(wren, "ingest")
    with_other = (await sign_in(key, password=other["key"]))["session"]
    with_own = (await sign_in(key, "WREN", password=key["key"]))["session"]
    await client.delete(f"/users/me/keys/{other['id']}", headers=me(wren))
    assert [await known(key, session) for session in (with_other, with_own)] == ["invalid_session", "wren"]
    await client.delete(f"/users/me/keys/{key['id']}", headers=me(wren))
    assert await known(key, with_own) == "invalid_api_key"


async def test_the_older_way_proves_that_the_key_is_known(key, sign_in, known):
    proof = md5("wren" + md5(key["key"]))
    begun = await sign_in(key, auth_token=proof)
    assert await known(key, begun["session"]) == "wren"
    assert (await sign_in(key, auth_token=md5("wren" + md5("another"))))["fault"] == "authentication_failed"
    assert (await sign_in(key, "somebody", auth_token=proof))["fault"] == "authentication_failed"


@pytest.mark.parametrize("username", ["ida", "", "wren\0"])
async def test_nobody_signs_in_as_another(key, sign_in, username):
    assert (await sign_in(key, username, password=key["key"]))["fault"] == "authentication_failed"


async def test_a_key_of_another_is_no_password_and_neither_is_what_is_none(key, make_key, person, sign_in):
    ida = await make_key(await person("Ida", handle="ida"))
    for password in (ida["key"], "sdt_", "", "\0"):
        assert (await sign_in(key, password=password))["fault"] == "authentication_failed"
    assert (await sign_in(key))["fault"] == "authentication_failed"


async def test_who_has_no_handle_signs_in_by_their_id(person, fakes, make_key, sign_in):
    nameless = await person("Ida")
    key = await make_key(nameless)
    assert (await sign_in(key, str(nameless.id), password=key["key"]))["name"] == str(nameless.id)


@pytest.mark.parametrize("what", ["calls", "tokens", "sessions"])
async def test_what_is_signed_otherwise_or_by_nobody_known_is_a_fault(key, ask, what):
    session = {} if what == "tokens" else {"session": "0" * 32}
    for signature in ("0" * 32, "", "é", None):
        assert (await ask(what, key, signature=signature, **session))["fault"] == "invalid_signature"
    for api_key in ("0" * 32, "", "\0", key["api_key"].upper() + "x"):
        assert (await ask(what, key, api_key=api_key, **session))["fault"] == "invalid_api_key"


async def test_what_only_reads_need_not_be_signed_and_is_nobodys(key, ask):
    assert await ask("calls", key, signature=None) == {"fault": None, "user_id": None, "name": None}
    assert (await ask("calls", key, signature="0" * 32))["fault"] == "invalid_signature"


@pytest.mark.parametrize("session", ["0" * 32, "", "\0"])
async def test_a_session_that_is_none_is_a_fault(key, known, session):
    assert await known(key, session) == "invalid_session"


async def test_a_session_is_good_for_its_own_application_alone(wren, key, make_key, sign_in, known):
    session = (await sign_in(key, password=key["key"]))["session"]
    assert await known(await make_key(wren), session) == "invalid_session"


async def test_of_an_application_the_newest_sessions_stay(stage, key, sign_in, known, monkeypatch):
    monkeypatch.setattr(store, "MOST_SESSIONS", 2)
    first, second, third = [(await sign_in(key, password=key["key"]))["session"] for _ in range(3)]
    assert [await known(key, each) for each in (first, second, third)] == ["invalid_session", "wren", "wren"]
    async with stage.db.transaction() as tx:
        assert await tx.scalar(select(func.count()).select_from(LastFmSession)) == 2


@pytest.fixture
def approve(client, me):
    async def send(whose, key, token):
        body = {"api_key": key["api_key"], "token": token}
        answer = await client.post("/api/auth", json=body, headers=me(whose))
        return answer.status_code

    return send


async def test_a_token_lets_a_scrobbler_in_once_its_owner_has_approved_it_and_once_only(wren, key, ask, approve, known):
    token = (await ask("tokens", key))["token"]
    assert (await ask("sessions", key, token=token))["fault"] == "token_not_approved"
    assert await approve(wren, key, token) == 204
    begun = await ask("sessions", key, token=token)
    assert await known(key, begun["session"]) == "wren"
    assert (await ask("sessions", key, token=token))["fault"] == "authentication_failed"


async def test_nobody_approves_what_asks_for_another(key, ask, approve, person):
    token = (await ask("tokens", key))["token"]
    assert await approve(await person("Ida", handle="ida"), key, token) == 404
    assert (await ask("sessions", key, token=token))["fault"] == "token_not_approved"


async def test_a_token_ends_after_an_hour(stage, wren, key, ask, approve):
    token = (await ask("tokens", key))["token"]
    await approve(wren, key, token)
    async with stage.db.transaction() as tx:
        await tx.execute(update(LastFmToken).values(expires_at=func.now() - timedelta(seconds=1)))
    assert (await ask("sessions", key, token=token))["fault"] == "token_expired"
    assert await approve(wren, key, token) == 404


async def test_only_who_is_signed_in_approves_and_no_key_does(client, sign, key, wren, ask):
    body = {"api_key": key["api_key"], "token": (await ask("tokens", key))["token"]}
    statuses = {
        name: (await client.post("/api/auth", json=body, headers=headers)).status_code
        for name, headers in {
            "nobody": sign("anonymous"),
            "bot": sign("bot"),
            "key": sign("user", str(wren.id), ["listens:write"]),
        }.items()
    }
    assert statuses == {"nobody": 401, "bot": 403, "key": 403}


async def test_the_page_runs_its_own_script_and_nothing_else(client, sign):
    page = await client.get("/api/auth?api_key=%3Cscript%3E&token=x", headers=sign("anonymous"))
    assert page.headers["content-type"].startswith("text/html")
    assert "'sha256-" in page.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert "%3C" not in page.text


async def test_only_services_ask(client, sign, key):
    for kind in ("anonymous", "user", "bot", "worker", "admin"):
        for what in ("calls", "tokens", "sessions"):
            answer = await client.post(f"/internal/lastfm/{what}", json={"api_key": "x"}, headers=sign(kind))
            assert answer.status_code == 403


async def test_what_is_sealed_is_sealed_anew_by_another_key_of_the_vault(stage, key, sign_in, monkeypatch):
    old = os.environ["SIDETRACK_VAULT_KEYS"]
    monkeypatch.setenv("SIDETRACK_VAULT_KEYS", f"newer001:{'A' * 43}=,{old}")
    assert await rotate(stage.db, vault_at_hand()) == Rotated(1, 0)
    assert await rotate(stage.db, vault_at_hand()) == Rotated(0, 0)
    monkeypatch.setenv("SIDETRACK_VAULT_KEYS", f"newer001:{'A' * 43}=")
    assert (await sign_in(key, password=key["key"]))["name"] == "wren"
