"""The way through: over HTTP and into a mounted service, the same for whoever asks."""

import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar

import aiohttp
import httpx2
import pytest

from chassis.tokens import BadToken
from gateway.mounted import MountedUpstream
from gateway.over_http import HttpUpstream, Wire
from gateway.routes import SERVICES

CLOSE = b"Host: club.example\r\nConnection: close\r\n\r\n"


def headers_seen(answer, name):
    return [value for each, value in answer.json()["headers"] if each == name]


def test_status_headers_and_body_come_back_as_the_service_sent_them(gate):
    answer = gate.ask("GET", "/club/plain")
    assert (answer.status_code, answer.content) == (418, b"tea\n")
    assert answer.headers["etag"] == '"x"'
    assert (b"x-latin", b"caf\xe9") in [(name.lower(), value) for name, value in answer.headers.raw]


def test_a_header_sent_twice_arrives_twice(gate):
    assert gate.ask("GET", "/club/plain").headers.get_list("set-cookie") == ["a=1", "b=2"]
    twice = gate.ask("GET", "/club/mirror", headers=[("X-Twice", "1"), ("X-Twice", "2")])
    assert headers_seen(twice, "x-twice") == ["1", "2"]


def test_headers_of_one_hop_stay_on_it(gate):
    sent = {"Connection": "x-gone", "X-Gone": "1", "TE": "trailers", "Keep-Alive": "1", "Proxy-Authorization": "x"}
    seen = {name for name, _ in gate.ask("GET", "/club/mirror", headers=sent).json()["headers"]}
    hop = {"x-gone", "te", "keep-alive", "trailer", "proxy-authorization", "proxy-authenticate"}
    assert not seen & hop
    assert not set(gate.ask("GET", "/club/plain").headers) & hop


def test_one_date_and_one_server_sign_an_answer(gate):
    answer = gate.ask("GET", "/club/mirror")
    assert [len(answer.headers.get_list(name)) for name in ("date", "server", "x-request-id")] == [1, 1, 1]


@pytest.mark.parametrize(
    "query",
    [b"a=1&a=2&b=", b"a=%2F%2f+%20&&=;x", b"q=[1]'|^`{}\"<>", b"%zz=%", b"next=/x/../y//z?&u=http://e/@:", b"a?b?c"],
)
def test_a_query_string_arrives_byte_for_byte(gate, query):
    said = gate.speak(b"GET /club/mirror?" + query + b" HTTP/1.1\r\n" + CLOSE)
    assert json.loads(said.split(b"\r\n\r\n")[1])["query_string"] == query.decode()


def test_a_slash_at_the_end_of_an_address_is_overlooked(gate):
    assert gate.ask("POST", "/club/mirror/?q=1").json()["query_string"] == "q=1"


def test_bytes_beyond_ascii_in_a_header_arrive(gate):
    said = gate.speak("GET /club/mirror HTTP/1.1\r\nX-Name: Björk\r\n".encode() + CLOSE)
    assert ["x-name", "Björk".encode().decode("latin-1")] in json.loads(said.split(b"\r\n\r\n")[1])["headers"]


def test_a_path_arrives_as_it_was_encoded(gate):
    shown = gate.ask("GET", "/club/a%20b%25c%C3%B6/mirror").json()
    assert (shown["raw_path"], shown["path"]) == ("/club/a%20b%25c%C3%B6/mirror", "/club/a b%cö/mirror")


def test_a_service_gets_a_token_instead_of_the_clients_credentials(gate, keys, tokens):
    sent = {"Authorization": f"Bearer {keys['bot']}", "Cookie": "s=1", "X-User-Id": "1", "X-Forwarded-For": "6.6.6.6"}
    answer = gate.ask("GET", "/club/mirror", headers=sent | {"X-Forwarded-Host": "evil", "Forwarded": "for=6.6.6.6"})
    assert keys["bot"] not in answer.text
    assert not headers_seen(answer, "cookie") + headers_seen(answer, "x-user-id") + headers_seen(answer, "forwarded")
    assert headers_seen(answer, "x-forwarded-for") == ["127.0.0.1"]
    assert headers_seen(answer, "x-forwarded-proto") == ["http"]
    assert headers_seen(answer, "x-forwarded-host") == [f"127.0.0.1:{gate.port}"] == headers_seen(answer, "host")
    [authorization] = headers_seen(answer, "authorization")
    caller = tokens("club").verify(authorization.removeprefix("Bearer "))
    assert (caller.sub, caller.kind, caller.scopes) == ("botkey01", "bot", {"club:write"})


