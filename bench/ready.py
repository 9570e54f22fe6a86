"""`python -m bench.ready DSN PORT`: answers that lie ready in a table, one prepared statement each.

The same server as a service's, and nothing between it and asyncpg: no validation, no token, no session.
"""

import sys

import asyncpg
from starlette.types import Receive, Scope, Send

from chassis.serve import Server, config

CONNECTIONS = 8
ASKED = "SELECT body FROM bench.answers WHERE address = $1"


class Ready:
    def __init__(self, dsn: str) -> None:
        self._dsn = dsn

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        body = await self._pool.fetchval(ASKED, f"{scope['path']}?{scope['query_string'].decode()}")
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        self._pool = await asyncpg.create_pool(self._dsn, min_size=CONNECTIONS, max_size=CONNECTIONS)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._pool.close()
        await send({"type": "lifespan.shutdown.complete"})


if __name__ == "__main__":
    Server(config(Ready(sys.argv[1]), "127.0.0.1", int(sys.argv[2]))).run()
