"""Keys become principals: who is believed, who is asked, and what is remembered."""

import asyncio
import hashlib
from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from contracts.identity import Principal
from gateway.authentication import ANONYMOUS, Authentication, Passes
from gateway.credentials import (
    KeyInQuery,
    Shown,
    TwoCredentials,
    UnknownKey,
    UnknownScheme,
    UnknownToken,
    refuse_key_in_query,
    shown,
)
from gateway.memory import Memory, Shared
from gateway.routes import SERVICES
from gateway.upstream import Answer, ServiceAway

KEY = f"sdt_botkey01_{'x' * 32}"
OTHER = f"sdt_botkey02_{'x' * 32}"
BOT = Principal(id="botkey01", kind="bot", scopes=["club:write"])


def bearing(key, scheme="Bearer"):
    return [(b"authorization", f"{scheme} {key}".encode())]


def bearing_key(key=KEY):
    return Shown("key", key)


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


class Identity:
    """Counts the questions; answers when allowed to."""

    def __init__(self, known=BOT):
        self.known, self.asked, self.away = known, 0, False
        self.open = asyncio.Event()
        self.open.set()

    async def __call__(self, _):
        self.asked += 1
        await self.open.wait()
        if self.away:
            raise ServiceAway("identity")
        return self.known


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def identity():
    return Identity()


@pytest.fixture
def memory(clock):
    return Memory(100, clock)


@pytest.fixture
def door(identity, memory):
    return Authentication(identity, memory)


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_a_key_is_read_from_the_bearer_scheme(scheme):
    assert shown(bearing(KEY, scheme), "/club/weeks", "https") == Shown("key", KEY)


@pytest.mark.parametrize("path", ["/1/submit-listens", "/apis/listenbrainz/1/submit-listens"])
def test_listenbrainz_clients_may_call_their_key_a_token(path):
    assert shown(bearing(KEY, "Token"), path, "https") == Shown("key", KEY)


@pytest.mark.parametrize(
    "text", ["Token " + KEY, "Basic eDp5", KEY, "Bearer", "", "Bearer:" + KEY, "Digest x", "Bearer\t" + KEY]
)
def test_any_other_scheme_is_refused(text):
    with pytest.raises((UnknownScheme, UnknownKey)):
        shown([(b"authorization", text.encode())], "/club/weeks", "https")


@pytest.mark.parametrize(
    "key", ["eyJhbGciOiJub25lIn0.e30.", "sdt_", "sdt_a b", "sdt_ä", f"{KEY} {KEY}", "sdt_" + "x" * 500, "SDT_x"]
)
def test_what_has_no_key_form_is_refused_without_asking(key):
    with pytest.raises((UnknownKey, UnknownToken)):
        shown(bearing(key), "/club/weeks", "https")


def test_two_authorization_headers_are_refused():
    with pytest.raises(TwoCredentials):
        shown(bearing(KEY) * 2, "/club/weeks", "https")


async def test_without_a_credential_one_is_anonymous_even_with_identity_away(door, identity):
    identity.away = True
    assert await door.principal(None) == ANONYMOUS


async def test_a_key_is_asked_about_once_in_thirty_seconds(door, identity, clock):
    for _ in range(3):
        assert await door.principal(bearing_key()) == BOT
    clock.now += 29.9
    await door.principal(bearing_key())
    assert identity.asked == 1
    clock.now += 0.2
    await door.principal(bearing_key())
    assert identity.asked == 2


async def test_an_unknown_key_is_asked_about_again_after_five_seconds(door, identity, clock):
    identity.known = None
    for _ in range(2):
        with pytest.raises(UnknownKey):
            await door.principal(bearing_key())
    assert identity.asked == 1
    identity.known = BOT
    clock.now += 5.1
    assert await door.principal(bearing_key()) == BOT


async def test_those_who_bring_a_new_key_at_once_share_one_question(door, identity):
    identity.open.clear()
    crowd = [asyncio.create_task(door.principal(bearing_key())) for _ in range(20)]
    await asyncio.sleep(0)
    crowd[0].cancel()
    await asyncio.sleep(0)
    identity.open.set()
    answers = await asyncio.gather(*crowd, return_exceptions=True)
    assert isinstance(answers[0], asyncio.CancelledError)
    assert answers[1:] == [BOT] * 19
    assert identity.asked == 1


async def test_a_failure_is_shared_by_those_who_wait_and_remembered_by_nobody(door, identity):
    identity.away = True
    both = [door.principal(bearing_key()) for _ in range(2)]
    assert [type(each) for each in await asyncio.gather(*both, return_exceptions=True)] == [ServiceAway] * 2
    identity.away = False
    assert await door.principal(bearing_key()) == BOT


