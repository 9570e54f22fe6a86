"""One service as a process: `python -m chassis.serve club.main:app --port 8001`. A stop that went well exits with 0."""

import argparse
import asyncio
import contextlib
import signal
from collections.abc import Iterator

import uvicorn

GRACE = 20


class Server(uvicorn.Server):
    """Ends on SIGTERM and SIGINT by finishing what runs, and does not die of the signal afterwards."""

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


def config(app: str, host: str, port: int) -> uvicorn.Config:
    """How every process of ours listens: its own logs, no server header, and a bounded wait for open requests."""
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
        date_header=False,
        timeout_graceful_shutdown=GRACE,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("app", help="module:attribute of the application")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    given = parser.parse_args()
    Server(config(given.app, given.host, given.port)).run()


if __name__ == "__main__":
    main()
