"""Around every request: its id, its trace, its time, and an answer even when something breaks."""

import re
import time

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uuid_utils.compat import uuid7

from chassis.http import broken
from chassis.metrics import REQUESTS

REQUEST_ID = re.compile(r"[A-Za-z0-9-]{1,64}")
TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")


class Edge:
    """Takes the caller's X-Request-ID or makes one, binds it to the logs, and returns it."""

    def __init__(self, app: ASGIApp, service: str) -> None:
        self._app, self._service = app, service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["method"] == "HEAD":
            # What a GET says of itself; the server keeps back the body.
            scope = {**scope, "method": "GET"}
        headers = Headers(scope=scope)
        given, trace = headers.get("x-request-id", ""), headers.get("traceparent", "")
        bound = {"request_id": given if REQUEST_ID.fullmatch(given) else str(uuid7()), "service": self._service}
        # Until the token is read; bound here, it is forgotten with the request.
        bound["actor"] = "anonymous:anonymous"
        if TRACEPARENT.fullmatch(trace):
            bound["traceparent"] = trace
        with structlog.contextvars.bound_contextvars(**bound):
            await self._answer(scope, receive, send, bound["request_id"])

    async def _answer(self, scope: Scope, receive: Receive, send: Send, request_id: str) -> None:
        started, status = time.perf_counter(), 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = request_id
            await send(message)

        try:
            await self._app(scope, receive, answer)
        except Exception as error:
            if status:
                raise
            await broken(error)(scope, receive, answer)
        finally:
            route = getattr(scope.get("route"), "path", "unmatched")
            taken = time.perf_counter() - started
            REQUESTS.labels(self._service, scope["method"], route, status).observe(taken)
