"""Tokens for workers: handed out, refreshed, written down, and ended."""

from uuid import uuid4

import pytest
from sqlalchemy import select, update
from tests.fakes.faults import BROKEN, BUSY, Reply
from tests.fakes.lastfm import API as LASTFM
from tests.fakes.listenbrainz import TOKEN as USER_TOKEN
from tests.fakes.spotify import TOKEN

from chassis.idempotency import Answer
from contracts.accounts import LinkChanged
from contracts.audit import IdentityAuditRecorded
from identity.models import LinkedAccount
from identity.vault.cipher import VaultSettings, vault_at_hand


async def test_a_worker_gets_a_token_that_the_provider_takes(wren, spotify, use):
    answer = await use(wren)
    assert answer.status_code == 200
    token = answer.json()
    assert spotify.access[token["access_token"]] == token["account"] == spotify.user
    assert (token["provider"], token["scopes"]) == ("spotify", ["user-read-recently-played"])
    assert answer.headers["cache-control"] == "no-store"
    assert spotify.refreshes == []


async def test_a_service_gets_one_too(wren, use):
    assert (await use(wren, kind="service")).status_code == 200


@pytest.mark.parametrize(
    ("kind", "scopes"),
    [("anonymous", ()), ("user", ()), ("bot", ("tokens:read",)), ("admin", ("admin",)), ("worker", ("sync:lease",))],
)
async def test_nobody_else_gets_one(wren, use, announced, kind, scopes):
    answer = await use(wren, kind=kind, scopes=scopes)
    assert (answer.status_code, "canary" in answer.text) == (403, False)
    assert "token.used" not in [event.entry.action for event in await announced(IdentityAuditRecorded)]


async def test_not_even_the_member_themself(wren, client, sign):
    answer = await client.post(f"/internal/users/{wren}/tokens/spotify", headers=sign("user", str(wren)))
    assert answer.status_code == 403


async def test_each_use_is_written_down_without_the_token(wren, use, announced):
    for _ in range(2):
        await use(wren)
    entries = [event.entry for event in await announced(IdentityAuditRecorded)]
    used = [entry for entry in entries if entry.action == "token.used"]
    assert [(entry.actor_kind, entry.subject_id) for entry in used] == [("worker", str(wren))] * 2
    assert "canary" not in "".join(entry.model_dump_json() for entry in entries)


async def test_an_idempotency_key_does_not_make_us_keep_a_token(wren, use, stage):
    answer = await use(wren, **{"Idempotency-Key": "again"})
    assert answer.status_code == 200
    async with stage.db.transaction() as tx:
        assert (await tx.scalars(select(Answer))).all() == []


@pytest.mark.parametrize("rotates", [True, False])
async def test_one_that_has_expired_is_refreshed_and_kept(wren, spotify, use, expire, stored, opened, rotates):
    spotify.rotates = rotates
    before = opened(await stored(wren))
    await expire()
    first, second = (await use(wren)).json(), (await use(wren)).json()
    assert len(spotify.refreshes) == 1
    assert first == second
    assert first["access_token"] != before["access_token"]
    after = opened(await stored(wren))
    assert (after["refresh_token"] != before["refresh_token"]) is rotates
    assert after["refresh_token"] in spotify.refresh


async def test_a_refresh_does_not_make_the_authorisation_any_younger(wren, use, expire, stored):
    before = (await stored(wren)).authorized_at
    await expire()
    await use(wren)
    assert (await stored(wren)).authorized_at == before


async def test_what_the_member_has_ended_there_needs_to_be_linked_again_and_is_never_asked_for_twice(
    wren, spotify, use, expire, announced, browsers
):
    await expire()
    spotify.end_authorisation()
    for _ in range(3):
        answer = await use(wren)
        assert (answer.status_code, answer.json()["code"]) == (409, "needs_relink")
    assert len(spotify.refreshes) == 1
    assert [event.status for event in await announced(LinkChanged)] == ["ok", "needs_relink"]
    (shown,) = (await browsers(wren).get("/users/me/links")).json()["items"]
    assert shown["status"] == "needs_relink"


async def test_invalid_grant_is_heard_with_a_200_too(wren, spotify, use, expire):
    await expire()
    spotify.fault(TOKEN, Reply.of({"error": "invalid_grant"}))
    assert (await use(wren)).json()["code"] == "needs_relink"


async def test_linked_again_it_works_again(wren, spotify, use, expire, browsers):
    await expire()
    spotify.end_authorisation()
    await use(wren)
    browser = browsers(wren)
    page = (await browser.post("/auth/spotify/link")).json()["authorize_url"]
    await browser.get(await browser.callback(page), follow_redirects=False)
    assert (await use(wren)).status_code == 200


@pytest.mark.parametrize(
    ("said", "waits"),
    [("seconds", 7), ("most of a day", 79_892), ("garbage", 60), ("nothing", 60), ("a date", 604_800)],
)
async def test_a_provider_that_asks_to_wait_is_not_asked_before(wren, spotify, use, expire, stored, said, waits):
    await expire()
    spotify.fault(TOKEN, BUSY[said])
    answers = [await use(wren) for _ in range(3)]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(503, "provider_busy")}
    assert all(waits - 10 <= int(answer.headers["retry-after"]) <= waits for answer in answers)
    assert len(spotify.refreshes) == 1
    # It stands in the row, where a restart finds it.
    assert (await stored(wren)).cooldown_until is not None


