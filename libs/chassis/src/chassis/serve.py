"""One service as a process: `python -m chassis.serve club.main:app --port 8001`. A stop that went well exits with 0."""

import argparse
import asyncio
import contextlib
import gc
import signal
from collections.abc import Iterator
from socket import socket

import uvicorn
from starlette.types import ASGIApp

from chassis.settings import Settings

GRACE = 20


class Server(uvicorn.Server):
    """Ends on SIGTERM and SIGINT by finishing what runs, and does not die of the signal afterwards."""

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        # What is loaded now stays: the collector need not look at it again, which took tens of milliseconds a time.
        gc.collect()
        gc.freeze()
        gc.enable()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.remove_signal_handler(number)


def config(app: str | ASGIApp, host: str, port: int, *, public: bool = False) -> uvicorn.Config:
    """How every process of ours listens: its own logs, no server header, and a bounded wait for open requests.

    Only the `public` door dates its answers. Whose word on the client's address counts, the settings say.
    """
    settings = Settings()
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        loop="uvloop",
        http="httptools",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=public,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=GRACE,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("app", help="module:attribute of the application")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--public", action="store_true", help="this is the door that clients speak to")
    given = parser.parse_args()
    # Until it has started: of what is loaded nothing is to be collected, and to look for it takes an eighth of a start.
    gc.disable()
    Server(config(given.app, given.host, given.port, public=given.public)).run()


if __name__ == "__main__":
    main()
