"""The routing table, path by path, and the paths that try to slip past it."""

import pytest

from gateway.routes import NoSuchAddress, UnclearAddress, clear_path, find

USER = "0190a6c0-7d3c-7000-8000-000000000001"
TABLE = {
    "identity": [
        "/auth/login",
        "/auth/discord/callback",
        f"/users/{USER}",
        "/users/me",
        "/users/search",
        "/users/discord/80351110224678912",
        "/users/me/links",
        "/users/me/links/spotify",
        "/users/me/keys/abc",
        "/users/me/sessions",
        "/users/me/export/1/file",
        f"/users/{USER}/follow",
        f"/users/{USER}/block",
        "/users/me/blocks",
        "/users/me/followers",
        f"/users/{USER}/following",
        f"/users/{USER}/activity",
        "/feed",
        "/admin/users",
        "/admin/users/1/merge",
        "/admin/keys/abc",
        "/internal/users",
        f"/internal/users/{USER}",
    ],
    "catalog": ["/music/albums", "/music/search", "/admin/albums/1/merge", "/internal/albums", "/internal/albums/1"],
    "club": [
        "/club/weeks",
        "/club/weeks/current",
        "/club/weeks/1/votes/summary",
        "/clubs",
        "/clubs/1",
        "/admin/weeks/1",
        "/admin/nominations/1",
        "/admin/reviews/1/hide",
        "/admin/audit",
    ],
    "listening": [
        "/listens",
        "/listens/bulk",
        "/listens/albums/1/listeners",
        "/listens/artists/1/listeners",
        *(f"/users/{USER}/{page}" for page in ("listens", "summary", "timeline", "heatmap", "now-playing", "streaks")),
        *(f"/users/me/{page}" for page in ("milestones", "albums", "sync", "sync/spotify", "listens/1/2")),
        "/1/submit-listens",
        "/1/user/rob/listens",
        "/apis/listenbrainz/1/validate-token",
        "/2.0/",
        "/2.0",
        "/internal/sync/lease",
    ],
    "taste": [
        *(f"/users/{USER}/{page}" for page in ("taste", "neighbours", "recommendations")),
        f"/users/{USER}/compatibility/me",
        "/taste/matrix",
        "/taste/weeks/1/forecast",
    ],
}


@pytest.mark.parametrize(("service", "path"), [(service, path) for service, paths in TABLE.items() for path in paths])
def test_every_public_path_leads_to_its_owner(service, path):
    assert find(path).service == service


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "//",
        "/club//weeks",
        "//club/weeks",
        "/users",
        "/users/",
        "/users//listens",
        "/Club/weeks",
        "/clubby",
        "/admin",
        "/admin/audit/1",
        "/feed/1",
        f"/users/{USER}/keys",
        f"/users/{USER}/follow/1",
        f"/users/{USER}/compatibility",
        f"/users/{USER}/compatibility/1/2",
        "/2.0/x",
        "/apis/listenbrainz",
        "/apis/mlj_1/newscrobble",
        "/internal",
        "/internal/principals",
        "/internal/principals/",
        "/internal/tokens/1",
        "/internal/x/users",
        "/readyz/club",
        "/{id}",
        "/**",
        "/users" * 5000,
    ],
)
def test_what_is_not_in_the_table_leads_nowhere(path):
    with pytest.raises(NoSuchAddress):
        find(path)


def test_the_longest_match_wins():
    assert find("/users/discord/listens").template == "/users/{id}/listens/**"
    assert find("/users/discord/1/listens").template == "/users/discord/**"
    assert find("/users/me/links").template == "/users/me/links/**"
    assert find("/users/me/listens").template == "/users/{id}/listens/**"


def test_of_matches_as_long_the_more_literal_wins():
    assert find("/users/search").template == "/users/search"


def test_a_template_names_no_person():
    assert find(f"/users/{USER}/compatibility/{USER}").template == "/users/{a}/compatibility/{b}"


@pytest.mark.parametrize(
    ("path", "raw_path"),
    [
        ("/club/../admin/keys", b"/club/../admin/keys"),
        ("/club/../admin/keys", b"/club/%2e%2e/admin/keys"),
        ("/club/./weeks", b"/club/%2E/weeks"),
        ("/club/..", b"/club/.%2e"),
        ("..", b".."),
        ("/users/a/listens", b"/users/a%2flistens"),
        ("/users/a/listens", b"/users/a%2Flistens"),
        ("/club\\..\\admin", b"/club%5c..%5cadmin"),
        ("/club\\weeks", b"/club\\weeks"),
        ("/club/\x00", b"/club/%00"),
        ("/club/a\r\nX: y", b"/club/a%0d%0aX:%20y"),
        ("/club/\x7f", b"/club/%7f"),
        ("/club/ö", "/club/ö".encode()),
    ],
)
def test_a_path_that_two_readers_could_read_differently_is_refused(path, raw_path):
    with pytest.raises(UnclearAddress):
        clear_path({"path": path, "raw_path": raw_path, "query_string": b""})


@pytest.mark.parametrize("raw_path", [b"/club/a.b", b"/club/...", b"/club/..a", b"/club/%252e%252e/x", b"/club/%C3%B6"])
def test_an_unusual_but_clear_path_passes(raw_path):
    path = raw_path.replace(b"%25", b"%").replace(b"%C3%B6", "ö".encode()).decode()
    assert clear_path({"path": path, "raw_path": raw_path, "query_string": b"a=/../%2f"}) == path


@pytest.mark.parametrize(
    ("target", "status"),
    [
        (b"/club/%2e%2e/internal/principals", 400),
        (b"/club/../internal/principals", 400),
        (b"/club/..%2finternal%2fprincipals", 400),
        (b"/internal/users/%2e%2e/principals", 400),
        (b"/internal/users/..%5cprincipals", 400),
        (b"/internal//principals", 404),
        (b"/internal/principals", 404),
        (b"/%69nternal/principals", 404),
        (b"http://elsewhere/internal/principals", 404),
    ],
)
def test_no_spelling_reaches_the_principals_from_outside(gate, target, status):
    said = gate.speak(b"POST " + target + b" HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
    assert f" {status} ".encode() in said.split(b"\r\n")[0]
    assert not gate.mirror.asked


def test_an_encoded_letter_is_routed_as_the_service_reads_it(gate):
    assert gate.ask("GET", "/%63lub/mirror").json()["path"] == "/club/mirror"


def test_an_unknown_address_is_a_404_problem(gate):
    answer = gate.ask("GET", "/nowhere")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    problem = answer.json()
    assert (problem["code"], problem["request_id"]) == ("no_such_address", answer.headers["x-request-id"])
