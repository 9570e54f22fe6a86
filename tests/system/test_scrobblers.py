"""Scrobblers that others wrote, pointed at the whole system by an address alone."""

import secrets
import time

import pylast
import pytest
from liblistenbrainz import Listen, ListenBrainz
from liblistenbrainz.errors import ListenBrainzAPIException

from tests.homes import until
from tests.tls import tls_before

PASSWORD = "four words of one's own"
A_DAY = 86_400


@pytest.fixture
def browser(standalone_deployment):
    """A browser in which somebody new is signed in."""
    own = f"http://127.0.0.1:{standalone_deployment.port}"
    with standalone_deployment.client(headers={"Origin": own, "Sec-Fetch-Site": "same-origin"}) as client:
        handle = f"wren-{secrets.token_hex(4)}"
        client.post("/auth/register", json={"handle": handle, "password": PASSWORD}).raise_for_status()
        client.handle = handle
        yield client


@pytest.fixture
def make_key(browser):
    """`make_key(kind="lastfm")`: what is shown of a new key, this once."""

    def make(**more):
        return browser.post("/users/me/keys", json={"name": "A scrobbler"} | more).raise_for_status().json()

    return make


@pytest.fixture
def listenbrainz(standalone_deployment, make_key):
    client = ListenBrainz(standalone_deployment.url)
    client.set_auth_token(make_key()["key"])
    return client


def listens(number, since):
    return [
        Listen(f"Song {n}", "Joni Mitchell", since + 240 * n, "Blue", additional_info={"duration_ms": 200_000})
        for n in range(number)
    ]


def test_a_client_of_listenbrainz_hands_in_and_reads_back(standalone_deployment, browser, listenbrainz):
    now = int(time.time())
    one, *several = listens(8, now - A_DAY)
    assert listenbrainz.submit_single_listen(one)["status"] == "ok"
    for _ in range(2):
        assert listenbrainz.submit_multiple_listens(several)["status"] == "ok"
    # Its name is known here as soon as its owner is.
    until(lambda: browser.get(f"/1/user/{browser.handle}/listen-count").is_success)
    assert browser.get(f"/1/user/{browser.handle}/listen-count").json() == {"payload": {"count": 8}}
    read = listenbrainz.get_listens(browser.handle, count=3)
    assert [each.track_name for each in read] == ["Song 7", "Song 6", "Song 5"]
    older = listenbrainz.get_listens(browser.handle, max_ts=read[-1].listened_at)
    assert [each.track_name for each in older] == [f"Song {n}" for n in (4, 3, 2, 1, 0)]
    assert older[-1].listened_at == now - A_DAY
    later = listenbrainz.get_listens(browser.handle, min_ts=read[-1].listened_at)
    assert [each.track_name for each in later] == ["Song 7", "Song 6"]

    listenbrainz.submit_playing_now(Listen("River", "Joni Mitchell"))
    assert listenbrainz.get_playing_now(browser.handle).track_name == "River"
    listenbrainz.submit_single_listen(Listen("River", "Joni Mitchell", now))
    assert listenbrainz.get_playing_now(browser.handle) is None

    [latest] = listenbrainz.get_listens(browser.handle, count=1)
    assert listenbrainz.delete_listen(latest)["status"] == "ok"
    assert listenbrainz.get_listens(browser.handle, count=1)[0].track_name == "Song 7"


def test_a_key_that_was_revoked_scrobbles_no_more(standalone_deployment, browser, listenbrainz, make_key):
    key = make_key()
    revoked = ListenBrainz(standalone_deployment.url)
    revoked.set_auth_token(key["key"])
    browser.delete(f"/users/me/keys/{key['id']}").raise_for_status()
    until(lambda: refused(revoked) == (401, "Invalid authorization token."))
    # Another device goes on.
    assert listenbrainz.submit_single_listen(Listen("River", "Joni Mitchell", int(time.time())))["status"] == "ok"


def refused(client):
    try:
        client.submit_single_listen(Listen("River", "Joni Mitchell", int(time.time())))
    except ListenBrainzAPIException as error:
        return error.status_code, error.message
    return None


@pytest.mark.parametrize("base", ["/1", "/apis/listenbrainz/1", "/1/submit-listens", "/1/1"])
def test_the_address_may_be_typed_as_people_do_and_no_key_is_in_a_log(standalone_deployment, make_key, base):
    key = make_key()["key"]
    listen = {"listened_at": int(time.time()), "track_metadata": {"artist_name": "Wren", "track_name": "Song"}}
    sent = {"listen_type": "single", "payload": [listen]}
    with standalone_deployment.client() as client:
        answer = client.get(f"{base}/validate-token", params={"token": key})
        assert answer.json()["valid"] is True
        for slash in ("", "/"):
            headers = {"Authorization": f"Token {key}", "Origin": "chrome-extension://scrobbler"}
            answer = client.post(f"{base}/submit-listens{slash}", json=sent, headers=headers)
            assert (answer.json(), answer.headers["access-control-allow-origin"]) == ({"status": "ok"}, "*")
    assert key not in standalone_deployment.processes["up"].log


