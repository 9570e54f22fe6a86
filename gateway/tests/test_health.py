"""How the whole is, and what only administrators may measure."""

import json
import socket

import httpx2
import pytest

from chassis import logs
from chassis.supervisor import Supervisor
from gateway.health import Health
from gateway.mounted import MountedUpstream
from gateway.over_http import HttpUpstream, Wire
from gateway.routes import SERVICES
from gateway.upstream import Answer, ServiceAway


@pytest.fixture
def parts(canned):
    def make(**different):
        fine = Answer(200, b'{"status": "ok", "version": "0.1.0"}')
        return Health({name: canned(different.get(name, fine)) for name in SERVICES}, Supervisor())

    return make


async def shown(health):

    answer = await health.answer()
    return answer.status_code, json.loads(answer.body)


def test_health_shows_all_six_parts_and_the_version(gate):
    answer = gate.ask("GET", "/health")
    assert answer.status_code == 200
    report = answer.json()
    assert (report["status"], report["version"]) == ("ok", "0.1.0")
    assert set(report["services"]) == {"gateway", "identity", "catalog", "club", "listening", "taste"}
    assert all(each == {"status": "ok", "version": "0.1.0"} for each in report["services"].values())


async def test_one_failing_part_makes_the_whole_fail(parts):
    status, report = await shown(parts(club=Answer(503, b'{"status": "fail", "failures": {"database": "x"}}')))
    assert (status, report["status"]) == (503, "fail")
    assert report["services"]["club"] == {"status": "fail", "failures": {"database": "x"}}
    assert report["services"]["taste"]["status"] == "ok"


async def test_a_part_that_warns_still_serves(parts):
    status, report = await shown(parts(taste=Answer(200, b'{"status": "warn", "warnings": {"bus": "away"}}')))
    assert (status, report["status"]) == (200, "warn")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (ServiceAway("club"), "away"),
        (Answer(200, b"hello"), "unreadable"),
        (Answer(200, b"[]"), "unreadable"),
        (Answer(200, b'{"status": "splendid"}'), "unreadable"),
        (Answer(200, b'{"status": []}'), "unreadable"),
    ],
)
async def test_a_part_that_gives_no_report_fails(parts, answer, reason):
    status, report = await shown(parts(club=answer))
    assert status == 503
    assert report["services"]["club"] == {"status": "fail", "reason": reason}


def test_a_part_that_is_away_is_named(serve, gateway_before, mirror):

    with socket.socket() as unused, serve(mirror) as behind:
        unused.bind(("127.0.0.1", 0))
        wire = Wire(1)
        ways = {name: HttpUpstream(name, f"http://127.0.0.1:{behind}", wire) for name in SERVICES}
        ways["taste"] = HttpUpstream("taste", f"http://127.0.0.1:{unused.getsockname()[1]}", wire)
        with serve(gateway_before(ways)) as port:
            answer = httpx2.get(f"http://127.0.0.1:{port}/health")
    assert answer.status_code == 503
    assert {name for name, each in answer.json()["services"].items() if each["status"] == "fail"} == {"taste"}


def test_a_mounted_part_that_breaks_takes_none_of_the_others_with_it(serve, gateway_before, mirror):
    async def broken(scope, receive, send):
        raise RuntimeError("This service is broken.")

    ways = {name: MountedUpstream(name, mirror) for name in SERVICES} | {"taste": MountedUpstream("taste", broken)}
    with serve(gateway_before(ways)) as port:
        parts = httpx2.get(f"http://127.0.0.1:{port}/health").json()["services"]
    assert {name for name, each in parts.items() if each["status"] == "fail"} == {"taste"}


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_the_gateway_is_alive_whatever_stands_behind_it(gate, path):
    assert gate.ask("GET", path).json() == {"status": "ok"}


@pytest.mark.parametrize("path", ["/health", "/livez", "/docs", "/openapi.json"])
def test_own_pages_are_for_reading(gate, path):
    answer = gate.ask("POST", path, content=b"{}")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    assert gate.ask("HEAD", path).content == b""


def test_metrics_are_for_administrators(gate, keys):
    def ask(key=None):
        return gate.ask("GET", "/metrics", headers={"Authorization": f"Bearer {key}"} if key else {})

    assert [ask().status_code, ask(keys["bot"]).status_code] == [401, 403]
    gate.ask("GET", "/users/0190a6c0-7d3c-7000-8000-000000000001/listens/mirror")
    measured = ask(keys["admin"]).text
    assert 'method="GET",route="/users/{id}/listens/**",service="gateway",status="200"' in measured
    assert "0190a6c0" not in measured


def test_the_access_log_names_the_route_and_the_principal_but_no_secret(gate, keys, capfd):
    logs.configure()
    gate.ask("GET", "/club/mirror?code=hush", headers={"Authorization": f"Bearer {keys['bot']}", "X-Request-ID": "r-1"})
    gate.ask("GET", "/club/mirror?token=" + keys["bot"])
    logged = capfd.readouterr().out
    assert "r-1" in logged
    assert "/club/**" in logged
    assert "botkey01" in logged
    assert keys["bot"] not in logged
    assert "hush" not in logged


@pytest.mark.parametrize("missing", ["club", "identity"])
def test_a_gateway_without_a_way_to_a_service_does_not_start(gateway_before, canned, missing):
    with pytest.raises(LookupError, match=missing):
        gateway_before({name: canned() for name in SERVICES if name != missing})
