"""The gateway as an ASGI app: every request in, one service or a page of its own, the answer out."""

import gc
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import structlog
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from chassis import logs
from chassis.bus.broadcasts import listening
from chassis.errors import Refusal, Unauthenticated
from chassis.supervisor import Supervisor
from chassis.tokens import GATEWAY, Tokens
from contracts.event import Event
from contracts.identity import Principal
from contracts.sessions import AccessRevoked
from gateway import proxy, routes
from gateway.authentication import Authentication, Passes
from gateway.breaker import Breaker
from gateway.budgets import Budgets
from gateway.cors import Cors, is_preflight
from gateway.credentials import Shown, refuse_key_in_query, shown
from gateway.exchange import Exchange
from gateway.identity import ask_identity
from gateway.limits import Intake
from gateway.over_http import HttpUpstream, Wire
from gateway.pages import Pages
from gateway.patience import patience_with
from gateway.problems import MethodNotAllowed
from gateway.same_origin import check_own_page
from gateway.settings import GatewaySettings
from gateway.upstream import BrokenOff, ClientLeft, Upstream

log = structlog.get_logger()

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
POLICY_VIOLATION = 1008
SIGNING_IN = "/auth/"


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
        self._budgets = Budgets(settings)
        self._breakers = {name: Breaker(name) for name in upstreams}
        self._supervisor = Supervisor()
        self._pages = Pages(upstreams, self.authentication, self._supervisor)
        # Without a broker, and without a way into the database that is the bus, there is nobody to listen to.
        listens = not settings.local or settings.role_secret is not None
        self._listen = listening(settings, [AccessRevoked], self._hear, self.authentication.forget) if listens else None

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        if self._listen is not None:
            self._supervisor.start("revocations", self._listen)
        try:
            yield
        finally:
            await self._supervisor.stop()
            for upstream in self._upstreams.values():
                await upstream.close()

    def _hear(self, revoked: Event) -> None:
        if isinstance(revoked, AccessRevoked):
            user_id = str(revoked.user_id) if revoked.user_id else None
            self.authentication.forget_those(revoked.credential, user_id)

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
                exchange.headers = getattr(refusal, "headers", exchange.headers)
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
        credential = shown(scope["headers"], path, scope["scheme"], scope["query_string"])
        self._check_own_page(scope, path, credential)
        exchange.principal = await self._principal(scope, credential)
        exchange.headers = self._budgets.spend(scope, path, exchange.principal)
        bearer = self._passes.bearer(exchange.principal, route.service)
        inward = proxy.inward(scope, bearer, exchange.request_id)
        patience = patience_with(path, self._patience)
        with self._breakers[route.service].passing():
            await proxy.forward(self._upstreams[route.service], inward, intake, exchange.send, patience)

    async def _principal(self, scope: Scope, credential: Shown | None) -> Principal:
        try:
            return await self.authentication.principal(credential)
        except Unauthenticated:
            self._budgets.spend_in_vain(scope)
            raise

    def _check_own_page(self, scope: Scope, path: str, credential: Shown | None) -> None:
        if credential is None and path.startswith(SIGNING_IN):
            # Nobody shall be signed in as somebody else by a page they look at; programs need not tell.
            check_own_page(scope, self._cors.origins, must_tell=False)
        elif credential is not None and credential.kind == "session":
            check_own_page(scope, self._cors.origins, must_tell=True)


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