async def test_keys_are_remembered_by_their_hash_only(door, memory):
    await door.principal(bearing_key())
    assert memory.get(hashlib.sha256(f"key {KEY}".encode()).digest()) == BOT
    assert "xxxx" not in repr(vars(memory))


async def test_after_a_revocation_every_key_is_asked_about_again(door, identity):
    await door.principal(bearing_key())
    door.forget()
    identity.known = None
    with pytest.raises(UnknownKey):
        await door.principal(bearing_key())


async def test_what_was_asked_before_a_revocation_is_not_remembered_after_it(door, identity):
    identity.open.clear()
    early = asyncio.create_task(door.principal(bearing_key()))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    door.forget()
    identity.open.set()
    await early
    await door.principal(bearing_key())
    assert identity.asked == 2


async def test_a_flood_of_unknown_keys_does_not_push_out_the_known_ones(clock):
    identity, memory = Identity(), Memory(50, clock)
    door = Authentication(identity, memory)
    await door.principal(bearing_key())
    identity.known = None
    for n in range(500):
        with pytest.raises(UnknownKey):
            await door.principal(bearing_key(f"sdt_{n:08}_{'y' * 32}"))
    assert len(memory) <= 50
    assert await door.principal(bearing_key()) == BOT


async def test_a_question_nobody_waits_for_any_more_fails_in_silence(clock):
    shared = Shared(Memory(1, clock), lambda _: 1)

    async def fail():
        await asyncio.sleep(0)
        raise ServiceAway("identity")

    waiting = asyncio.create_task(shared.get("key", fail))
    await asyncio.sleep(0)
    waiting.cancel()
    for _ in range(5):
        await asyncio.sleep(0)
    assert waiting.cancelled()


SECRET = "a" * 43
SESSION = Principal(id="0190a4b2", kind="user", credential="session:1")


@pytest.mark.parametrize(
    ("scheme", "host", "cookie", "believed"),
    [
        ("https", "club.example", f"__Host-sidetrack={SECRET}", True),
        ("https", "club.example", f"other=1; __Host-sidetrack={SECRET}; more=2", True),
        ("http", "127.0.0.1:8000", f"sidetrack={SECRET}", True),
        ("http", "localhost", f"sidetrack={SECRET}", True),
        ("http", "[::1]:8000", f"sidetrack={SECRET}", True),
        ("https", "club.example", f"sidetrack={SECRET}", False),
        ("http", "127.0.0.1", f"__Host-sidetrack={SECRET}", False),
        ("http", "club.example", f"sidetrack={SECRET}", False),
        ("http", "127.0.0.1.evil.example", f"sidetrack={SECRET}", False),
        ("https", "club.example", "__Host-sidetrack=", False),
        ("https", "club.example", f"__Host-sidetrack={SECRET}x", False),
        ("https", "club.example", f"X__Host-sidetrack={SECRET}", False),
    ],
)
def test_a_session_is_read_from_the_cookie_that_no_other_site_can_have_set(scheme, host, cookie, believed):
    headers = [(b"host", host.encode()), (b"cookie", cookie.encode())]
    assert shown(headers, "/club/weeks", scheme) == (Shown("session", SECRET) if believed else None)


def test_beside_an_authorization_header_cookies_count_for_nothing():
    headers = [*bearing(KEY), (b"cookie", f"__Host-sidetrack={SECRET}".encode())]
    assert shown(headers, "/club/weeks", "https") == Shown("key", KEY)


def test_what_looks_like_an_access_token_is_one_and_what_is_huge_is_none():
    token = f"eyJ{'a' * 40}.{'b' * 200}.{'c' * 86}"
    assert shown(bearing(token), "/club/weeks", "https") == Shown("token", token)
    for wrong in (token + "!", f"eyJ{'a' * 40}.{'b' * 9000}.c", "eyJ.b.", "eyJhbGciOiJub25lIn0.e30."):
        with pytest.raises(UnknownToken):
            shown(bearing(wrong), "/club/weeks", "https")


async def test_a_session_that_has_ended_leaves_one_anonymous(door, identity):
    identity.known = None
    assert await door.principal(Shown("session", SECRET)) == ANONYMOUS


async def test_one_secret_shown_in_two_ways_is_two_credentials(door, identity):
    await door.principal(Shown("session", SECRET))
    await door.principal(Shown("key", SECRET))
    assert identity.asked == 2


async def test_nobody_is_believed_for_longer_than_their_credential_lasts(door, identity, clock):
    identity.known = SESSION.model_copy(update={"expires_at": datetime.now(UTC) + timedelta(seconds=3)})
    await door.principal(Shown("session", SECRET))
    clock.now += 3.1
    identity.known = None
    assert await door.principal(Shown("session", SECRET)) == ANONYMOUS


