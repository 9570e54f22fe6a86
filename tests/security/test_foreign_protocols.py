"""What speaks ListenBrainz or Last.fm is in no OpenAPI document: here is who may do what, and what it survives."""

import json
import re

import pytest

from tests.security.verdicts import INSIDES

LISTEN = {"listened_at": 1_763_496_000, "track_metadata": {"artist_name": "Wren", "track_name": "Song"}}
SINGLE = {"listen_type": "single", "payload": [LISTEN]}
MSID = "98255a8c-017a-4bc7-8dd6-1fa36124572b"
BODIES = {
    "/1/submit-listens": SINGLE,
    "/1/delete-listen": {"listened_at": 1_763_496_000, "recording_msid": MSID},
    "/1/latest-import": {"ts": 7},
    "/1/playing-now/delete": {},
}
READS = ("/1/user/{}/listens", "/1/user/{}/listen-count", "/1/user/{}/playing-now", "/1/latest-import?user_name={}")


@pytest.fixture(scope="module")
def people(gateway):
    """By name, headers of a listener's own key, of their session's token, and of the deployment's programs."""
    with gateway.client() as client:
        told = {"handle": "foreign-wren", "password": "four words of one's own"}
        user_id = client.post("/auth/register", json=told).raise_for_status().json()["user"]["id"]
        client.cookies.clear()
        grant = {"grant_type": "password"} | told
        token = client.post("/auth/token", json=grant).raise_for_status().json()["access_token"]
        signed_in = {"Authorization": f"Bearer {token}"}
        key = client.post("/users/me/keys", json={"name": "x"}, headers=signed_in).raise_for_status().json()["key"]
    programs = {kind: {"Authorization": f"Token {key}"} for kind, key in gateway.api_keys.items()}
    return {"nobody": {}, "key": {"Authorization": f"Token {key}"}, "user": signed_in, "id": user_id} | programs


@pytest.mark.parametrize("path", BODIES)
def test_only_people_hand_in_and_only_their_own(gateway, people, path):
    with gateway.client() as client:
        answers = {
            name: client.post(path, json=BODIES[path], headers=people[name])
            for name in ("nobody", "key", "user", "bot", "worker", "admin")
        }
    statuses = {name: answer.status_code for name, answer in answers.items()}
    assert statuses == {"nobody": 401, "key": 200, "user": 200, "bot": 401, "worker": 401, "admin": 401}
    assert answers["key"].json() == {"status": "ok"}
    assert answers["bot"].json() == {"code": 401, "error": "Invalid authorization token."}


@pytest.mark.parametrize("path", READS)
def test_everybody_reads_what_is_public(gateway, people, path):
    with gateway.client() as client:
        for name in ("nobody", "key", "user", "bot"):
            assert client.get(path.format(people["id"]), headers=people[name]).status_code == 200


def test_a_key_for_listens_opens_nothing_else(gateway, people):
    with gateway.client(headers=people["key"]) as client:
        bearer = {"Authorization": people["key"]["Authorization"].replace("Token", "Bearer")}
        assert client.get("/users/me/keys", headers=bearer).status_code == 403
        assert (
            client.post("/api/auth", json={"api_key": "0" * 32, "token": "0" * 32}, headers=bearer).status_code == 403
        )
        assert client.get("/users/me/keys").status_code == 401


def hostile():
    """Bodies by name."""
    yield "nothing", b""
    yield "half a document", b'{"listen_type": "single"'
    yield "not UTF-8", b"\xff\xfe\x00"
    yield "half a surrogate pair", b'{"listen_type": "single", "payload": ["\\ud800"]}'
    yield "lists in lists", b'{"listen_type": "import", "payload": ' + b"[" * 50_000
    yield "a number without end", b'{"listen_type": "import", "payload": [' + b"9" * 100_000 + b"]}"
    yield "not a number", b'{"listen_type": "import", "payload": [NaN]}'
    for name, item in {
        "null": None,
        "a list": [],
        "a NUL": {"listened_at": 1, "track_metadata": {"artist_name": "\0", "track_name": "\0"}},
        "a time of no world": LISTEN | {"listened_at": 10**300},
        "a time that is text": LISTEN | {"listened_at": "9" * 5000},
        "a time that is true": LISTEN | {"listened_at": True},
        "a NUL in a key": {**LISTEN, "track_metadata": LISTEN["track_metadata"] | {"additional_info": {"\0": 1}}},
        "information that is a list": {**LISTEN, "track_metadata": LISTEN["track_metadata"] | {"additional_info": [1]}},
        "nested information": {
            **LISTEN,
            "track_metadata": LISTEN["track_metadata"] | {"additional_info": json.loads("[" * 500 + "]" * 500)},
        },
        "deep information": {
            **LISTEN,
            "track_metadata": LISTEN["track_metadata"] | {"additional_info": {"a": json.loads("[" * 500 + "]" * 500)}},
        },
        "SQL": {"listened_at": 1_763_496_000, "track_metadata": {"artist_name": "'; --", "track_name": "%s {0}"}},
    }.items():
        yield name, json.dumps({"listen_type": "import", "payload": [item]}).encode()


HOSTILE = dict(hostile())


def told_by_listenbrainz(answer):
    body = answer.json()
    assert answer.status_code in {200, 400, 401, 404, 413}, (answer.status_code, answer.text[:300])
    assert answer.headers["content-type"] == "application/json"
    assert (body.get("status") == "ok") if answer.is_success else (body["code"] == answer.status_code and body["error"])
    assert not INSIDES.search(answer.text)


@pytest.mark.parametrize("body", HOSTILE)
def test_no_body_breaks_what_speaks_listenbrainz(gateway, people, body):
    with gateway.client(headers=people["key"]) as client:
        for path in BODIES:
            told_by_listenbrainz(client.post(path, content=HOSTILE[body]))
            told_by_listenbrainz(client.post(path, content=HOSTILE[body], headers={"Authorization": "Token x"}))


@pytest.mark.parametrize(
    "form", [*HOSTILE.values(), b"method=%00&api_key=%00", b"method=track.scrobble&sk=%00", b"&" * 9999]
)
def test_no_form_breaks_what_speaks_lastfm(gateway, form):
    with gateway.client() as client:
        for query in (
            "",
            "?format=json",
            "?method=track.scrobble&api_key=%00&format=json",
            "?method=user.getInfo&user=%00",
        ):
            answer = client.post(f"/2.0/{query}", content=form)
            assert answer.status_code in {400, 403, 413}, answer.text[:300]
            failed = re.search(r'<error code="\d+">|{"error":\d+,"message":', answer.text)
            assert failed, answer.text[:300]
            assert not INSIDES.search(answer.text)


@pytest.mark.parametrize("query", ["count=%00", "count=-1", "min_ts=9e99", "max_ts=%ff", "count=" + "9" * 5000])
def test_no_query_breaks_what_speaks_listenbrainz(gateway, people, query):
    with gateway.client(headers=people["key"]) as client:
        for path in READS[:3]:
            answer = client.get(f"{path.format(people['id'])}?{query}")
            assert answer.status_code in {200, 400}, answer.text[:300]
            assert answer.is_success or answer.json()["code"] == 400
