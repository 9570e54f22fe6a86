"""Listens from elsewhere, through the whole system: linked, fetched, reported, unlinked; and out of a file."""

import hashlib
import json
import secrets
import time
from contextlib import contextmanager
from uuid import UUID

import pytest

from tests.fakes.lastfm import Scrobbles
from tests.homes import new_home
from tests.system.deployments import distributed, standalone

PATIENCE = 60
NOW = int(time.time())
ROW = {"endTime": "2021-01-31 22:10", "artistName": "Joni Mitchell", "trackName": "Carey", "msPlayed": 182_000}


def eventually(holds):
    deadline = time.monotonic() + PATIENCE
    while not (held := holds()):
        assert time.monotonic() < deadline, "It did not come true in time."
        time.sleep(0.1)
    return held


NOBODY = {f"SIDETRACK_{name}_URL": "http://127.0.0.1:1" for name in ("MUSICBRAINZ", "COVER_ART")}


@pytest.fixture(scope="module", params=["standalone", "distributed"])
def deployment(request, settings):
    """One that asks the providers; the others of the suite ask nobody."""
    asking = settings | NOBODY | {"SIDETRACK_PROVIDERS": "on"}
    with new_home() as home:
        if request.param == "standalone":
            context = standalone(home, asking)
        else:
            context = distributed(home, request.getfixturevalue("broker"), asking)
        with context as running:
            yield running


@pytest.fixture
def member(deployment, learned):
    """A client of somebody new who is signed in, and their id."""

    @contextmanager
    def begin():
        user_id, key, secret = UUID(bytes=secrets.token_bytes(16)), secrets.token_hex(4), secrets.token_urlsafe(32)
        learned("INSERT INTO identity.users (id, version, display_name) VALUES ($1, 1, 'Wren') RETURNING 1", user_id)
        learned(
            "INSERT INTO identity.api_keys (id, secret_hash, kind, name, scopes, owner_id)"
            " VALUES ($1, $2, 'user', 'a test', '{}', $3) RETURNING 1",
            key,
            hashlib.sha256(secret.encode()).digest(),
            user_id,
        )
        with deployment.client(headers={"Authorization": f"Bearer sdt_{key}_{secret}"}) as client:
            yield client, user_id

    return begin


def test_what_is_linked_is_fetched_and_its_owner_sees_when(member, providers, learned, deployment):
    name = f"wren{secrets.randbelow(10**12)}"
    lastfm = providers["lastfm"]
    lastfm.user, lastfm.listeners[name] = name, Scrobbles()
    for number in range(450):
        lastfm.listeners[name].add(NOW - 200 * (number + 1), f"Song {number}")
    with member() as (client, user_id):
        page = client.post("/auth/lastfm/link").json()["authorize_url"]
        back = page
        while not back.startswith(deployment.url):
            back = client.get(back).headers["location"]
        assert client.get(back, follow_redirects=False).status_code == 303
        (link,) = eventually(
            lambda: [each for each in client.get("/users/me/links").json()["items"] if each["last_sync_at"]]
        )
        assert (link["provider"], link["account"], link["sync_error"]) == ("lastfm", name, None)
        (sync,) = client.get("/users/me/sync").json()["items"]
        assert (sync["state"], sync["error"]) == ("on", None)
        assert learned("SELECT count(*) FROM listening.plays WHERE user_id = $1", user_id) == 450
        eventually(lambda: learned("SELECT count(*) FROM listening.days WHERE user_id = $1 AND NOT told", user_id) == 0)
        assert client.delete("/users/me/links/lastfm").status_code == 204
        eventually(lambda: client.get("/users/me/sync").json()["items"] == [])
        assert learned("SELECT count(*) FROM listening.plays WHERE user_id = $1", user_id) == 450


def test_a_file_is_handed_in_through_the_door(member):
    rows = [ROW | {"endTime": f"20{year}-01-31 22:10"} for year in range(12, 25)]
    body = json.dumps(rows) + " " * 1_500_000
    with member() as (client, _):
        answer = client.post("/listens/import", content=body, headers={"Content-Type": "application/octet-stream"})
        assert answer.status_code == 202, answer.text
        address = f"/listens/imports/{answer.json()['id']}"
        job = eventually(lambda: [told for told in [client.get(address).json()] if told["state"] == "done"])[0]
        assert (job["read"], job["inserted"]) == (13, 13)
