"""One request at the door: its id, how far its answer has come, and what is written down about it."""

import time

import structlog
from starlette.responses import Response
from starlette.types import Message, Scope, Send
from uuid_utils.compat import uuid7

from chassis import http
from chassis.errors import Refusal
from chassis.metrics import REQUESTS
from chassis.middleware import REQUEST_ID
from chassis.tokens import GATEWAY
from gateway.authentication import ANONYMOUS
from gateway.cors import Cors, header
from gateway.foreign import Interpreter
from gateway.problems import document

log = structlog.get_logger()

UNMATCHED = "unmatched"
CLIENT_LEFT = 499  # what nginx calls it; nobody is there to see it but the logs
# Given to every answer that does not say otherwise itself. JSON needs nothing a page could load.
SECURITY = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)

# For a year no browser shall come back by http, once it came by https.
STRICT = (b"strict-transport-security", b"max-age=31536000")


class Exchange:
    def __init__(self, scope: Scope, send: Send, cors: Cors) -> None:
        self.scope, self._send, self._cors = scope, send, cors
        self._interpreter = Interpreter(scope)
        self.request_id = _request_id(scope)
        self.route = UNMATCHED
        self.principal = ANONYMOUS
        # What the answer tells besides.
        self.headers: list[tuple[bytes, bytes]] = []
        self.status = 0
        self.complete = False
        self._began = time.perf_counter()

    @property
    def started(self) -> bool:
        return self.status != 0

    async def send(self, message: Message) -> None:
        for said in self._interpreter.say(message):
            await self._send_on(said)

    async def _send_on(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message = {**message, "headers": self._dressed(message.get("headers", []))}
        else:
            self.complete = not message.get("more_body", False)
        await self._send(message)

    async def answer(self, response: Response) -> None:
        await response(self.scope, _nothing, self.send)

    async def refuse(self, refusal: Refusal) -> None:
        """Before the answer has begun."""
        await self.answer(document(refusal))

    async def break_off(self, error: Exception) -> None:
        """An honest 500; or, once a part is sent, nothing more, on which the server closes the connection."""
        if not self.started:
            await self.answer(http.broken(error))
            return
        log.error("answer_broken_off", route=self.route, exc_info=error)

    def record(self) -> None:
        taken = time.perf_counter() - self._began
        status = self.status or CLIENT_LEFT
        REQUESTS.labels(GATEWAY, self.scope["method"], self.route, status).observe(taken)
        log.info(
            "request",
            method=self.scope["method"],
            route=self.route,
            status=status,
            ms=round(taken * 1000, 1),
            kind=self.principal.kind,
            principal=self.principal.id,
            complete=self.complete,
        )

    def _dressed(self, headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        present = {name for name, _ in headers}
        return [
            *headers,
            (b"x-request-id", self.request_id.encode("ascii")),
            *(pair for pair in SECURITY if pair[0] not in present),
            *((STRICT,) if self.scope["scheme"] == "https" else ()),
            *(pair for pair in self.headers if pair[0] not in present),
            *self._cors.headers(self.scope),
        ]


def _request_id(scope: Scope) -> str:
    given = (header(scope, b"x-request-id") or b"").decode("latin-1")
    return given if REQUEST_ID.fullmatch(given) else str(uuid7())


async def _nothing() -> Message:
    return {"type": "http.disconnect"}
