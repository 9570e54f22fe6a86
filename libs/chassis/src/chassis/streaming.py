"""What a stream reads in: one moment of the database, in spelling that is the same on every server."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager

from fastapi.responses import StreamingResponse
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.types import Send

from chassis.db import Transactions

# A long list is sorted before its first row is there; nobody waits for this but who asked.
SPELLING = {"TimeZone": "UTC", "bytea_output": "hex", "statement_timeout": "0"}


@asynccontextmanager
async def one_moment(db: Transactions) -> AsyncIterator[AsyncSession]:
    """A read-only transaction of a stream's own, which ends with it."""
    async with db.transaction(isolation_level="REPEATABLE READ", postgresql_readonly=True) as tx:
        await tx.execute(select(*(func.set_config(name, value, True) for name, value in SPELLING.items())))  # noqa: FBT003 — until the transaction ends
        yield tx


class Stream(StreamingResponse):
    """Closes what it streams when the client leaves, and not when it happens to be collected."""

    def __init__(self, chunks: AsyncGenerator[bytes, None], media_type: str, name: str) -> None:
        self._chunks = chunks
        secret = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{name}"'}
        super().__init__(chunks, media_type=media_type, headers=secret)

    async def stream_response(self, send: Send) -> None:
        async with aclosing(self._chunks) as chunks:
            # Before the answer begins: while the database is away, it is still a refusal.
            first = await anext(chunks)
            self.body_iterator = _from(first, chunks)
            await super().stream_response(send)


async def _from(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for chunk in rest:
        yield chunk
