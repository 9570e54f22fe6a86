"""What the door lets through, what it tells, and what it keeps to itself."""

import re
import socket
from importlib import import_module
from itertools import cycle

import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey

from gateway.routes import SERVICES
from standalone.keys import make_keys
from tests.security.surface import is_for_services, operations
from tests.security.verdicts import refused, told_well

STRANGER = OKPKey.generate_key("Ed25519", {"kid": "gateway-1"})
UNSIGNED = "eyJhbGciOiJub25lIn0.eyJpc3MiOiJnYXRld2F5IiwiYXVkIjoiY2x1YiIsInN1YiI6ImJvdCIsImtpbmQiOiJib3QifQ."
SAFE = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
}


def token(key=STRANGER, **changes):
    claims = {"iss": "gateway", "aud": "club", "sub": "bot", "kind": "bot", "exp": 4_000_000_000} | changes
    return jwt.encode({"alg": "Ed25519", "kid": key.kid}, claims, key, algorithms=["Ed25519"])


def bearer(credential):
    return {"Authorization": f"Bearer {credential}"}


def own_surface(service):
    return operations(import_module(f"{service}.main").app.openapi())


INTERNAL = [
    operation for service in SERVICES for operation in own_surface(service) if is_for_services(operation.template)
]


@pytest.fixture(scope="session")
def admin(gateway):
    with gateway.client(headers=bearer(gateway.admin_key)) as client:
        yield client


def test_there_is_something_internal_to_keep_in():
    assert "POST /internal/principals" in map(str, INTERNAL)


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("key", ["nobody", "bot", "admin"])
def test_nobody_reaches_what_is_internal(request, place, key):
    client = request.getfixturevalue(key)
    for operation in INTERNAL:
        answer = client.request(operation.method, operation.template.format_map(place), json=operation.example)
        assert (str(operation), answer.status_code in {403, 404}, refused(answer)) == (str(operation), True, None)


def test_the_keys_of_others_cannot_be_asked_for(admin):
    assert admin.post("/internal/principals", json={"key": "x"}).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "//internal/users",
        "/internal//users",
        "/INTERNAL/users",
        "/%69nternal/users",
        "/internal/users/",
        "/internal%2fusers",
        "/internal/users;a=b",
        "/club/../internal/users",
        "/club/%2e%2e/internal/users",
        "/club/weeks/..%2f..%2finternal/users",
        "/club\\..\\internal\\users",
    ],
)
def test_no_spelling_of_an_internal_address_leads_in(gateway, path):
    body = b'{"discord_id": "1"}'
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {gateway.bot_key}\r\nContent-Length: {len(body)}"
    assert spoken_raw(gateway, head.encode(), body) in {400, 403, 404}


def spoken_raw(gateway, head, body=b""):
    """The status of what comes back when exactly this is sent."""
    with socket.create_connection(("127.0.0.1", gateway.port), timeout=20) as wire:
        wire.sendall(head + b"\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n" + body)
        return int(wire.makefile("rb").readline().split()[1])


@pytest.mark.parametrize(
    "head",
    [
        b"GET /club/weeks?q=\xff HTTP/1.1\r\nHost: x",
        b"GET /club/we\xc3\xa9ks HTTP/1.1\r\nHost: x",
        b"GET /club/weeks?q=%2 HTTP/1.1\r\nHost: x",
        b"GET /club/weeks/%2 HTTP/1.1\r\nHost: x",
        b"GET /club/weeks/../../etc/passwd HTTP/1.1\r\nHost: x",
        b"GET http://elsewhere/club/weeks HTTP/1.1\r\nHost: x",
        b"GET * HTTP/1.1\r\nHost: x",
        b"GET /club/weeks HTTP/1.1",
        b"GET /club/weeks HTTP/1.1\r\nHost: \xff",
        b"GET /club/weeks HTTP/1.1\r\nHost: x\r\nX-Odd: \xff\x80",
        b"GET /club/weeks HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \xff",
        b"GET /club/weeks HTTP/1.1\r\nHost: x\r\nIdempotency-Key: \x01\x7f",
        b"GET /club/weeks HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer",
        b"POST /club/weeks HTTP/1.1\r\nHost: x\r\nContent-Length: -1",
        b"POST /club/weeks HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nContent-Length: 5",
        b"POST /club/weeks HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nTransfer-Encoding: chunked",
        b"POST /club/weeks HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked",
        b"BREW /club/weeks HTTP/1.1\r\nHost: x",
    ],
    ids=lambda head: ascii(head.decode("latin-1"))[1:60],
)
def test_no_request_breaks_it_however_it_is_written(gateway, nobody, head):
    assert spoken_raw(gateway, head, b"0\r\n\r\n" if b"chunked" in head else b"") < 500
    assert nobody.get("/livez").status_code == 200


@pytest.mark.parametrize(
    "credential",
    [
        pytest.param(lambda _: UNSIGNED, id="unsigned"),
        pytest.param(lambda _: token(), id="signed by a stranger"),
        pytest.param(lambda keys: token(OKPKey.import_key(keys.signing["gateway"][0])), id="signed by the gateway"),
        pytest.param(lambda _: f"sdt_abcdefgh_{'x' * 40}", id="made up"),
        pytest.param(lambda keys: keys.api["SIDETRACK_BOT_KEY"][:-1] + "_", id="a letter off"),
        pytest.param(lambda keys: keys.api["SIDETRACK_BOT_KEY"].upper(), id="in capitals"),
        pytest.param(lambda _: "sdt_" + "x" * 20_000, id="endless"),
        pytest.param(lambda _: "sdt_%00", id="a NUL"),
    ],
)
def test_only_an_api_key_opens_from_outside(gateway, nobody, credential):
    presented = credential(make_keys(gateway.home, {}))
    answer = nobody.get("/club/weeks", headers=bearer(presented))
    assert (answer.status_code, refused(answer)) == (401, None)
    assert answer.headers["www-authenticate"] == "Bearer"


