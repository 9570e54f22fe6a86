"""A provider's server: routes by method and path, a list of what was asked, and a fault in place of an answer."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, urlsplit

from tests.fakes.faults import Reply


@dataclass(frozen=True)
class Call:
    """One request, its query and its form as they came."""

    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    form: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


Answer = Callable[[Call], Reply]


class Fake:
    """Runs while it is entered. `fault` replaces the answers at one path, so many times or until it is mended;
    `everywhere` all of them, while it is set.
    """

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.routes: dict[tuple[str, str], Answer] = {}
        self._faults: dict[str, tuple[Reply, int]] = {}
        self.everywhere: Reply | None = None
        self._stopped, self._lock = threading.Event(), threading.Lock()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self.server.serve_forever, args=(0.05,))
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._stopped.set()
        self.server.shutdown()
        self._thread.join()
        self.server.server_close()

    def fault(self, path: str, reply: Reply, times: int = 1_000_000) -> None:
        self._faults[path] = reply, times

    def mend(self) -> None:
        self._faults.clear()

    def asked(self, path: str) -> list[Call]:
        return [call for call in self.calls if call.path == path]

    def answer(self, call: Call) -> Reply:
        with self._lock:
            self.calls.append(call)
            if fault := self.everywhere or self._fault_at(call.path):
                return fault
            return self.route(call) or Reply.of({"message": "404: Not Found", "code": 0}, 404)

    def route(self, call: Call) -> Reply | None:
        """By method and path; what has its ids in its paths, otherwise."""
        route = self.routes.get((call.method, call.path))
        return route(call) if route else None

    def wait(self) -> None:
        """For as long as somebody who hangs would let one wait."""
        self._stopped.wait()

    def _fault_at(self, path: str) -> Reply | None:
        fault, left = self._faults.get(path, (None, 0))
        if fault is None or left < 1:
            return None
        self._faults[path] = fault, left - 1
        return fault


def _handler(fake: Fake) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            address = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            named = {name.lower(): text for name, text in self.headers.items()}
            query, form = dict(parse_qsl(address.query)), dict(parse_qsl(body))
            self._say(fake.answer(Call(self.command, address.path, query, form, named)))

        do_GET = do_POST = _any  # noqa: N815 — the server calls them so

        def _say(self, reply: Reply) -> None:
            if reply.hangs:
                fake.wait()
                return
            self.send_response(reply.status)
            for name, text in reply.headers.items():
                self.send_header(name, text)
            self.send_header("Content-Length", str(len(reply.body) + (0 if reply.whole else 100)))
            self.end_headers()
            try:
                self.wfile.write(reply.body)
            except OSError:
                # Who asked had enough.
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Silent: `calls` tells."""

    return Handler
