"""Browsers that are signed in, and how that ends."""

from datetime import UTC, datetime, timedelta

import pytest
from services.identity.tests.conftest import PASSWORD
from services.identity.tests.logins.test_api import cookie
from sqlalchemy import select, update

from contracts.sessions import AccessRevoked
from identity.models import Session


@pytest.fixture
async def wren(register, principal):
    """Her secret, and whom it stands for."""
    secret = cookie(await register())[1]
    return secret, await principal(session=secret)


@pytest.fixture
def again(visit, principal):
    """`await again()`: another browser of hers."""

    async def sign_in():
        secret = cookie(await visit("POST", "/auth/login", {"handle": "wren", "password": PASSWORD}))[1]
        return secret, await principal(session=secret)

    return sign_in


async def test_who_is_signed_in_is_told_so_and_who_is_not_is_told_that(visit, sign, wren, me):
    told = (await visit("GET", "/auth/session", by=me(wren[1]))).json()
    assert (told["signed_in"], told["user"]["handle"], told["method"]) == (True, "wren", "password")
    for nobody in (sign("anonymous"), sign("bot")):
        assert (await visit("GET", "/auth/session", by=nobody)).json()["signed_in"] is False


async def test_logging_out_ends_the_session_here_and_in_the_browser(visit, wren, me, principal, announced):
    secret, who = wren
    answer = await visit("POST", "/auth/logout", by=me(who))
    assert answer.status_code == 204
    assert cookie(answer)[2]["max-age"] == "0"
    assert await principal(session=secret) is None
    assert [each.credential for each in await announced(AccessRevoked)] == [who["credential"]]


async def test_who_has_no_session_has_nothing_to_end(visit, announced):
    assert (await visit("POST", "/auth/logout")).status_code == 204
    assert await announced() == []


async def test_sessions_are_listed_without_their_secrets_and_ended_one_by_one(visit, wren, again, me, principal):
    secret, who = await again()
    listed = await visit("GET", "/users/me/sessions", by=me(who))
    assert [each["current"] for each in listed.json()["items"]] == [True, False]
    assert secret not in listed.text
    other = listed.json()["items"][1]["id"]
    assert (await visit("DELETE", f"/users/me/sessions/{other}", by=me(who))).status_code == 204
    assert await principal(session=wren[0]) is None
    assert await principal(session=secret) is not None
    answer = await visit("DELETE", f"/users/me/sessions/{other}", by=me(who))
    assert (answer.status_code, answer.json()["code"]) == (404, "no_such_session")


async def test_all_but_this_one_are_ended_at_once(visit, wren, again, me, principal):
    secret, who = await again()
    assert (await visit("DELETE", "/users/me/sessions", by=me(who))).status_code == 204
    assert await principal(session=wren[0]) is None
    assert await principal(session=secret) is not None


async def test_nobody_ends_the_session_of_somebody_else(visit, wren, register, me, principal):
    ida = await principal(session=cookie(await register("ida"))[1])
    hers = wren[1]["credential"].removeprefix("session:")
    assert (await visit("DELETE", f"/users/me/sessions/{hers}", by=me(ida))).status_code == 404
    assert await principal(session=wren[0]) is not None


@pytest.mark.parametrize(("kind", "status"), [("anonymous", 401), ("bot", 403), ("worker", 403), ("admin", 403)])
async def test_who_is_no_person_has_no_sessions(visit, sign, kind, status):
    for method in ("GET", "DELETE"):
        assert (await visit(method, "/users/me/sessions", by=sign(kind))).status_code == status


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/users/me/sessions"),
        ("DELETE", "/users/me/sessions"),
        ("GET", "/users/me/links"),
        ("POST", "/auth/spotify/link"),
    ],
)
async def test_a_scrobblers_key_hands_in_listens_and_does_nothing_else(visit, sign, wren, method, path):
    key = sign("user", wren[1]["id"], ["listens:write"])
    answer = await visit(method, path, by=key)
    assert (answer.status_code, answer.json()["code"]) == (403, "key_for_listens_only")


@pytest.mark.parametrize(
    "changes",
    [
        {"seen_at": datetime.now(UTC) - timedelta(days=14, minutes=1)},
        {"expires_at": datetime.now(UTC) - timedelta(seconds=1)},
    ],
    ids=["idle", "too old"],
)
async def test_a_session_ends_when_it_was_idle_for_long_and_in_any_case_one_day(stage, wren, principal, changes):
    async with stage.db.transaction() as tx:
        await tx.execute(update(Session).values(**changes))
    assert await principal(session=wren[0]) is None


async def test_use_keeps_a_session_alive_but_is_not_written_each_time(stage, wren, principal):
    async def seen_at():
        async with stage.db.transaction() as tx:
            return await tx.scalar(select(Session.seen_at))

    before = await seen_at()
    await principal(session=wren[0])
    assert await seen_at() == before
    async with stage.db.transaction() as tx:
        await tx.execute(update(Session).values(seen_at=datetime.now(UTC) - timedelta(days=13)))
    assert await principal(session=wren[0]) is not None
    assert await seen_at() >= before


@pytest.mark.parametrize("secret", ["", "x", "é", "a" * 43, "\x00", "sdt_botkey01_" + "x" * 32])
async def test_what_is_no_secret_of_ours_stands_for_nobody(principal, secret):
    assert await principal(session=secret) is None