def test_of_the_cookies_only_that_of_a_begun_sign_in_goes_on_and_only_to_where_it_ends(gate):
    sent = {"Cookie": "a=1; sidetrack_oauth=x; __Host-sidetrack=secret; __Host-sidetrack_oauth=y; sidetrack_oauth2=z"}
    assert headers_seen(gate.ask("GET", "/auth/mirror", headers=sent), "x-sidetrack-oauth") == [
        "sidetrack_oauth=x; __Host-sidetrack_oauth=y"
    ]
    for path in ("/auth/mirror", "/users/me/links/mirror", "/club/mirror"):
        assert "secret" not in gate.ask("GET", path, headers=sent).text
    assert headers_seen(gate.ask("GET", "/club/mirror", headers=sent), "x-sidetrack-oauth") == []


@pytest.mark.parametrize("path", ["/auth/mirror", "/club/mirror"])
def test_nobody_says_in_a_header_what_they_have_begun(gate, path):
    answer = gate.ask("GET", path, headers={"X-Sidetrack-OAuth": "sidetrack_oauth=forged"})
    assert headers_seen(answer, "x-sidetrack-oauth") == []


def test_a_token_is_for_the_one_service_that_gets_it(gate, tokens):
    [authorization] = headers_seen(gate.ask("GET", "/music/mirror"), "authorization")
    assert tokens("catalog").verify(authorization.removeprefix("Bearer ")).kind == "anonymous"
    with pytest.raises(BadToken):
        tokens("club").verify(authorization.removeprefix("Bearer "))


@pytest.mark.parametrize("path", ["/club/mirror", "/nowhere", "/health"])
def test_a_request_keeps_the_id_it_came_with_on_every_answer(gate, path):
    assert gate.ask("GET", path, headers={"X-Request-ID": "abc-123"}).headers["x-request-id"] == "abc-123"


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, "é".encode(), "a\tb"])
def test_a_request_without_a_usable_id_gets_one(gate, given):
    answer = gate.ask("GET", "/club/mirror", headers={"X-Request-ID": given})
    assert len(answer.headers["x-request-id"]) == 36
    assert headers_seen(answer, "x-request-id") == [answer.headers["x-request-id"]]


def test_head_answers_with_the_length_and_no_body(gate):
    said = gate.speak(b"HEAD /club/plain HTTP/1.1\r\n" + CLOSE)
    assert b"content-length: 4" in said
    assert said.endswith(b"\r\n\r\n")


@pytest.mark.parametrize(("path", "status"), [("/club/nothing", 204), ("/club/unchanged", 304)])
def test_an_answer_without_a_body_leaves_the_connection_usable(gate, path, status):
    with gate.client() as client:
        assert [client.get(path).status_code for _ in range(2)] == [status, status]


def test_compressed_answers_pass_as_they_are(gate):
    said = gate.speak(b"GET /club/squeezed HTTP/1.1\r\n" + CLOSE)
    assert said.endswith(b"\r\n\r\n\x1f\x8b\x00")


def test_a_redirect_is_the_clients_to_follow(gate):
    assert gate.ask("GET", "/club/elsewhere").headers["location"] == "/club/mirror"


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_a_body_goes_with_any_method(gate, method):
    shown = gate.ask(method, "/club/mirror", content=b"{}").json()
    assert (shown["method"], shown["size"]) == (method, 2)


def test_an_upload_reaches_the_service_while_the_client_still_sends(gate):
    def pieces():
        yield b"x" * 65_536
        assert gate.mirror.seen.wait(5), "The service has seen nothing while the client held back the rest."
        for _ in range(79):
            yield b"x" * 65_536

    answer = gate.ask("POST", "/listens/bulk", content=pieces())
    assert answer.json()["size"] == 80 * 65_536
    assert answer.json()["pieces"] > 1