def test_nobody_says_in_a_header_who_they_are(nobody, place):
    claims = dict.fromkeys(("X-User-Id", "X-User-Kind", "X-Forwarded-User", "X-Forwarded-For", "Forwarded"), "admin")
    answer = nobody.post("/club/weeks", json={"number": 8}, headers=claims)
    assert (answer.status_code, refused(answer)) == (401, None)
    person = nobody.get(f"/users/{place['user_id']}", headers=claims).json()
    assert person["discord_id"] is None


@pytest.mark.parametrize("name", ["api_key", "access_token", "token", "key", "KEY"])
def test_a_key_in_an_address_opens_nothing_and_is_not_repeated(gateway, nobody, surface, place, name):
    for operation in surface:
        if operation.template == "/health":
            continue
        address = f"{operation.template.format_map(place)}?{name}={gateway.bot_key}"
        answer = nobody.request(operation.method, address, json=operation.example)
        assert (answer.status_code, answer.json()["code"]) == (400, "key_in_query"), str(operation)
        assert gateway.bot_key not in answer.text


def test_no_key_stands_in_the_log(gateway, bot):
    bot.get("/club/weeks", params={"api_key": gateway.bot_key})
    bot.get("/club/weeks")
    assert gateway.bot_key not in gateway.processes["up"].log


def test_a_request_id_is_taken_over_and_a_hostile_one_replaced(nobody):
    ours = nobody.get("/nowhere", headers={"X-Request-ID": "week-3"})
    assert (ours.headers["x-request-id"], ours.json()["request_id"]) == ("week-3", "week-3")
    for hostile in ("x" * 65, "a b", '{"a":1}', "é".encode(), "<script>", ""):
        answer = nobody.get("/club/weeks/current/nowhere", headers={"X-Request-ID": hostile})
        assert refused(answer) is None
        assert answer.headers["x-request-id"] != hostile


def test_two_requests_have_two_ids(nobody):
    assert nobody.get("/club/weeks").headers["x-request-id"] != nobody.get("/club/weeks").headers["x-request-id"]


@pytest.mark.parametrize(
    "name", ["Idempotency-Key", "If-None-Match", "If-Match", "Traceparent", "Accept", "Range", "Cookie"]
)
def test_no_header_breaks_an_endpoint(bot, surface, place, name):
    texts = cycle([b"\xff\xfe", b"x" * 10_000, b'"', b"*, W/", b""])
    for operation in surface:
        if operation.method in {"GET", "POST"}:
            text = next(texts)
            address = operation.template.format_map(place)
            answer = bot.request(operation.method, address, json=operation.example, headers={name: text})
            assert told_well(answer) is None, (str(operation), told_well(answer))


def test_every_answer_carries_the_headers_of_a_careful_server(bot, nobody, place):
    answers = [
        bot.get("/club/weeks"),
        bot.get("/health"),
        bot.get("/openapi.json"),
        nobody.get("/nowhere"),
        nobody.post("/club/weeks", json={}),
        bot.post("/club/weeks", json={}),
        bot.post("/club/weeks", content=b"x" * 1_100_000),
        bot.request("TRACE", "/club/weeks"),
        bot.put("/club/weeks"),
        bot.get(f"/club/weeks/{place['week_id']}"),
    ]
    assert [{name: answer.headers.get(name) for name in SAFE} for answer in answers] == [SAFE] * len(answers)
    for answer in answers:
        assert not {"server", "x-powered-by", "set-cookie", "access-control-allow-origin"} & set(answer.headers)


def test_the_page_for_people_runs_no_script_but_its_own(nobody):
    policy = nobody.get("/docs").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_a_head_says_what_a_get_says_but_for_the_body(bot, surface, place):
    for operation in surface:
        if operation.method != "GET":
            continue
        address = operation.template.format_map(place) + ("?q=Blue" if "search" in operation.template else "")
        whole, head = bot.get(address), bot.head(address)
        assert (head.status_code, head.content) == (whole.status_code, b""), str(operation)
        for name in ("content-type", "content-length", "etag"):
            assert head.headers.get(name) == whole.headers.get(name), (str(operation), name)


def _spells(template, address):
    return re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), address) is not None


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "PROPFIND", "PUT", "DELETE"])
def test_another_method_is_refused_with_those_there_are(bot, surface, place, method):
    documented = {}
    for operation in surface:
        documented.setdefault(operation.template, set()).add(operation.method)
    for template, methods in documented.items():
        address = template.format_map(place)
        if method in methods:
            continue
        answer = bot.request(method, address)
        if any(method in others and _spells(other, address) for other, others in documented.items()):
            # To that method the last word is an id like any other, and no good one.
            assert (answer.status_code in {403, 422}, refused(answer)) == (True, None), template
        else:
            assert (answer.status_code, refused(answer)) == (405, None), template
            assert methods <= set(answer.headers["allow"].split(", ")), template


def test_another_origin_may_not_ask(nobody):
    preflight = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    answer = nobody.options("/club/weeks", headers=preflight)
    assert (answer.status_code, answer.json()["code"]) == (403, "origin_not_allowed")
    assert "access-control-allow-origin" not in answer.headers