def test_what_there_is_not_is_told_in_the_clients_own_words(standalone_deployment):
    with standalone_deployment.client() as client:
        answer = client.get("/1/stats/user/wren/artists")
        assert (answer.status_code, answer.json()) == (404, {"code": 404, "error": "Not Found"})
        assert client.put("/1/submit-listens").json()["code"] == 405
        assert client.put("/2.0/").text.endswith(
            '<lfm status="failed"><error code="3">Method Not Allowed</error></lfm>'
        )
        nobody = client.post("/1/submit-listens", json={}).json()
        assert nobody == {"code": 401, "error": "You need to provide an Authorization header."}


@pytest.fixture
def lastfm(standalone_deployment, tmp_path, monkeypatch):
    """`lastfm(key)`: a client of Last.fm, which speaks https alone, pointed here."""
    with tls_before(standalone_deployment.port, tmp_path) as (port, trusting):
        monkeypatch.setattr(pylast, "SSL_CONTEXT", trusting)

        class Here(pylast.LastFMNetwork):
            def __init__(self, key):
                super().__init__(key["api_key"], key["secret"])
                self.ws_server, self.homepage = (f"127.0.0.1:{port}", "/2.0/"), f"https://127.0.0.1:{port}"

        yield Here


def signed_in(network, browser, key):
    """By the older way, which this client takes: it proves that it knows the password."""
    keys = pylast.SessionKeyGenerator(network)
    network.session_key = keys.get_session_key(browser.handle, pylast.md5(key["key"]))
    network.username = browser.handle
    return network


def test_a_client_of_lastfm_hands_in_and_reads_back(browser, make_key, lastfm):
    key, now = make_key(kind="lastfm"), int(time.time())
    network = signed_in(lastfm(key), browser, key)
    network.scrobble("Joni Mitchell", "All I Want", now - A_DAY, album="Blue", duration=213)
    several = [
        {"artist": "Joni Mitchell", "title": f"Song {n}", "timestamp": now - A_DAY + 240 * n, "album": "Blue"}
        for n in range(1, 61)
    ]
    for _ in range(2):
        network.scrobble_many(several)
    user = network.get_authenticated_user()
    assert (user.get_name(properly_capitalized=True), user.get_playcount()) == (browser.handle, 61)
    recent = user.get_recent_tracks(limit=3)
    assert [each.track.title for each in recent] == ["Song 60", "Song 59", "Song 58"]
    assert [int(each.timestamp) for each in recent] == [now - A_DAY + 240 * n for n in (60, 59, 58)]
    assert len(user.get_recent_tracks(limit=None)) == 61
    between = user.get_recent_tracks(time_from=now - A_DAY + 1, time_to=now - A_DAY + 500)
    assert [each.track.title for each in between] == ["Song 2", "Song 1"]

    network.update_now_playing("Joni Mitchell", "River", album="Blue", duration=240)
    assert user.get_now_playing().title == "River"
    network.scrobble("Joni Mitchell", "River", now, album="Blue")
    assert user.get_now_playing() is None


def test_what_two_scrobblers_saw_is_one_play(browser, make_key, lastfm, listenbrainz):
    key, then = make_key(kind="lastfm"), int(time.time()) - A_DAY
    network = signed_in(lastfm(key), browser, key)
    network.scrobble("Björk", "Jóga", then, album="Homogenic", duration=305)
    told = Listen("Joga", "Bjork", then + 3, "Homogenic", additional_info={"duration": 305})
    listenbrainz.submit_single_listen(told)
    assert network.get_authenticated_user().get_playcount() == 1


def test_a_client_of_lastfm_is_let_in_on_a_page(browser, make_key, lastfm):
    network = lastfm(make_key(kind="lastfm"))
    keys = pylast.SessionKeyGenerator(network)
    address = keys.get_web_auth_url()
    with pytest.raises(pylast.WSError, match="has not been authorized"):
        keys.get_web_auth_session_key(address)
    page = browser.get(f"/api/auth/?{address.partition('?')[2]}")
    assert page.headers["content-type"].startswith("text/html")
    asked = dict(page.url.params)
    assert browser.post("/api/auth", json=asked).status_code == 204
    session, name = keys.get_web_auth_session_key_username(address)
    assert name == browser.handle
    network.session_key = session
    network.scrobble("Joni Mitchell", "River", int(time.time()))


def test_with_its_key_a_client_of_lastfm_ends_at_once(browser, make_key, lastfm):
    key = make_key(kind="lastfm")
    network = signed_in(lastfm(key), browser, key)
    network.scrobble("Joni Mitchell", "River", int(time.time()))
    browser.delete(f"/users/me/keys/{key['id']}").raise_for_status()
    with pytest.raises(pylast.WSError) as refused:
        network.scrobble("Joni Mitchell", "Carey", int(time.time()))
    assert int(refused.value.status) == pylast.STATUS_INVALID_API_KEY


def test_a_client_of_lastfm_that_signs_otherwise_is_refused(browser, make_key, lastfm):
    key = make_key(kind="lastfm")
    network = signed_in(lastfm(key), browser, key)
    network.api_secret = "0" * 32
    with pytest.raises(pylast.WSError) as refused:
        network.scrobble("Joni Mitchell", "River", int(time.time()))
    assert int(refused.value.status) == pylast.STATUS_INVALID_SIGNATURE