def test_an_upload_of_announced_length_streams_as_well(gate):
    with socket.create_connection(("127.0.0.1", gate.port), timeout=10) as wire:
        wire.sendall(b"POST /listens/bulk HTTP/1.1\r\nContent-Length: 10\r\n" + CLOSE + b"12345")
        assert gate.mirror.seen.wait(5)
        wire.sendall(b"67890")
        said = b"".join(iter(lambda: wire.recv(65536), b""))
    assert b'{"size": 10' in said


def test_a_download_reaches_the_client_while_the_service_still_sends(gate):
    with gate.client() as client, client.stream("GET", "/club/lines") as answer:
        lines = answer.iter_lines()
        assert next(lines) == "first"
        gate.mirror.go.set()
        assert next(lines) == "second"


def test_a_silent_service_is_a_504(gate):
    answer = gate.ask("POST", "/club/silent", content=b"{}")
    assert (answer.status_code, answer.json()["code"]) == (504, "too_slow")
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_slow_client_is_no_silent_service(gate):
    def pieces():
        yield b"12345"
        time.sleep(1)
        yield b"67890"

    assert gate.ask("POST", "/listens/bulk", content=pieces()).json()["size"] == 10


@pytest.mark.parametrize("path", ["/club/dies", "/club/dies?long", "/club/stalls"])
def test_an_answer_broken_off_never_looks_whole(gate, path):
    with pytest.raises(httpx2.RemoteProtocolError):
        gate.ask("GET", path)


def test_a_service_hears_that_the_client_has_left(gate):
    with socket.create_connection(("127.0.0.1", gate.port), timeout=10) as wire:
        wire.sendall(b"GET /club/waits HTTP/1.1\r\n" + CLOSE)
        assert gate.mirror.seen.wait(5)
    assert gate.mirror.left.wait(5)


def test_a_service_hears_that_the_client_left_in_the_middle_of_its_body(gate):
    with socket.create_connection(("127.0.0.1", gate.port), timeout=10) as wire:
        wire.sendall(b"POST /club/waits HTTP/1.1\r\nContent-Length: 100\r\n" + CLOSE + b"12345")
        assert gate.mirror.seen.wait(5)
    assert gate.mirror.left.wait(5)


def test_an_answer_before_the_whole_body_was_read_arrives(gate):
    with gate.client() as client:
        for _ in range(3):
            assert client.post("/listens/hasty", content=b"x" * 900_000).status_code == 403
        assert client.get("/club/mirror").status_code == 200


@pytest.mark.parametrize("way", ["http", "mounted"])
def test_many_at_once_get_each_their_own_answer(open_door, way):
    # On a slow machine the last of them waits.
    with open_door(way, upstream_timeout=30) as gate, gate.client() as client, ThreadPoolExecutor(32) as crowd:
        answers = list(crowd.map(lambda n: client.post(f"/club/{n}/mirror", content=b"x" * n), range(300)))
    assert [answer.text for answer in answers if answer.status_code != 200] == []
    answers = [answer.json() for answer in answers]
    assert [(each["path"], each["size"]) for each in answers] == [(f"/club/{n}/mirror", n) for n in range(300)]


def test_a_websocket_is_turned_away(gate):
    upgrade = b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: eA==\r\n"
    said = gate.speak(b"GET /club/mirror HTTP/1.1\r\nHost: x\r\n" + upgrade + b"Connection: close\r\n\r\n")
    assert b" 101 " not in said.split(b"\r\n")[0]


def test_an_unknown_method_is_refused(gate):
    assert b"405" in gate.speak(b"TRACE /club/mirror HTTP/1.1\r\n" + CLOSE).split(b"\r\n")[0]


def test_a_service_that_is_away_is_a_503_that_says_when_to_return(serve, gateway_before):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        nowhere = HttpUpstream("club", f"http://127.0.0.1:{unused.getsockname()[1]}", Wire(1))
        with serve(gateway_before(dict.fromkeys(SERVICES, nowhere))) as port:
            answer = httpx2.get(f"http://127.0.0.1:{port}/club/weeks")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert answer.json()["detail"] == "The club service is not available right now; please try again soon."


