"""Which pages may read the answers, and what every answer tells a browser."""

import pytest

from gateway.settings import GatewaySettings

PAGE = "https://club.example"
ASKS = {"Origin": PAGE, "Access-Control-Request-Method": "POST"}


@pytest.fixture(scope="module")
def open_gate(open_door):
    with open_door("mounted", cors_origins=f"{PAGE}, http://localhost:5173") as gate:
        yield gate


@pytest.mark.parametrize("origin", [PAGE, "http://localhost:5173"])
def test_a_named_origin_may_read_with_credentials(open_gate, origin):
    answer = open_gate.ask("GET", "/club/mirror", headers={"Origin": origin})
    assert answer.headers["access-control-allow-origin"] == origin
    assert answer.headers["access-control-allow-credentials"] == "true"
    assert "X-Request-ID" in answer.headers["access-control-expose-headers"]
    assert answer.headers["vary"] == "Origin"


def test_a_named_origin_may_read_refusals_too(open_gate):
    answer = open_gate.ask("GET", "/nowhere", headers={"Origin": PAGE})
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (404, PAGE)


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", f"{PAGE}.evil", "http://club.example", f"{PAGE}:444", "null", "https://CLUB.example"],
)
def test_no_other_origin_may_read(open_gate, origin):
    answer = open_gate.ask("GET", "/club/mirror", headers={"Origin": origin})
    assert "access-control-allow-origin" not in answer.headers
    assert answer.headers["vary"] == "Origin"
    assert open_gate.ask("OPTIONS", "/club/mirror", headers=ASKS | {"Origin": origin}).status_code == 403


def test_a_preflight_is_answered_at_the_door(open_gate):
    answer = open_gate.ask("OPTIONS", "/club/mirror", headers=ASKS)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == PAGE
    assert "PATCH" in answer.headers["access-control-allow-methods"]
    assert "Idempotency-Key" in answer.headers["access-control-allow-headers"]


def test_a_preflight_for_an_unknown_address_is_a_404(open_gate):
    assert open_gate.ask("OPTIONS", "/nowhere", headers=ASKS).status_code == 404


def test_without_named_origins_no_page_may_read(gate):
    assert "access-control-allow-origin" not in gate.ask("GET", "/club/mirror", headers={"Origin": PAGE}).headers
    assert gate.ask("OPTIONS", "/club/mirror", headers=ASKS).status_code == 403


@pytest.mark.parametrize("path", ["/1/mirror", "/apis/listenbrainz/1/mirror"])
def test_listenbrainz_addresses_are_open_to_every_page_without_credentials(gate, path):
    for answer in (gate.ask("GET", path, headers={"Origin": PAGE}), gate.ask("OPTIONS", path, headers=ASKS)):
        assert answer.is_success
        assert answer.headers.get_list("access-control-allow-origin") == ["*"]
        assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize("origin", ["*", "https://club.example/", "club.example", "https://*.example", "null"])
def test_what_is_no_exact_origin_stops_the_start(origin):
    with pytest.raises(ValueError, match="is not an exact origin"):
        GatewaySettings(cors_origins=origin)


def test_origins_come_from_the_environment_divided_by_commas(monkeypatch):
    monkeypatch.setenv("SIDETRACK_CORS_ORIGINS", f"{PAGE}, http://[::1]:80 ,")
    assert GatewaySettings().cors_origins == (PAGE, "http://[::1]:80")


@pytest.mark.parametrize("path", ["/club/mirror", "/nowhere", "/health", "/club/silent"])
def test_every_answer_forbids_sniffing_and_embedding(gate, path):
    headers = gate.ask("GET", path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["content-security-policy"].startswith("default-src 'none'")
