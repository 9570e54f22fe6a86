"""The gateway as an ASGI app: every request in, one service or a page of its own, the answer out."""

import gc
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import structlog
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from chassis import logs
from chassis.errors import Refusal
from chassis.tokens import GATEWAY, Tokens
from gateway import proxy, routes
from gateway.authentication import Authentication, Passes, refuse_key_in_query
from gateway.cors import Cors, is_preflight
from gateway.exchange import Exchange
from gateway.identity import ask_identity
from gateway.limits import Intake
from gateway.over_http import HttpUpstream, Wire
from gateway.pages import Pages
from gateway.patience import patience_with
from gateway.problems import MethodNotAllowed
from gateway.settings import GatewaySettings
from gateway.upstream import BrokenOff, ClientLeft, Upstream

log = structlog.get_logger()

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
POLICY_VIOLATION = 1008


class Gateway:
    """Needs a way to each service of the routing table, and a signing key. `authentication.forget()` drops all keys."""

    def __init__(self, settings: GatewaySettings, upstreams: Mapping[str, Upstream]) -> None:
        if missing := set(routes.SERVICES) - set(upstreams):
            raise LookupError(f"The gateway has no way to {', '.join(sorted(missing))}.")
        tokens = Tokens(GATEWAY, settings)
        tokens.mint(GATEWAY)  # a gateway that cannot sign must not start
        self._upstreams, self._patience = upstreams, settings.upstream_timeout
        self._cors, self._passes = Cors(settings.cors_origins), Passes(tokens)
        self.authentication = Authentication(ask_identity(upstreams["identity"], tokens))
        self._pages = Pages(upstreams, self.authentication)

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        try:
            yield
        finally:
            for upstream in self._upstreams.values():
                await upstream.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._attend(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        async with self.lifespan():
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})

    async def _attend(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = Exchange(scope, send, self._cors)
        with structlog.contextvars.bound_contextvars(request_id=exchange.request_id, service=GATEWAY):
            try:
                await self._serve(exchange, receive)
            except Refusal as refusal:
                await exchange.refuse(refusal)
            except BrokenOff as error:
                log.warning("answer_broken_off", route=exchange.route, cause=repr(error.__cause__))
            except ClientLeft:
                log.debug("client_left", route=exchange.route)
            except Exception as error:  # noqa: BLE001 — whatever breaks, the client gets an answer
                await exchange.break_off(error)
            finally:
                exchange.record()

    async def _serve(self, exchange: Exchange, receive: Receive) -> None:
        scope = exchange.scope
        if scope["method"] not in METHODS:
            raise MethodNotAllowed(METHODS)
        path = routes.clear_path(scope)
        if path in self._pages:
            exchange.route = path
            await self._pages.show(path, exchange)
            return
        route = routes.find(path)
        exchange.route = route.template
        if is_preflight(scope):
            await exchange.answer(Response(status_code=204, headers=self._cors.preflight(scope)))
            return
        refuse_key_in_query(path, scope["query_string"])
        intake = Intake.admit(scope, receive, path)
        exchange.principal = await self.authentication.principal(scope["headers"], path)
        bearer = self._passes.bearer(exchange.principal, route.service)
        inward = proxy.inward(scope, bearer, exchange.request_id)
        patience = patience_with(path, self._patience)
        await proxy.forward(self._upstreams[route.service], inward, intake, exchange.send, patience)


def make_app() -> Gateway:
    """The gateway before services in processes of their own, which the settings say where to find."""
    settings = GatewaySettings()
    wire = Wire(settings.connect_timeout)
    upstreams = {name: HttpUpstream(name, _address(settings, name), wire) for name in routes.SERVICES}
    logs.configure(settings.log_level)
    # What is loaded by now stays: without looking at it the collector's longest pause falls from 80 ms to 15.
    gc.freeze()
    return Gateway(settings, upstreams)


def _address(settings: GatewaySettings, service: str) -> str:
    address: str | None = getattr(settings, f"{service}_url")
    if address is None:
        raise LookupError(f"SIDETRACK_{service.upper()}_URL does not say where {service} is.")
    return address


def __getattr__(name: str) -> Gateway:
    # For `uvicorn gateway.main:app`: made when a server asks for it, so that importing reads no settings.
    if name == "app":
        return make_app()
    raise AttributeError(name)
