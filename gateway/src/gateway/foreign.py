"""Protocols that are not ours: their clients are refused in their own words, whichever part of us refuses."""

import html
import json
from http import HTTPStatus
from typing import Any

import orjson
from starlette.types import Message, Scope

from chassis.openapi import MEDIA_TYPE
from gateway.routes import is_audioscrobbler, is_listenbrainz, validates_token

PROBLEM = MEDIA_TYPE.encode("ascii")
JSON, XML = b"application/json", b"text/xml; charset=utf-8"

# What ListenBrainz says of each of the ways in which we call a credential worthless.
INVALID_TOKEN = "Invalid authorization token."  # noqa: S105 — a sentence
WORTHLESS = frozenset({"unknown_key", "unknown_token", "unknown_scheme", "bad_token", "account_deleted"})
CANNOT_SUBMIT = "Cannot submit listens to queue, please try again later."
# Of Last.fm's numbers those by which its clients know whether to come again: 8, 16 and 29 say so, the others do not.
NUMBERS = {401: 4, 403: 4, 404: 3, 405: 3, 429: 29, 500: 8, 502: 16, 503: 16, 504: 16}
INVALID_PARAMETERS = 6


class Interpreter:
    """Says of one answer what is to be sent: everything as it is, but for problem documents on foreign addresses."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._foreign = is_listenbrainz(scope["path"]) or is_audioscrobbler(scope["path"])
        self._start: Message | None = None
        self._document = bytearray()

    def say(self, message: Message) -> list[Message]:
        """What to send for `message`; of a problem document nothing until it is whole."""
        if message["type"] == "http.response.start":
            if not self._foreign or (b"content-type", PROBLEM) not in message.get("headers", []):
                return [message]
            self._start = message
            return []
        if self._start is None:
            return [message]
        self._document += message.get("body", b"")
        return [] if message.get("more_body", False) else self._interpreted(self._start)

    def _interpreted(self, start: Message) -> list[Message]:
        status, content_type, body = _refusal(self._scope, start["status"], self._problem(start["status"]))
        headers = [pair for pair in start["headers"] if pair[0] not in {b"content-type", b"content-length"}]
        length = str(len(body)).encode("ascii")
        headers += [(b"content-type", content_type), (b"content-length", length)]
        self._start = None
        said = b"" if self._scope["method"] == "HEAD" else body
        return [{**start, "status": status, "headers": headers}, {"type": "http.response.body", "body": said}]

    def _problem(self, status: int) -> dict[str, Any]:
        try:
            problem = orjson.loads(self._document)
        except json.JSONDecodeError:
            problem = None
        return problem if isinstance(problem, dict) else {"detail": HTTPStatus(status).phrase}


def _refusal(scope: Scope, status: int, problem: dict[str, Any]) -> tuple[int, bytes, bytes]:
    sentence, code = str(problem.get("detail")), problem.get("code")
    if is_audioscrobbler(scope["path"]):
        return status, *_of_lastfm(scope, NUMBERS.get(status, INVALID_PARAMETERS), sentence)
    if status == HTTPStatus.UNAUTHORIZED and validates_token(scope["path"]):
        return 200, JSON, orjson.dumps({"code": 200, "message": "Token invalid.", "valid": False})
    if code in WORTHLESS:
        sentence = INVALID_TOKEN
    elif status == HTTPStatus.SERVICE_UNAVAILABLE and scope["path"].rstrip("/").endswith("/submit-listens"):
        sentence = CANNOT_SUBMIT
    return status, JSON, orjson.dumps({"code": status, "error": sentence})


def _of_lastfm(scope: Scope, number: int, sentence: str) -> tuple[bytes, bytes]:
    """In XML unless the address says otherwise: what a form says is not read here."""
    if b"format=json" in scope["query_string"].lower():
        return JSON, orjson.dumps({"error": number, "message": sentence})
    error = f'<error code="{number}">{html.escape(sentence)}</error>'
    return XML, f'<?xml version="1.0" encoding="utf-8"?>\n<lfm status="failed">{error}</lfm>'.encode()
