"""A service in another process, reached over HTTP with a session that all of them share."""

import asyncio
from collections.abc import AsyncIterator
from types import TracebackType

import aiohttp
from multidict import CIMultiDict
from starlette.types import Message, Receive, Scope, Send
from yarl import URL

from gateway.patience import Interruptible
from gateway.upstream import Answer, BrokenOff, ClientLeft, Pairs, ServiceAway

# uvicorn ends idle connections after five seconds: ours are given up before, or a request would race with that.
IDLE = 4.0
# To one service: who waits for a slow one takes no connection from the others.
CONNECTIONS = 256
LONGEST_HEADER = 65_536
# Most answers are there sooner, and a watch costs a tenth of a request.
WATCH_AFTER = 0.05
OWN_HEADERS = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")


class Wire:
    """The session, made on the loop that first uses it. Nothing is decompressed, remembered or followed."""

    def __init__(self, connect_timeout: float) -> None:
        self._connect_timeout = connect_timeout
        self._session: aiohttp.ClientSession | None = None

    @property
    def session(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=0, limit_per_host=CONNECTIONS, keepalive_timeout=IDLE, ttl_dns_cache=10
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                # Silence is timed by the proxy, which knows whether it waits for the service or for the client.
                timeout=aiohttp.ClientTimeout(total=None, connect=self._connect_timeout),
                middlewares=(_connect_once_more,),
                auto_decompress=False,
                skip_auto_headers=OWN_HEADERS,
                max_line_size=LONGEST_HEADER,
                max_field_size=LONGEST_HEADER,
            )
        return self._session

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()


async def _connect_once_more(request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """After a pause of the gateway itself every connection being made is late, and so far nothing was sent on any."""
    try:
        return await send(request)
    except aiohttp.ConnectionTimeoutError:
        return await send(request)


class HttpUpstream:
    def __init__(self, name: str, base_url: str, wire: Wire) -> None:
        self._name, self._base, self._wire = name, base_url.rstrip("/"), wire

    async def forward(self, scope: Scope, receive: Receive, send: Send) -> None:
        first = await receive()
        if first["type"] == "http.disconnect":
            raise ClientLeft
        presence, started = _Presence(receive), False
        query = b"?" + scope["query_string"] if scope["query_string"] else b""
        url = URL(self._base + (scope["raw_path"] + query).decode("ascii"), encoded=True)
        try:
            with presence:
                async with self._wire.session.request(
                    scope["method"],
                    url,
                    headers=_headers(scope["headers"]),
                    data=presence.body(first),
                    allow_redirects=False,
                ) as response:
                    started = True
                    await send(_start(response))
                    await _pass_on(response.content, send, presence)
        except (aiohttp.ClientError, OSError) as error:
            raise BrokenOff if started else ServiceAway(self._name) from error

    async def fetch(self, method: str, path: str, headers: Pairs = (), body: bytes = b"", within: float = 3) -> Answer:
        try:
            async with (
                asyncio.timeout(within),
                self._wire.session.request(
                    method, URL(self._base + path, encoded=True), headers=_headers(headers), data=body or None
                ) as response,
            ):
                return Answer(response.status, await response.read())
        except (aiohttp.ClientError, OSError) as error:
            raise ServiceAway(self._name) from error

    async def close(self) -> None:
        await self._wire.close()


class _Presence(Interruptible):
    """Ends the request to the service when the client has left."""

    def __init__(self, receive: Receive) -> None:
        super().__init__()
        self._receive = receive
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._watch: asyncio.Task[None] | None = None

    def body(self, first: Message) -> AsyncIterator[bytes] | bytes | None:
        if first.get("more_body", False):
            return self._rest(first)
        self._timer = self._loop.call_later(WATCH_AFTER, self._begin_watch)
        return first.get("body") or None

    def served(self) -> None:
        """The answer is whole: from here on the client may leave as it likes."""
        for each in (self._timer, self._watch):
            if each is not None:
                each.cancel()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.served()
        super().__exit__(kind, error, trace)

    async def _rest(self, message: Message) -> AsyncIterator[bytes]:
        while True:
            if body := message.get("body", b""):
                yield body
            if not message.get("more_body", False):
                break
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise ClientLeft
        self._timer = self._loop.call_later(WATCH_AFTER, self._begin_watch)

    def _begin_watch(self) -> None:
        self._watch = self._loop.create_task(self._until_left())

    async def _until_left(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.interrupt(ClientLeft)


def _headers(pairs: Pairs) -> CIMultiDict[str]:
    return CIMultiDict((name.decode("ascii"), _text(value)) for name, value in pairs)


def _text(value: bytes) -> str:
    # aiohttp writes UTF-8: bytes that are not would come out as others, so they are taken for what they mostly are.
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _start(response: aiohttp.ClientResponse) -> Message:
    headers = [(name.lower(), value) for name, value in response.raw_headers]
    return {"type": "http.response.start", "status": response.status, "headers": headers}


async def _pass_on(content: aiohttp.StreamReader, send: Send, presence: _Presence) -> None:
    whole = False
    while not whole:
        chunk = await content.readany()
        whole = content.at_eof()
        if whole:
            presence.served()
        await send({"type": "http.response.body", "body": chunk, "more_body": not whole})
