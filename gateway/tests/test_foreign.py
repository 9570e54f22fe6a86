"""Clients of other services are refused in the words they know."""

import json

import pytest

from gateway.foreign import Interpreter
from gateway.limits import LISTENBRAINZ_BATCH

PROBLEM = [(b"content-type", b"application/problem+json"), (b"content-length", b"7"), (b"retry-after", b"5")]


def interpreted(path, status, problem, method="POST", query=b"", headers=PROBLEM):
    """Status, headers and body of what is sent for a document that comes in two pieces."""
    interpreter = Interpreter({"path": path, "method": method, "query_string": query})
    body = problem if isinstance(problem, bytes) else json.dumps(problem).encode()
    said = interpreter.say({"type": "http.response.start", "status": status, "headers": headers})
    said += interpreter.say({"type": "http.response.body", "body": body[:5], "more_body": True})
    said += interpreter.say({"type": "http.response.body", "body": body[5:]})
    return said[0]["status"], dict(said[0]["headers"]), b"".join(each["body"] for each in said[1:])


@pytest.mark.parametrize("path", ["/1/delete-listen", "/apis/listenbrainz/1/user/wren/listens"])
def test_a_problem_becomes_what_listenbrainz_says(path):
    problem = {"code": "bad_submission", "detail": "Listen timestamp missing."}
    status, headers, body = interpreted(path, 400, problem)
    assert (status, json.loads(body)) == (400, {"code": 400, "error": "Listen timestamp missing."})
    assert headers[b"content-type"] == b"application/json"
    assert headers[b"content-length"] == str(len(body)).encode()
    assert headers[b"retry-after"] == b"5"


@pytest.mark.parametrize("code", ["unknown_key", "unknown_token", "unknown_scheme", "bad_token", "account_deleted"])
def test_a_worthless_credential_is_an_invalid_token(code):
    _, _, body = interpreted("/1/submit-listens", 401, {"code": code, "detail": "…"})
    assert json.loads(body) == {"code": 401, "error": "Invalid authorization token."}


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/1/submit-listens/", "Cannot submit listens to queue, please try again later."),
        ("/1/delete-listen", "Later."),
    ],
)
def test_with_the_service_away_listens_cannot_be_submitted(path, sentence):
    _, _, body = interpreted(path, 503, {"code": "unavailable", "detail": "Later."})
    assert json.loads(body) == {"code": 503, "error": sentence}


def test_asked_what_a_worthless_token_is_worth_the_answer_is_no_error():
    status, _, body = interpreted("/apis/listenbrainz/1/validate-token", 401, {"code": "unknown_key"})
    assert (status, json.loads(body)) == (200, {"code": 200, "message": "Token invalid.", "valid": False})


@pytest.mark.parametrize(
    ("status", "number"), [(400, 6), (404, 3), (413, 6), (429, 29), (500, 8), (503, 16), (504, 16)]
)
def test_a_problem_becomes_a_number_of_lastfm_by_which_clients_know_whether_to_come_again(status, number):
    problem = {"detail": "a < b"}
    _, headers, body = interpreted("/2.0/", status, problem)
    assert headers[b"content-type"] == b"text/xml; charset=utf-8"
    assert f'<lfm status="failed"><error code="{number}">a &lt; b</error></lfm>' in body.decode()
    _, headers, body = interpreted("/2.0", status, problem, query=b"method=x&format=json")
    assert json.loads(body) == {"error": number, "message": "a < b"}


def test_what_is_no_document_is_told_by_its_status():
    _, _, body = interpreted("/1/x", 502, b"broken off")
    assert json.loads(body) == {"code": 502, "error": "Bad Gateway"}
    assert interpreted("/1/x", 404, b"", method="HEAD")[2] == b""


@pytest.mark.parametrize(
    ("path", "headers"), [("/club/weeks", PROBLEM), ("/1/x", [(b"content-type", b"application/json")])]
)
def test_whatever_else_is_said_stays_as_it_is(path, headers):
    status, kept, body = interpreted(path, 404, {"a": 1}, headers=headers)
    assert (status, kept, body) == (404, dict(headers), b'{"a": 1}')


def test_the_doors_own_refusals_are_told_so_too(gate, keys):
    def told(answer):
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["access-control-allow-origin"] == "*"
        return answer.status_code, answer.json()

    stranger = {"Authorization": f"Token {keys['stranger']}"}
    invalid = (401, {"code": 401, "error": "Invalid authorization token."})
    assert told(gate.ask("POST", "/1/submit-listens", headers=stranger)) == invalid
    assert told(gate.ask("POST", "/1/submit-listens", headers={"Authorization": "Token none"})) == invalid
    assert told(gate.ask("POST", "/1/submit-listens", headers={"Authorization": "Basic x"})) == invalid
    status, body = told(gate.ask("POST", "/1/submit-listens", content=b"x" * (LISTENBRAINZ_BATCH + 1)))
    assert (status, body["code"]) == (413, 413)
    status, body = told(gate.ask("GET", "/1/user/a\\b/listens"))
    assert (status, body["code"]) == (400, 400)
    status, body = told(gate.ask("GET", "/1/silent"))
    assert (status, body["code"]) == (504, 504)
    failed = gate.ask("POST", "/2.0/", content=b"x" * 2_000_000)
    assert (failed.status_code, '<error code="6">' in failed.text) == (413, True)


@pytest.mark.parametrize("base", ["/1", "/apis/listenbrainz/1", "/1/submit-listens"])
def test_a_token_may_be_asked_about_in_the_address_and_goes_no_further(gate, keys, base):
    for token in (keys["stranger"], "none", "sdt_é"):
        answer = gate.ask("GET", f"{base}/validate-token", params={"token": token})
        assert (answer.status_code, answer.json()["valid"]) == (200, False)
    reached = gate.ask("GET", f"{base}/validate-token", params={"token": keys["bot"]}).json()
    assert reached["query_string"] == ""
    assert keys["bot"] not in json.dumps(reached)
    # As some clients do, with a body of JSON that means nothing.
    headers = {"Authorization": f"token {keys['bot']}"}
    assert gate.ask("GET", f"{base}/validate-token", content=b"{}", headers=headers).json()["method"] == "GET"
    elsewhere = gate.ask("GET", f"{base}/user/x/listens", params={"token": keys["bot"]})
    assert elsewhere.status_code == 400


def test_clients_of_listenbrainz_read_their_budget_in_the_words_they_know(open_door):
    with open_door("mounted", rate_ingest=2) as gate:
        answers = [gate.ask("POST", "/1/submit-listens") for _ in range(3)]
        other = gate.ask("GET", "/club/mirror")
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer.headers["x-ratelimit-remaining"] for answer in answers] == ["1", "0", "0"]
    assert {answer.headers["x-ratelimit-limit"] for answer in answers} == {"2"}
    assert 1 <= int(answers[2].headers["x-ratelimit-reset-in"]) <= 61
    assert int(answers[2].headers["x-ratelimit-reset"]) > 1_700_000_000
    assert answers[2].json()["code"] == 429
    assert "x-ratelimit-limit" not in other.headers
