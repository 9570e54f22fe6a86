"""The few addresses the gateway answers itself."""

from collections.abc import Awaitable, Callable, Mapping

from starlette.responses import JSONResponse, Response

from chassis import metrics
from chassis.errors import Forbidden, Unauthenticated
from chassis.supervisor import Supervisor
from contracts.identity import Principal
from gateway import docs
from gateway.authentication import Authentication
from gateway.credentials import shown
from gateway.exchange import Exchange
from gateway.health import Health
from gateway.openapi import Document
from gateway.problems import MethodNotAllowed
from gateway.upstream import Upstream

READING = frozenset({"GET", "HEAD"})
Page = Callable[[Exchange], Awaitable[Response]]


class ForAdministrators(Forbidden):
    sentence = "Metrics are for administrators."


class Pages:
    def __init__(
        self, upstreams: Mapping[str, Upstream], authentication: Authentication, supervisor: Supervisor
    ) -> None:
        self._health, self._document, self._authentication = (
            Health(upstreams, supervisor),
            Document(upstreams),
            authentication,
        )
        self._pages: dict[str, Page] = {
            "/health": self._show_health,
            "/livez": _alive,
            "/readyz": _alive,
            "/openapi.json": self._show_document,
            "/docs": _show_docs,
            "/metrics": self._show_metrics,
        }

    def __contains__(self, path: str) -> bool:
        return path in self._pages

    async def show(self, path: str, exchange: Exchange) -> None:
        if exchange.scope["method"] not in READING:
            raise MethodNotAllowed(READING)
        await exchange.answer(await self._pages[path](exchange))

    async def _show_health(self, _: Exchange) -> Response:
        return await self._health.answer()

    async def _show_document(self, _: Exchange) -> Response:
        return await self._document.answer()

    async def _show_metrics(self, exchange: Exchange) -> Response:
        scope = exchange.scope
        exchange.principal = await self._authentication.principal(shown(scope["headers"], "/metrics", scope["scheme"]))
        _require_administrator(exchange.principal)
        measured, content_type = await metrics.scrape()
        return Response(measured, media_type=content_type)


def _require_administrator(principal: Principal) -> None:
    if principal.kind == "anonymous":
        raise Unauthenticated
    if principal.kind != "admin" and "admin" not in principal.scopes:
        raise ForAdministrators


async def _alive(_: Exchange) -> Response:
    return JSONResponse({"status": "ok"})


async def _show_docs(_: Exchange) -> Response:
    return docs.page()
