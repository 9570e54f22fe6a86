"""A service that shows what reached it, and the gateway before it: over HTTP, and with the service mounted inside."""

import asyncio
import contextlib
import hashlib
import json
import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest
import uvicorn
from joserfc.jwk import OKPKey

from chassis.settings import Settings
from chassis.tokens import Tokens
from gateway.main import Gateway
from gateway.mounted import MountedUpstream
from gateway.over_http import HttpUpstream, Wire
from gateway.routes import SERVICES
from gateway.settings import GatewaySettings

SIGNING = OKPKey.generate_key("Ed25519", {"kid": "gateway-1"})
BOT, ADMIN, STRANGER = (f"sdt_{name}_{'x' * 32}" for name in ("botkey01", "admin001", "nobody01"))
PRINCIPALS = {
    BOT: {"id": "botkey01", "kind": "bot", "scopes": ["club:write"]},
    ADMIN: {"id": "admin001", "kind": "admin", "scopes": ["admin"]},
}
PATIENCE = 0.6
UNBOUND = {f"rate_{budget}": 0 for budget in ("reads", "writes", "ingest", "auth")}


@dataclass
class Mirror:
    """Plays every service. `go` lets a waiting answer continue; `seen` and `left` tell the test what happened here."""

    name: str
    seen: threading.Event = field(default_factory=threading.Event)
    go: threading.Event = field(default_factory=threading.Event)
    left: threading.Event = field(default_factory=threading.Event)
    asked: list[str] = field(default_factory=list)

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http":
            last = scope["path"].rstrip("/").rsplit("/", 1)[-1].replace(".", "_").replace("-", "_")
            await getattr(self, last, self.mirror)(Call(scope, receive, send))

    async def mirror(self, call):
        body = await call.body()
        await call.answer(json.dumps(call.shown() | {"size": len(body), "sha": hashlib.sha256(body).hexdigest()}))

    async def principals(self, call):
        ((kind, secret),) = json.loads(await call.body()).items()
        self.asked.append(secret)
        known = PRINCIPALS.get(secret)
        await call.answer(json.dumps(known or {"code": f"unknown_{kind}"}), 200 if known else 401)

    async def plain(self, call):
        headers = [(b"set-cookie", b"a=1"), (b"set-cookie", b"b=2"), (b"etag", b'"x"'), (b"x-latin", b"caf\xe9")]
        gone = [(b"connection", b"x-gone"), (b"x-gone", b"1"), (b"keep-alive", b"timeout=5"), (b"trailer", b"x-t")]
        mine = [(b"x-request-id", b"upstream"), (b"proxy-authenticate", b"Basic"), (b"content-length", b"4")]
        await call.start(418, headers + gone + mine)
        await call.say(b"tea\n", last=True)

    async def nothing(self, call):
        await call.start(204)
        await call.say(b"", last=True)

    async def unchanged(self, call):
        await call.start(304, [(b"etag", b'"x"'), (b"content-length", b"12")] if self.name == "mounted" else [])
        await call.say(b"", last=True)

    async def squeezed(self, call):
        await call.start(200, [(b"content-encoding", b"gzip"), (b"content-length", b"3")])
        await call.say(b"\x1f\x8b\x00", last=True)

    async def elsewhere(self, call):
        await call.start(307, [(b"location", b"/club/mirror")])
        await call.say(b"", last=True)

    async def bulk(self, call):
        size, pieces = 0, 0
        async for piece in call.pieces():
            size, pieces = size + len(piece), pieces + 1
            self.seen.set()
        await call.answer(json.dumps({"size": size, "pieces": pieces}))

    async def hasty(self, call):
        await call.answer("No, thank you.", 403)

    async def stubborn(self, call):
        with contextlib.suppress(ConnectionError):
            await call.body()
        for _ in range(2):
            assert (await call.receive())["type"] == "http.disconnect"
        await call.answer("Half a body is not JSON.", 400)

    async def lines(self, call):
        await call.start(200)
        await call.say(b"first\n")
        await asyncio.to_thread(self.go.wait, 5)
        await call.say(b"second\n", last=True)

    async def silent(self, _):
        await asyncio.sleep(30)

    async def stalls(self, call):
        await call.start(200)
        await call.say(b"half")
        await asyncio.sleep(30)

    async def dies(self, call):
        length = [(b"content-length", b"100")] if b"long" in call.scope["query_string"] else []
        await call.start(200, length)
        await call.say(b"half")
        await asyncio.sleep(0.05)
        raise RuntimeError("The service died in the middle of its answer.")

    async def waits(self, call):
        self.seen.set()
        while (await call.receive())["type"] != "http.disconnect":
            pass
        self.left.set()

    async def openapi_json(self, call):
        await call.answer(json.dumps({"openapi": "3.1.0", "paths": {}}))

    async def health(self, call):
        await call.answer(json.dumps({"status": "ok", "version": "0.1.0"}))