@pytest.mark.parametrize(
    ("credential", "user_id", "asked_again"),
    [
        ("session:1", "0190a4b2", {"session"}),
        (None, "0190a4b2", {"session"}),
        ("session:2", "0190a4b2", set()),
        ("key:botkey01", None, {"key"}),
    ],
)
async def test_of_what_is_revoked_alone_nothing_is_believed_any_more(door, identity, credential, user_id, asked_again):
    known = {"session": SESSION, "key": BOT.model_copy(update={"credential": "key:botkey01"})}
    for kind, principal in known.items():
        identity.known = principal
        await door.principal(Shown(kind, SECRET))
    door.forget_those(credential, user_id)
    again = set()
    for kind, principal in known.items():
        identity.known, before = principal, identity.asked
        await door.principal(Shown(kind, SECRET))
        again |= {kind} if identity.asked > before else set()
    assert again == asked_again


@pytest.mark.parametrize("name", ["api_key", "access_token", "token", "key", "Token", "%6bey"])
def test_a_key_in_the_query_is_refused(name):
    with pytest.raises(KeyInQuery):
        refuse_key_in_query("/club/weeks", f"q=x&{name}={KEY}".encode())
    with pytest.raises(KeyInQuery):
        refuse_key_in_query("/club/weeks", f"{name}=sdt%5Fx".encode())


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/1/validate-token", b"token=" + KEY.encode()),
        ("/apis/listenbrainz/1/validate-token/", b"token=" + KEY.encode()),
        ("/2.0/", b"api_key=0123456789abcdef&method=track.scrobble"),
        ("/club/weeks", b"q=sdt_"),
        ("/club/weeks", b""),
    ],
)
def test_a_query_without_a_key_of_ours_passes(path, query):
    refuse_key_in_query(path, query)


def test_a_token_is_signed_once_while_it_is_fresh(signing, clock):
    passes = Passes(signing, Memory(10, clock))
    first = passes.bearer(BOT, "club")
    assert passes.bearer(BOT, "club") is first
    clock.now += 25.1
    assert passes.bearer(BOT, "club") is not first


def test_no_two_principals_and_no_two_services_share_a_token(signing, tokens):
    passes = Passes(signing)
    admin = BOT.model_copy(update={"kind": "admin"})
    wider = BOT.model_copy(update={"scopes": ["club:write", "admin"]})
    bearers = [passes.bearer(who, service) for who in (BOT, admin, wider, ANONYMOUS) for service in ("club", "taste")]
    assert len(set(bearers)) == 8
    assert tokens("club").verify(bearers[2].decode().removeprefix("Bearer ")).kind == "admin"


def test_an_unknown_key_is_a_401_problem_that_names_the_scheme(gate, keys):
    answer = gate.ask("GET", "/club/mirror", headers={"Authorization": f"Bearer {keys['stranger']}"})
    assert (answer.status_code, answer.json()["code"]) == (401, "unknown_key")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_two_credentials_are_a_400_problem(gate, keys):
    answer = gate.ask("GET", "/club/mirror", headers=[("Authorization", f"Bearer {keys['bot']}")] * 2)
    assert (answer.status_code, answer.json()["code"]) == (400, "two_credentials")


def test_a_key_in_the_address_is_a_400_problem(gate, keys):
    answer = gate.ask("GET", f"/club/mirror?key={keys['bot']}")
    assert (answer.status_code, answer.json()["code"]) == (400, "key_in_query")


def test_a_cookie_is_no_credential_yet(gate, tokens):
    shown = gate.ask("GET", "/club/mirror", headers={"Cookie": "__Host-sidetrack=x"}).json()
    [authorization] = [value for name, value in shown["headers"] if name == "authorization"]
    assert tokens("club").verify(authorization.removeprefix("Bearer ")).kind == "anonymous"


def test_a_forged_internal_token_is_refused(gate, signing):
    answer = gate.ask("GET", "/club/mirror", headers={"Authorization": f"Bearer {signing.mint('club', 'x', 'admin')}"})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "answer",
    [ServiceAway("identity"), (500, b""), (404, b"{}"), (401, b'{"code": "bad_token"}'), (401, b"<html>")],
    ids=["away", "broken", "too old", "does not believe the gateway", "is somebody else"],
)
async def test_with_identity_away_a_key_is_a_503_and_anonymous_reads_go_on(gateway_before, canned, answer):
    identity = canned(answer if isinstance(answer, Exception) else Answer(*answer))
    app = gateway_before(dict.fromkeys(SERVICES, canned()) | {"identity": identity})
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://x") as client:
        refused = await client.get("/club/weeks", headers={"Authorization": f"Bearer {KEY}"})
        served = await client.get("/club/weeks")
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
    assert (served.status_code, served.text) == (200, "served")
