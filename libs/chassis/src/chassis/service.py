"""Builds a service: HTTP in, events in, events out, health."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from fastapi import APIRouter, FastAPI
from sqlalchemy import MetaData

from chassis import departures, health, http, logs, metrics
from chassis.announcer import Announcer, by_name
from chassis.bus import Bus, Up
from chassis.bus.local import LocalBus
from chassis.bus.rabbit import Rabbit
from chassis.client import reach
from chassis.consumer import Consumer, Handler
from chassis.db import Database
from chassis.middleware import Edge
from chassis.migrate import schema_of
from chassis.openapi import REFUSAL, Documented
from chassis.retention import sweeping
from chassis.settings import Settings
from chassis.supervisor import Supervisor
from chassis.tokens import Tokens
from contracts import registry


def service(  # noqa: PLR0913 — the parts of a service, each given by name
    name: str,
    *,
    metadata: MetaData,
    routers: Iterable[APIRouter] = (),
    consumers: Iterable[Consumer] = (),
    announcers: Iterable[Announcer] = (),
    neighbours: Iterable[str] = (),
    loops: Mapping[str, Callable[[Database, Up], Awaitable[None]]] = {},
) -> FastAPI:
    """`neighbours` are the services it calls. A launcher may set `neighbours` and `own_settings` on the state.

    `loops` run beside it, supervised, and call `up` whenever they work: what is due at the start, or by a clock.
    """
    declared = [(f"{name}.{handle.__name__}", event, handle) for each in consumers for event, handle in each.handles]
    _check(name, {(handler, event.topic) for handler, event, _ in declared})

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        settings: Settings = getattr(app.state, "own_settings", None) or Settings()
        logs.configure(settings.log_level)
        supervisor, db, tokens = Supervisor(), Database(settings, role=name), Tokens(name, settings)
        bus = _bus(name, db, settings, supervisor)
        state = app.state
        state.db, state.bus, state.supervisor, state.tokens, state.settings = db, bus, supervisor, tokens, settings
        if not hasattr(state, "neighbours"):
            state.neighbours = {each: reach(each, tokens, settings) for each in neighbours}
        supervisor.start("relay", bus.relay)
        supervisor.start("retention", sweeping(db))
        for handler, event, handle in declared:
            work: Handler[Any] = Handler(handler, event, handle, db, settings.handler_timeout)
            supervisor.start(handler, partial(bus.consume, work))
        for loop, run in loops.items():
            supervisor.start(loop, partial(run, db))
        metrics.observe(name, db)
        try:
            yield
        finally:
            metrics.forget(name)
            await supervisor.stop()
            await bus.close()
            for each in state.neighbours.values():
                await each.close()
            del state.neighbours
            await db.engine.dispose()

    app = Documented(
        title=name,
        version=health.version(),
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # it would redirect to whatever host the client named, and lose https behind a proxy
        responses=REFUSAL,
    )
    app.state.schema = schema_of(name, metadata)
    app.state.heads = app.state.schema.heads
    app.state.announcers = by_name(announcers)
    # Asked by each transaction of a request before it does anything.
    app.state.checks = [departures.check_caller]
    app.state.handles = {handler: (event, handle) for handler, event, handle in declared}
    app.add_middleware(Edge, service=name)
    http.install(app)
    for router in (*routers, health.router):
        app.include_router(router)
    return app


def _check(name: str, handled: set[tuple[str, str]]) -> None:
    """A handler nothing would reach, or a consumer in the registry that nobody is, is a mistake found at start."""
    expected = {
        (handler, event.topic)
        for event in registry.REGISTRY.values()
        for handler in event.consumers
        if handler.partition(".")[0] == name
    }
    if stray := handled - expected:
        raise LookupError(f"{sorted(stray)} are not among the consumers in the registry: nothing would reach them.")
    if missing := expected - handled:
        raise LookupError(f"{sorted(missing)} are consumers in the registry, but {name} has no such handler.")


def _bus(name: str, db: Database, settings: Settings, supervisor: Supervisor) -> Bus:
    if settings.local:
        return LocalBus(name, settings, supervisor)
    return Rabbit(name, db, settings, supervisor)