@dataclass
class Call:
    scope: dict
    receive: Any
    send: Any

    def shown(self):
        text = {name: self.scope[name].decode("latin-1") for name in ("raw_path", "query_string")}
        headers = [[name.decode(), value.decode("latin-1")] for name, value in self.scope["headers"]]
        return {"method": self.scope["method"], "path": self.scope["path"], "headers": headers} | text

    async def pieces(self):
        more = True
        while more:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                raise ConnectionError("The client has left.")
            yield message.get("body", b"")
            more = message.get("more_body", False)

    async def body(self):
        return b"".join([piece async for piece in self.pieces()])

    async def start(self, status, headers=()):
        await self.send({"type": "http.response.start", "status": status, "headers": list(headers)})

    async def say(self, body, *, last=False):
        await self.send({"type": "http.response.body", "body": body, "more_body": not last})

    async def answer(self, text, status=200):
        length = str(len(text)).encode()
        await self.start(status, [(b"content-type", b"application/json"), (b"content-length", length)])
        await self.say(text.encode(), last=True)


class Canned:
    """A way to a service that answers as told, whatever is asked."""

    def __init__(self, answer=None):
        self.answer, self.asked = answer, 0

    async def fetch(self, *_, **__):
        self.asked += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    async def forward(self, _, __, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"served"})

    async def close(self):
        pass


@contextmanager
def serving(app, port=0):
    """The app behind a real server in a thread; gives its port."""
    config = uvicorn.Config(
        app, port=port, log_level="critical", http="httptools", proxy_headers=False, timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "The server did not start."
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()


def settings(**more):
    usual = {"signing_key": SIGNING.as_dict(private=True), "upstream_timeout": PATIENCE}
    return GatewaySettings(**usual | UNBOUND | more)


@dataclass
class Door:
    """The running gateway, and the one mirror behind all its ways."""

    way: str
    port: int
    mirror: Mirror

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def client(self, **options):
        return httpx2.Client(base_url=self.url, timeout=10, **options)

    def ask(self, method, path, **options):
        with self.client() as client:
            return client.request(method, path, **options)

    def speak(self, said: bytes) -> bytes:
        """Raw bytes in, all that comes back until the connection ends."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as wire:
            wire.sendall(said)
            return b"".join(iter(lambda: wire.recv(65536), b""))


@contextmanager
def door(way, **more):
    mirror = Mirror(way)
    if way == "mounted":
        with serving(Gateway(settings(**more), {name: MountedUpstream(name, mirror) for name in SERVICES})) as port:
            yield Door(way, port, mirror)
        return
    wire = Wire(connect_timeout=1)
    with serving(mirror) as behind:
        ways = {name: HttpUpstream(name, f"http://127.0.0.1:{behind}", wire) for name in SERVICES}
        with serving(Gateway(settings(**more), ways)) as port:
            yield Door(way, port, mirror)


@pytest.fixture(scope="module", params=["http", "mounted"])
def both(request):
    with door(request.param) as opened:
        yield opened


@pytest.fixture
def gate(both):
    """The gateway, over HTTP and mounted, with the mirror as new."""
    for event in (both.mirror.seen, both.mirror.go, both.mirror.left):
        event.clear()
    both.mirror.asked.clear()
    return both


@pytest.fixture(scope="session")
def open_door():
    return door


@pytest.fixture(scope="session")
def canned():
    return Canned


@pytest.fixture
def mirror():
    return Mirror("http")


@pytest.fixture(scope="session")
def serve():
    return serving


@pytest.fixture(scope="session")
def gateway_before():
    """A gateway, not served, before these upstreams."""
    return lambda upstreams, **more: Gateway(settings(**more), upstreams)


@pytest.fixture(scope="session")
def keys():
    return {"bot": BOT, "admin": ADMIN, "stranger": STRANGER}


@pytest.fixture(scope="session")
def tokens():
    """What a service reads tokens with."""
    trusted = {"gateway": [SIGNING.as_dict(private=False)]}
    return lambda service: Tokens(service, Settings(trusted_keys=trusted))


@pytest.fixture(scope="session")
def signing_key():
    return SIGNING


@pytest.fixture(scope="session")
def signing():
    return Tokens("gateway", settings())