async def test_one_member_who_has_to_wait_holds_up_nobody_else(wren, spotify, use, expire, browsers, make_user):
    spotify.user = "oskar"
    oskar = browsers(await make_user("Oskar P."))
    page = (await oskar.post("/auth/spotify/link")).json()["authorize_url"]
    await oskar.get(await oskar.callback(page), follow_redirects=False)
    await expire()
    spotify.fault(TOKEN, BUSY["most of a day"], times=1)
    assert (await use(wren)).status_code == 503
    assert (await use(oskar.door.user)).status_code == 200


async def test_once_the_wait_is_over_it_is_asked_again(wren, spotify, use, expire, stage):
    await expire()
    spotify.fault(TOKEN, BUSY["seconds"], times=1)
    await use(wren)
    async with stage.db.transaction() as tx:
        await tx.execute(update(LinkedAccount).values(cooldown_until=LinkedAccount.linked_at))
    assert (await use(wren)).status_code == 200


@pytest.mark.parametrize("fault", [*BROKEN])
async def test_when_it_misbehaves_the_link_stays_good_and_the_next_worker_gets_a_token(
    wren, spotify, use, expire, stored, announced, fault
):
    await expire()
    spotify.fault(TOKEN, BROKEN[fault], times=1)
    answer = await use(wren)
    assert (answer.status_code, answer.json()["code"]) == (503, "provider_away")
    row = await stored(wren)
    assert (row.status, row.lease) == ("ok", None)
    assert (await use(wren)).status_code == 200
    assert [event.status for event in await announced(LinkChanged)] == ["ok"]


async def test_our_own_wrong_secret_is_not_taken_for_the_members_no(wren, spotify, use, expire, stored, monkeypatch):
    await expire()
    monkeypatch.setenv("SIDETRACK_SPOTIFY_CLIENT_SECRET", "wrong")
    assert (await use(wren)).json()["code"] == "provider_away"
    assert (await stored(wren)).status == "ok"


async def test_without_our_keys_there_a_good_token_is_handed_out_and_an_old_one_not_refreshed(
    wren, use, expire, stored, monkeypatch
):
    monkeypatch.setenv("SIDETRACK_SPOTIFY_CLIENT_ID", "")
    assert (await use(wren)).status_code == 200
    await expire()
    answer = await use(wren)
    assert (answer.status_code, answer.json()["code"]) == (503, "provider_not_configured")
    assert (await stored(wren)).lease is None


async def test_lastfm_and_listenbrainz_give_what_has_no_end(use, browsers, make_user, lastfm, listenbrainz):
    browser = browsers(await make_user())
    await browser.get(
        await browser.callback((await browser.post("/auth/lastfm/link")).json()["authorize_url"]),
        follow_redirects=False,
    )
    await browser.post("/auth/listenbrainz/link", json={"token": USER_TOKEN})
    session, token = [(await use(browser.door.user, each)).json() for each in ("lastfm", "listenbrainz")]
    assert (session["access_token"] in lastfm.sessions, session["expires_at"]) == (True, None)
    assert (token["access_token"], token["account"], token["expires_at"]) == (USER_TOKEN, "wren", None)
    assert len(lastfm.asked(LASTFM)) == 1


@pytest.mark.parametrize("provider", ["spotify", "lastfm", "listenbrainz"])
async def test_who_has_linked_nothing_has_nothing_to_use(use, provider):
    answer = await use(uuid4(), provider)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_linked")


@pytest.mark.parametrize("provider", ["discord", "myspace"])
async def test_of_discord_there_is_nothing_to_have(use, wren, provider):
    assert (await use(wren, provider)).status_code == 422


async def test_after_unlinking_there_is_nothing_to_use(wren, use, browsers, stage):
    async with stage.db.transaction() as tx:
        tx.add(LinkedAccount(provider="discord", provider_id="1", user_id=wren))
    assert (await browsers(wren).delete("/users/me/links/spotify")).status_code == 204
    assert (await use(wren)).status_code == 404


async def test_swapped_ciphertexts_are_refused_and_nothing_is_told_of_them(
    wren, spotify, use, browsers, make_user, stage
):
    spotify.user = "oskar"
    oskar = browsers(await make_user("Oskar P."))
    page = (await oskar.post("/auth/spotify/link")).json()["authorize_url"]
    await oskar.get(await oskar.callback(page), follow_redirects=False)
    async with stage.db.transaction() as tx:
        first, second = await tx.scalars(select(LinkedAccount).order_by(LinkedAccount.provider_id))
        first.encrypted_tokens, second.encrypted_tokens = second.encrypted_tokens, first.encrypted_tokens
    for user_id in (wren, oskar.door.user):
        answer = await use(user_id)
        assert (answer.status_code, answer.json()["code"]) == (409, "tokens_unreadable")
        assert "canary" not in answer.text


async def test_without_the_key_that_sealed_it_the_answer_is_a_503(wren, use, monkeypatch):
    monkeypatch.setenv("SIDETRACK_VAULT_KEYS", "other001:" + "A" * 43 + "=")
    answer = await use(wren)
    assert (answer.status_code, answer.json()["code"]) == (503, "vault_locked")


async def test_with_the_old_key_behind_a_new_one_a_refresh_seals_anew(wren, use, expire, stored, monkeypatch):
    old = vault_at_hand().current
    monkeypatch.setenv("SIDETRACK_VAULT_KEYS", f"newer001:{'A' * 43}=,{VaultSettings().given}")
    assert (await stored(wren)).encrypted_tokens.startswith(old.encode())
    assert (await use(wren)).status_code == 200
    await expire()
    assert (await use(wren)).status_code == 200
    assert (await stored(wren)).encrypted_tokens.startswith(b"newer001")
