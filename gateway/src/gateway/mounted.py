"""A service mounted in this process: called directly, yet as far away as one over HTTP."""

import asyncio
from contextvars import Context

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.upstream import Answer, BrokenOff, Pairs, ServiceAway

log = structlog.get_logger()

CARRIED = frozenset(
    {"asgi", "http_version", "method", "scheme", "path", "raw_path", "query_string", "headers", "client", "server"}
)
OUR_OWN = {"asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http", "query_string": b""}


class MountedUpstream:
    def __init__(self, name: str, app: ASGIApp) -> None:
        self._name, self._app = name, app

    async def forward(self, scope: Scope, receive: Receive, send: Send) -> None:
        spoken = _Spoken(send, silent=scope["method"] == "HEAD")
        arrived = {"type": "http", "root_path": ""} | {name: scope[name] for name in CARRIED if name in scope}
        # A context of its own: what one side binds for its logs or its transaction is not the other's.
        call = asyncio.create_task(self._run(arrived, receive, spoken.send), context=Context())
        try:
            await call
        except Exception as error:
            if not spoken.started:
                raise
            if not spoken.complete:
                raise BrokenOff from error
            log.error("broken_after_its_answer", upstream=self._name, exc_info=error)
        if not spoken.complete:
            raise BrokenOff if spoken.started else ServiceAway(self._name)

    async def fetch(self, method: str, path: str, headers: Pairs = (), body: bytes = b"", within: float = 3) -> Answer:
        status, chunks = 503, bytearray()
        sent = [(b"host", self._name.encode()), *headers]
        scope = OUR_OWN | {"method": method, "path": path, "raw_path": path.encode(), "headers": sent}

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            chunks.extend(message.get("body", b""))

        try:
            async with asyncio.timeout(within):
                await self.forward(scope, receive, send)
        except Exception as error:
            raise ServiceAway(self._name) from error
        return Answer(status, bytes(chunks))

    async def close(self) -> None:
        """Whoever mounted the service ends it."""

    async def _run(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)


class _Spoken:
    """How far the answer has come. To a HEAD it has no body, as a server would see to it."""

    def __init__(self, send: Send, *, silent: bool) -> None:
        self._send, self._silent = send, silent
        self.started = self.complete = False

    async def send(self, message: Message) -> None:
        self.started = True
        self.complete = message["type"] == "http.response.body" and not message.get("more_body", False)
        if self._silent and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await self._send(message)
