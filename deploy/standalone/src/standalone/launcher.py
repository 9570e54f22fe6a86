"""One process: every service's lifespan entered, the gateway before them, PostgreSQL as the bus."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from socket import socket

import httpx2
from starlette.types import ASGIApp, Receive, Scope, Send

from chassis import logs
from chassis.client import Neighbour
from chassis.serve import Server, config
from chassis.settings import Settings
from chassis.tokens import Tokens
from gateway.main import Gateway
from gateway.mounted import MountedUpstream
from gateway.settings import GatewaySettings
from standalone.at_hand import settings_of
from standalone.backup import backup, release
from standalone.home import locked, make_home
from standalone.keys import API_KEY_FILE, VAULT_KEYS, Keys, make_keys
from standalone.postgres import Postgres
from standalone.system import SERVICES, behind, free_leases, prepare
from standalone.transport import check_transport

PATIENCE = 20
NEIGHBOURS = ("identity", "catalog", "club", "listening", "taste")


class Standalone:
    """The ASGI app of the whole system."""

    def __init__(self, keys: Keys, settings: Settings) -> None:
        for name, app in SERVICES.items():
            app.state.own_settings = _own(settings, keys, name)
            app.state.neighbours = {
                each: _beside(each, name, app.state.own_settings) for each in NEIGHBOURS if each != name
            }
        upstreams = {name: MountedUpstream(name, app) for name, app in SERVICES.items()}
        # The bus it listens on for what is revoked.
        bus = settings.model_dump(include={"database_url", "listen_url", "role_secret", "bus_url"})
        own = GatewaySettings(signing_key=keys.signing["gateway"][0], trusted_keys=keys.trusted, **bus)
        self._gateway = Gateway(own, upstreams)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            await self._gateway(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        async with self._running():
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})

    @asynccontextmanager
    async def _running(self) -> AsyncIterator[None]:
        # The lifespan of a mounted app does not run by itself.
        async with AsyncExitStack() as stack:
            for service in SERVICES.values():
                await stack.enter_async_context(service.router.lifespan_context(service))
            await stack.enter_async_context(self._gateway.lifespan())
            await _all_up()
            yield


async def _all_up() -> None:
    """Every loop has worked once, or has had its time: what still has not is named in /health."""
    supervisors = [service.state.supervisor for service in SERVICES.values()]
    for _ in range(PATIENCE * 20):
        if not any(supervisor.warnings for supervisor in supervisors):
            return
        await asyncio.sleep(0.05)


def _own(settings: Settings, keys: Keys, name: str) -> Settings:
    return settings.model_copy(update={"signing_key": keys.signing[name][0], "trusted_keys": keys.trusted})


def _beside(neighbour: str, caller: str, settings: Settings) -> Neighbour:
    """The neighbour in this process, asked the way it would be asked over the network."""
    wire = httpx2.ASGITransport(_apart(SERVICES[neighbour]), raise_app_exceptions=False)
    client = httpx2.AsyncClient(transport=wire, base_url=f"http://{neighbour}", timeout=settings.call_timeout)
    return Neighbour(neighbour, Tokens(caller, settings), client)


def _apart(app: ASGIApp) -> ASGIApp:
    async def ask(scope: Scope, receive: Receive, send: Send) -> None:
        # A task of its own: what the one side binds to its logs or its transaction is not the other's.
        await asyncio.create_task(_call(app, scope, receive, send))

    return ask


async def _call(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    await app(scope, receive, send)


class AnnouncedServer(Server):
    """Says once where it can be found."""

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            print(f"Sidetrack {release()} is ready: http://{self.config.host}:{self.config.port}/docs", flush=True)  # noqa: T201 — for the person at the terminal


def up(home: Path | None, host: str, port: int) -> None:
    """Run the whole system until it is told to stop. Raises AlreadyRunning, and what the database refuses."""
    home = make_home(home)
    with locked(home):
        keys = make_keys(home)
        with database(home) as address:
            settings = settings_of(keys, address)
            logs.configure(settings.log_level)
            _migrate(home, settings)
            print(f"The keys for bots and workers are in {home / API_KEY_FILE}", flush=True)  # noqa: T201 — for the person at the terminal
            # Identity reads the keys it starts with from here, as it does in a process of its own.
            os.environ.update(keys.api)
            os.environ.setdefault(VAULT_KEYS, keys.identitys[VAULT_KEYS])
            os.environ.setdefault("SIDETRACK_PUBLIC_URL", f"http://{host}:{port}")
            AnnouncedServer(config(Standalone(keys, settings), host, port, public=True)).run()


@contextmanager
def database(home: Path, environment: Mapping[str, str] = os.environ) -> Iterator[str]:
    """The address of the database: the one that is named, else the home's own, started here."""
    if named := environment.get("SIDETRACK_DATABASE_URL"):
        yield named
    else:
        with Postgres(home) as postgres:
            yield postgres.url


def _migrate(home: Path, settings: Settings) -> None:
    """A newer release backs up before it changes anything."""
    asyncio.run(check_transport(settings))
    if asyncio.run(behind(settings.database_url)):
        folder = home / "backups"
        folder.mkdir(mode=0o700, exist_ok=True)
        backup(settings.database_url, folder / f"before-{release()}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.zip")
    asyncio.run(prepare(settings))
    if not os.environ.get("SIDETRACK_DATABASE_URL"):
        # The home is locked and the database its own: whoever held these is dead, and need not be waited for.
        asyncio.run(free_leases(settings.database_url))