def test_a_service_that_hangs_up_without_a_word_is_a_503(serve, gateway_before):
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def hang_up():
            listener.accept()[0].close()

        hangs_up = threading.Thread(target=hang_up)
        hangs_up.start()
        upstream = HttpUpstream("club", f"http://127.0.0.1:{listener.getsockname()[1]}", Wire(1))
        with serve(gateway_before(dict.fromkeys(SERVICES, upstream))) as port:
            answer = httpx2.post(f"http://127.0.0.1:{port}/club/weeks", json={})
        hangs_up.join()
    assert answer.status_code == 503


def test_a_restarted_service_is_found_again(serve, gateway_before, mirror):
    with serve(mirror) as first:
        upstream = HttpUpstream("club", f"http://127.0.0.1:{first}", Wire(1))
    with serve(gateway_before(dict.fromkeys(SERVICES, upstream))) as port, httpx2.Client() as client:
        for _ in range(2):
            with serve(mirror, first):
                assert client.post(f"http://127.0.0.1:{port}/club/mirror", content=b"x").status_code == 200


async def test_a_pause_of_the_gateway_while_it_connects_loses_no_request(serve, gateway_before, mirror):
    pauses = [0.5]

    async def pause(*_):
        if pauses:
            time.sleep(pauses.pop())  # noqa: ASYNC251 — a loop that stands still is what is tried

    watch = aiohttp.TraceConfig()
    watch.on_connection_create_start.append(pause)
    watch.freeze()
    with serve(mirror) as behind:
        wire = Wire(connect_timeout=0.2)
        wire.session.trace_configs.append(watch)
        gateway = gateway_before(dict.fromkeys(SERVICES, HttpUpstream("club", f"http://127.0.0.1:{behind}", wire)))
        async with httpx2.AsyncClient(
            transport=httpx2.ASGITransport(gateway), base_url="http://club.example"
        ) as client:
            answer = await client.post("/club/mirror", content=b"once")
        await wire.close()
    assert (answer.status_code, answer.json()["size"], pauses) == (200, 4, [])


def test_a_mounted_service_runs_in_a_context_of_its_own(serve, gateway_before):
    mark = ContextVar("mark", default="clean")

    async def marking(scope, receive, send):
        found = mark.get()
        mark.set("marked")
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": found.encode()})

    async def around(scope, receive, send):
        if scope["type"] == "http":
            mark.set("of the gateway")
        await gateway(scope, receive, send)

    gateway = gateway_before({name: MountedUpstream(name, marking) for name in SERVICES})
    with serve(around) as port:
        assert [httpx2.get(f"http://127.0.0.1:{port}/club/x").text for _ in range(2)] == ["clean", "clean"]


def test_a_mounted_service_that_says_nothing_is_a_503(serve, gateway_before):
    async def mute(scope, receive, send):
        pass

    with serve(gateway_before({name: MountedUpstream(name, mute) for name in SERVICES})) as port:
        answer = httpx2.get(f"http://127.0.0.1:{port}/club/x")
    assert (answer.status_code, answer.json()["code"]) == (503, "service_away")


def test_a_mounted_service_that_breaks_after_its_answer_spoils_nothing(serve, gateway_before):
    async def late(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"whole"})
        raise RuntimeError("This service is broken.")

    with serve(gateway_before({name: MountedUpstream(name, late) for name in SERVICES})) as port:
        answer = httpx2.get(f"http://127.0.0.1:{port}/club/x")
    assert (answer.status_code, answer.text) == (200, "whole")


def test_a_mounted_service_that_breaks_is_a_500_problem(serve, gateway_before):
    async def broken(scope, receive, send):
        raise RuntimeError("This service is broken.")

    with serve(gateway_before({name: MountedUpstream(name, broken) for name in SERVICES})) as port:
        answer = httpx2.get(f"http://127.0.0.1:{port}/club/x")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
