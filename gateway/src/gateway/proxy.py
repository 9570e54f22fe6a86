"""One request to one service and its answer back: untouched but for what belongs to this hop and to the door."""

from collections.abc import Collection
from urllib.parse import quote_from_bytes

from starlette.types import Message, Scope, Send

from gateway.limits import Intake
from gateway.patience import Patience, TooSilent
from gateway.problems import TooSlow
from gateway.routes import validates_token
from gateway.upstream import BrokenOff, ClientLeft, Upstream

Pairs = list[tuple[bytes, bytes]]

# RFC 9110 7.6.1, and what older software puts beside it.
HOP = frozenset({b"connection", b"keep-alive", b"te", b"trailer", b"transfer-encoding", b"upgrade"})
# The client's own credentials stop here, and nobody but the door says who it is or where it came from.
NOT_INWARD = HOP | {b"authorization", b"cookie", b"expect", b"forwarded", b"x-real-ip", b"x-request-id"}
CLAIMS = (b"proxy-", b"x-forwarded-", b"x-user-", b"x-sidetrack-")
# The one cookie that goes on: by it identity knows a browser again that it sent to another site to sign in.
OAUTH_COOKIES = frozenset({b"sidetrack_oauth", b"__Host-sidetrack_oauth"})
OAUTH_HEADER, OAUTH_PATH = b"x-sidetrack-oauth", "/auth/"
# The server before us dates and signs the answer itself, the exchange names the request, and Cors the origins.
NOT_OUTWARD = HOP | {b"date", b"server", b"x-request-id"}
OUR_POLICY = (b"proxy-", b"access-control-")
BODILESS = frozenset({204, 304})


def inward(scope: Scope, bearer: bytes, request_id: str) -> Scope:
    """The scope as the service shall see it, without a slash at the end of its path."""
    kept = _kept(scope["headers"], NOT_INWARD, CLAIMS)
    client = scope.get("client") or ("unknown", 0)
    host = next((value for name, value in kept if name == b"host"), b"")
    kept += [
        (b"authorization", bearer),
        (b"x-request-id", request_id.encode("ascii")),
        (b"x-forwarded-for", client[0].encode("ascii")),
        (b"x-forwarded-proto", scope["scheme"].encode("ascii")),
        (b"x-forwarded-host", host),
    ]
    if scope["path"].startswith(OAUTH_PATH) and (begun := _oauth_cookies(scope["headers"])):
        kept.append((OAUTH_HEADER, begun))
    raw_path = scope.get("raw_path") or quote_from_bytes(scope["path"].encode()).encode("ascii")
    path = scope["path"].removesuffix("/")
    # A token that is asked about has been read, and goes no further.
    query = b"" if validates_token(path) else scope["query_string"]
    told = {"headers": kept, "path": path, "raw_path": raw_path.removesuffix(b"/"), "query_string": query}
    return {**scope, **told}


def outward(status: int, headers: Pairs) -> Pairs:
    kept = _kept(headers, NOT_OUTWARD, OUR_POLICY)
    # Without a body there is no length to tell, and a server that believes one would wait for it.
    return [pair for pair in kept if pair[0] != b"content-length"] if status in BODILESS else kept


async def forward(upstream: Upstream, scope: Scope, intake: Intake, send: Send, seconds: float) -> None:
    """Gives up after `seconds` of a service's silence.

    Raises a Refusal while the answer has not begun, BrokenOff after; ClientLeft when nobody waits for it.
    """
    exchange = _Timed(intake, send, seconds)
    try:
        await exchange.run(upstream, scope)
    except ClientLeft:
        if intake.refusal is None or exchange.started:
            raise
    except Exception as error:
        if intake.left:
            raise ClientLeft from error
        if intake.refusal is None or exchange.started:
            raise
    if intake.refusal is not None and not exchange.started:
        raise intake.refusal


class _Timed:
    """Tells Patience whose turn it is, and keeps back what a service says to half a body."""

    def __init__(self, intake: Intake, send: Send, seconds: float) -> None:
        self._intake, self._send = intake, send
        self._patience = Patience(seconds)
        self.started = False

    async def run(self, upstream: Upstream, scope: Scope) -> None:
        try:
            with self._patience:
                await upstream.forward(scope, self._receive, self._answer)
        except TooSilent as error:
            raise BrokenOff if self.started else TooSlow from error

    async def _receive(self) -> Message:
        if self._intake.complete:
            return await self._intake.receive()
        self._patience.wait_for_client()
        try:
            return await self._intake.receive()
        finally:
            self._patience.wait_for_service()

    async def _answer(self, message: Message) -> None:
        if self._intake.overrun and not self.started:
            return
        self.started = True
        if message["type"] == "http.response.start":
            message = {**message, "headers": outward(message["status"], message.get("headers", []))}
        self._patience.wait_for_client()
        try:
            await self._send(message)
        finally:
            self._patience.wait_for_service()


def _kept(headers: Pairs, dropped: Collection[bytes], prefixes: tuple[bytes, ...]) -> Pairs:
    named = b",".join(value for name, value in headers if name == b"connection").lower()
    if named:
        dropped = {*dropped, *(each.strip() for each in named.split(b","))}
    return [(name, value) for name, value in headers if name not in dropped and not name.startswith(prefixes)]


def _oauth_cookies(headers: Pairs) -> bytes:
    cookies = [each.strip() for name, text in headers if name == b"cookie" for each in text.split(b";")]
    return b"; ".join(each for each in cookies if each.partition(b"=")[0] in OAUTH_COOKIES)
