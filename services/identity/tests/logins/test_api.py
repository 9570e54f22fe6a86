"""Accounts made and entered with a handle and a password."""

import pytest
from services.identity.tests.conftest import PASSWORD
from sqlalchemy import select

from contracts.audit import IdentityAuditRecorded
from contracts.identity import UserChanged
from contracts.sessions import AccessRevoked
from identity.models import FailedLogins, Password, Session

LOGIN = "/auth/login"


def cookie(answer):
    """The one that the browser is given: its name, secret and attributes."""
    (header,) = answer.headers.get_list("set-cookie")
    pair, *attributes = header.split("; ")
    name, _, secret = pair.partition("=")
    return name, secret, {each.partition("=")[0].lower(): each.partition("=")[2] for each in attributes}


async def test_an_account_is_made_announced_and_signed_in_to(register, principal, announced):
    answer = await register("Wren", display_name="Wren D.")
    assert answer.status_code == 201, answer.text
    user = answer.json()["user"]
    assert (user["handle"], user["display_name"], answer.json()["method"]) == ("wren", "Wren D.", "password")
    name, secret, about = cookie(answer)
    assert name == "__Host-sidetrack"
    assert about["path"] == "/"
    assert about["samesite"].lower() == "lax"
    assert {"httponly", "secure"} <= set(about)
    assert "domain" not in about
    found = await principal(session=secret)
    assert (found["id"], found["kind"], found["scopes"]) == (user["id"], "user", [])
    assert [str(each.user_id) for each in await announced(UserChanged)] == [user["id"]]
    assert answer.headers["cache-control"] == "no-store"


