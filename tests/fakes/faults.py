"""How a provider misbehaves, by name: each is a reply that a fake gives in place of its own."""

import json
from dataclasses import dataclass, field

FIFTY_MEGABYTES = 50 * 1024 * 1024


@dataclass(frozen=True)
class Reply:
    """`whole` is false for one that is broken off, `hangs` is true for one that never comes."""

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    whole: bool = True
    hangs: bool = False

    @classmethod
    def of(cls, answer: object, status: int = 200, **headers: str) -> "Reply":
        told = {name.replace("_", "-"): text for name, text in headers.items()}
        return cls(status, json.dumps(answer).encode(), {"Content-Type": "application/json", **told})

    @classmethod
    def to(cls, address: str) -> "Reply":
        return cls(302, b"", {"Location": address})


def busy(retry_after: str | None) -> Reply:
    named = {} if retry_after is None else {"Retry_After": retry_after}
    return Reply.of({"error": {"status": 429, "message": "API rate limit exceeded"}}, 429, **named)


BUSY = {
    "seconds": busy("7"),
    "most of a day": busy("79892"),
    "a date": busy("Fri, 31 Dec 2999 23:59:59 GMT"),
    "garbage": busy("soon-ish"),
    "nothing": busy(None),
}
BROKEN = {
    "an error": Reply.of({"error": "server_error"}, 500),
    "a bad gateway in HTML": Reply(502, b"<html>Bad gateway</html>", {"Content-Type": "text/html"}),
    "away": Reply(503, b"", {"Retry-After": "120"}),
    "never": Reply(hangs=True),
    "an error with a 200": Reply.of({"error": "temporarily_unavailable", "error_description": "Try later."}),
    "half of its JSON": Reply(200, b'{"access_token": "half', {"Content-Type": "application/json"}),
    "half of its body": Reply(200, b'{"access_token": "half', {"Content-Type": "application/json"}, whole=False),
    "no object": Reply.of(["access_token"]),
    "HTML with a 200": Reply(200, b"<html>Hello</html>", {"Content-Type": "text/html"}),
    "itself as the place to ask": Reply(307, b"", {"Location": "?again"}),
    "50 megabytes": Reply(200, b" " * FIFTY_MEGABYTES, {"Content-Type": "application/json"}),
    "JSON without an end": Reply(200, b"[" * 100_000, {"Content-Type": "application/json"}),
}
