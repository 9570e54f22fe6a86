"""The gateway as a process of its own, and at its edges."""

import json
import os
import subprocess
import sys
import time

import httpx2
import pytest
from tests.servers import free_port

from gateway.main import make_app
from gateway.over_http import HttpUpstream, Wire
from gateway.routes import SERVICES
from gateway.upstream import Answer


def environment(key, behind, without=()):
    ways = {f"SIDETRACK_{name.upper()}_URL": f"http://127.0.0.1:{behind}" for name in SERVICES if name not in without}
    return ways | {"SIDETRACK_SIGNING_KEY": json.dumps(key.as_dict(private=True))}


def answered(url, process):
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and process.poll() is None:
        try:
            return httpx2.get(url)
        except httpx2.ConnectError:
            time.sleep(0.05)
    raise AssertionError("The gateway did not come up.")


def test_the_process_serves_what_its_settings_name_and_ends_well(serve, mirror, signing_key):
    port = free_port()
    with serve(mirror) as behind:
        command = [sys.executable, "-m", "uvicorn", "gateway.main:app", "--port", str(port), "--log-level", "error"]
        process = subprocess.Popen(
            command, env=os.environ | environment(signing_key, behind), stdout=subprocess.DEVNULL
        )
        try:
            assert answered(f"http://127.0.0.1:{port}/health", process).json()["status"] == "ok"
            assert answered(f"http://127.0.0.1:{port}/club/mirror", process).json()["path"] == "/club/mirror"
        finally:
            process.terminate()
            process.wait(timeout=20)
    assert process.returncode in {0, -15}


def test_a_missing_address_is_named_by_its_setting(monkeypatch, signing_key):
    for name, setting in environment(signing_key, 1, without=["club"]).items():
        monkeypatch.setenv(name, setting)
    with pytest.raises(LookupError, match="SIDETRACK_CLUB_URL"):
        make_app()


def test_without_a_signing_key_it_does_not_start(gateway_before, canned):
    with pytest.raises(RuntimeError, match="no signing key"):
        gateway_before(dict.fromkeys(SERVICES, canned()), signing_key=None)


async def test_a_websocket_is_closed(gateway_before, canned):
    said = []

    async def send(message):
        said.append(message)

    gateway = gateway_before(dict.fromkeys(SERVICES, canned()))
    await gateway({"type": "websocket", "path": "/club/x", "headers": []}, None, send)
    assert said == [{"type": "websocket.close", "code": 1008}]


async def test_a_client_gone_before_its_request_was_read_gets_nothing(gateway_before):
    async def receive():
        return {"type": "http.disconnect"}

    async def send(message):
        raise AssertionError(message)

    scope = {"type": "http", "method": "GET", "scheme": "http", "path": "/club/x", "query_string": b"", "headers": []}
    ways = dict.fromkeys(SERVICES, HttpUpstream("club", "http://127.0.0.1:1", Wire(1)))
    await gateway_before(ways)(scope, receive, send)


@pytest.mark.parametrize(("scheme", "told"), [("https", "max-age=31536000"), ("http", None)])
async def test_a_browser_that_came_by_https_is_told_to_come_by_no_other_way(gateway_before, canned, scheme, told):
    ways = {name: canned(Answer(200, b"{}")) for name in SERVICES}
    wire = httpx2.ASGITransport(gateway_before(ways))
    async with httpx2.AsyncClient(transport=wire, base_url=f"{scheme}://club.example") as client:
        assert (await client.get("/livez")).headers.get("strict-transport-security") == told