async def test_neither_secret_nor_password_is_kept_or_told(register, stage, announced):
    answer = await register()
    _, secret, _ = cookie(answer)
    async with stage.db.transaction() as tx:
        password, session = (await tx.scalars(select(Password))).one(), (await tx.scalars(select(Session))).one()
    kept = f"{vars(password)} {vars(session)} {answer.text} {[each.model_dump_json() for each in await announced()]}"
    assert password.hash.startswith("$argon2id$")
    assert PASSWORD not in kept
    assert secret not in kept


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"handle": "a"}, "bad_handle"),
        ({"handle": "wr\u0435n"}, "bad_handle"),
        ({"handle": "admin"}, "reserved_handle"),
        ({"password": "short"}, "weak_password"),
        ({"password": "x" * 201}, "weak_password"),
        ({"password": "aaaaaaaaaaaa"}, "weak_password"),
        ({"handle": "wrenwrenwren", "password": "wrenwrenwren"}, "weak_password"),
        ({"display_name": " "}, "invalid"),
        ({"is_admin": True}, "invalid"),
        ({"role": "admin"}, "invalid"),
    ],
)
async def test_what_makes_no_account_is_refused_and_does_not_come_back(visit, announced, body, code):
    answer = await visit("POST", "/auth/register", {"handle": "wren", "password": PASSWORD} | body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert body.get("password", PASSWORD) not in answer.text
    assert await announced() == []


@pytest.mark.parametrize("handle", ["wren", "WREN", "vvren"])
async def test_a_handle_that_is_somebodys_or_looks_like_it_is_taken(register, handle):
    await register("wren")
    answer = await register(handle)
    assert (answer.status_code, answer.json()["code"]) == (409, "handle_taken")


async def test_who_knows_the_password_is_signed_in_under_a_new_session(register, visit, principal, me):
    first = cookie(await register())[1]
    was = await principal(session=first)
    answer = await visit("POST", LOGIN, {"handle": "Wren", "password": PASSWORD}, by=me(was))
    second = cookie(answer)[1]
    assert answer.status_code == 200
    assert second != first
    assert await principal(session=first) is None
    assert (await principal(session=second))["id"] == was["id"]


@pytest.mark.parametrize(
    ("handle", "password"), [("wren", "not that one"), ("nobody-here", PASSWORD), ("admin", PASSWORD), ("é", PASSWORD)]
)
async def test_who_does_not_is_told_no_more_than_that(register, visit, handle, password):
    await register()
    answer = await visit("POST", LOGIN, {"handle": handle, "password": password})
    assert (answer.status_code, answer.json()["code"]) == (401, "wrong_password")
    assert "set-cookie" not in answer.headers


async def test_who_fails_often_waits_and_the_right_password_waits_too(register, visit, stage):
    await register()
    for _ in range(5):
        assert (await visit("POST", LOGIN, {"handle": "wren", "password": "not that one"})).status_code == 401
    answer = await visit("POST", LOGIN, {"handle": "wren", "password": PASSWORD})
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_logins")
    assert 1 <= int(answer.headers["retry-after"]) <= 2
    elsewhere = {"x-forwarded-for": "198.51.100.9"}
    assert (await visit("POST", LOGIN, {"handle": "wren", "password": PASSWORD}, **elsewhere)).status_code == 200
    async with stage.db.transaction() as tx:
        assert {row.failures for row in await tx.scalars(select(FailedLogins))} == {5}


async def test_signing_in_forgets_the_failures_before(register, visit):
    await register()
    for password in ["not that one"] * 4 + [PASSWORD] + ["not that one"] * 4 + [PASSWORD]:
        answer = await visit("POST", LOGIN, {"handle": "wren", "password": password})
        assert answer.status_code == (200 if password == PASSWORD else 401)


async def test_a_changed_password_ends_all_other_sessions_and_clients(register, visit, principal, me, announced):
    here = await principal(session=cookie(await register())[1])
    other = cookie(await visit("POST", LOGIN, {"handle": "wren", "password": PASSWORD}))[1]
    grant = {"grant_type": "password", "handle": "wren", "password": PASSWORD}
    pair = (await visit("POST", "/auth/token", grant)).json()
    change = {"current": PASSWORD, "new": "five words of one's own"}
    assert (await visit("POST", "/auth/password", change, by=me(here))).status_code == 204
    assert await principal(session=other) is None
    assert await principal(token=pair["access_token"]) is None
    assert {each.credential.partition(":")[0] for each in await announced(AccessRevoked)} == {"session", "client"}
    assert (await visit("POST", LOGIN, {"handle": "wren", "password": PASSWORD})).status_code == 401
    assert (await visit("POST", LOGIN, {"handle": "wren", "password": change["new"]})).status_code == 200


async def test_without_the_current_password_there_is_no_new_one(register, visit, principal, me):
    here = await principal(session=cookie(await register())[1])
    change = {"current": "not that one", "new": "five words of one's own"}
    answer = await visit("POST", "/auth/password", change, by=me(here))
    assert (answer.status_code, answer.json()["code"]) == (401, "wrong_password")


@pytest.mark.parametrize(
    ("setting", "code", "logs_in"),
    [("LOCAL_SIGN_IN", "local_sign_in_off", 403), ("REGISTRATION", "registration_closed", 200)],
)
async def test_both_can_be_switched_off(register, visit, monkeypatch, setting, code, logs_in):
    await register()
    monkeypatch.setenv(f"SIDETRACK_{setting}", "false")
    answer = await register("ida")
    assert (answer.status_code, answer.json()["code"]) == (403, code)
    assert (await visit("POST", LOGIN, {"handle": "wren", "password": PASSWORD})).status_code == logs_in


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "[::1]:8000"])
async def test_over_http_on_this_machine_the_cookie_has_its_plain_name(visit, host):
    plain = {"x-forwarded-proto": "http", "x-forwarded-host": host}
    answer = await visit("POST", "/auth/register", {"handle": "wren", "password": PASSWORD}, **plain)
    name, _, about = cookie(answer)
    assert name == "sidetrack"
    assert "secure" not in about


@pytest.mark.parametrize("host", ["club.example", "127.0.0.1.evil.example", "localhost.evil.example", "10.0.0.4"])
async def test_over_http_from_anywhere_else_nobody_signs_in(visit, announced, host):
    plain = {"x-forwarded-proto": "http", "x-forwarded-host": host}
    for path in ("/auth/register", LOGIN):
        answer = await visit("POST", path, {"handle": "wren", "password": PASSWORD}, **plain)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_secure")
    assert await announced(IdentityAuditRecorded) == []
