"""A browser, the whole system, and the providers: signing in, linking, and what workers and operators then do."""

import hashlib
import secrets
from uuid import UUID

import pytest

from tests.fakes.listenbrainz import TOKEN
from tests.system.browser import browsing


@pytest.fixture
def member(query):
    """The headers of somebody new who is signed in, and their id."""
    user_id, key, secret = UUID(bytes=secrets.token_bytes(16)), secrets.token_hex(4), secrets.token_urlsafe(32)
    query("INSERT INTO identity.users (id, version, display_name) VALUES ($1, 1, 'Wren')", user_id)
    query(
        "INSERT INTO identity.api_keys (id, secret_hash, kind, name, scopes, owner_id)"
        " VALUES ($1, $2, 'user', 'a test', '{}', $3)",
        key,
        hashlib.sha256(secret.encode()).digest(),
        user_id,
    )
    return {"Authorization": f"Bearer sdt_{key}_{secret}"}, user_id


@pytest.mark.parametrize("provider", ["discord", "spotify"])
def test_a_browser_signs_in(standalone_deployment, providers, query, provider):
    providers[provider].user = f"{secrets.randbelow(10**15) + 1}"
    with browsing(standalone_deployment) as (_, follow):
        answer = follow(f"/auth/{provider}/login?next=/weeks")
        assert (answer.status_code, answer.headers["location"]) == (303, "/weeks")
        assert [cookie for cookie in answer.headers.get_list("set-cookie") if "httponly" in cookie.lower()]
        again = follow(str(answer.request.url))
    assert (again.status_code, again.json()["code"]) == (400, "bad_state")
    ours = "SELECT user_id FROM identity.linked_accounts WHERE provider = $1 AND provider_id = $2"
    ((user_id,),) = query(ours, provider, providers[provider].user)
    assert len(query("SELECT 1 FROM identity.sessions WHERE user_id = $1 AND method = $2", user_id, provider)) == 1


@pytest.mark.parametrize("provider", ["discord", "spotify", "lastfm"])
def test_a_member_links_an_account_and_ends_that(standalone_deployment, providers, member, query, provider):
    headers, user_id = member
    providers[provider].user = f"{secrets.randbelow(10**15) + 1}"
    with browsing(standalone_deployment, headers) as (browser, follow):
        begun = browser.post(f"/auth/{provider}/link?next=/settings", headers=headers)
        answer = follow(begun.json()["authorize_url"])
        assert (answer.status_code, answer.headers["location"]) == (303, "/settings")
        (link,) = browser.get("/users/me/links", headers=headers).json()["items"]
        assert (link["provider"], link["account"], link["status"]) == (provider, providers[provider].user, "ok")
        query("INSERT INTO identity.passwords (user_id, hash) VALUES ($1, 'x')", user_id)
        assert browser.delete(f"/users/me/links/{provider}", headers=headers).status_code == 204
        assert browser.get("/users/me/links", headers=headers).json()["items"] == []


def test_who_opens_somebody_elses_way_back_in_another_browser_links_nothing(standalone_deployment, member):
    headers, _ = member
    with browsing(standalone_deployment, headers) as (browser, _):
        begun = browser.post("/auth/spotify/link", headers=headers).json()["authorize_url"]
        back = browser.get(begun).headers["location"]
    with browsing(standalone_deployment, headers) as (other, _):
        answer = other.get(back, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_state")
        assert other.get("/users/me/links", headers=headers).json()["items"] == []


def test_a_worker_uses_what_a_member_linked_also_after_the_vault_has_another_key(
    standalone_deployment, providers, member, query
):
    headers, user_id = member
    with browsing(standalone_deployment, headers) as (browser, follow):
        browser.post("/auth/listenbrainz/link", json={"token": TOKEN}, headers=headers).raise_for_status()
        follow(browser.post("/auth/spotify/link", headers=headers).json()["authorize_url"])
    assert providers["listenbrainz"].calls

    def used(key, provider="listenbrainz"):
        with standalone_deployment.client(headers={"Authorization": f"Bearer {key}"}) as client:
            return client.post(f"/internal/users/{user_id}/tokens/{provider}")

    worker = standalone_deployment.keys.api["SIDETRACK_WORKER_KEY"]
    assert used(worker).json()["access_token"] == TOKEN
    assert used(worker, "spotify").json()["access_token"] in providers["spotify"].access
    assert {used(key).status_code for key in (standalone_deployment.bot_key, standalone_deployment.admin_key)} == {403}
    sealed_by = "SELECT DISTINCT substring(encrypted_tokens, 1, 8) FROM identity.linked_accounts WHERE user_id = $1"
    ((before,),) = query(sealed_by, user_id)

    standalone_deployment.command("keys", "add-vault-key")
    standalone_deployment.stop()
    standalone_deployment.start()
    assert used(worker).json()["access_token"] == TOKEN
    assert query(sealed_by, user_id) == [(before,)]
    assert "Encrypted 0" not in standalone_deployment.command("keys", "rotate")
    assert "Encrypted 0" in standalone_deployment.command("keys", "rotate")
    ((after,),) = query(sealed_by, user_id)
    assert after != before
    assert used(worker).json()["access_token"] == TOKEN
