"""A service's one connection to the broker, made anew when it is lost, and the channels on it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractConnection

from chassis.settings import Settings
from chassis.supervisor import OUTAGES


class Line:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._connecting = asyncio.Lock()
        self._connection: AbstractConnection | None = None

    @asynccontextmanager
    async def channel(self) -> AsyncIterator[AbstractChannel]:
        """A channel of one's own, closed with the block; ConnectionError when there is no broker."""
        channel = (await self._connected()).channel(on_return_raises=True)
        try:
            await channel.initialize()
        except RuntimeError as error:
            # What the client says when the connection closed just now.
            self._connection = None
            raise ConnectionError("The broker's connection was lost.") from error
        try:
            yield channel
        finally:
            with suppress(*OUTAGES):
                await channel.close()

    async def close(self) -> None:
        if self._connection is not None:
            await self._connection.close()

    async def _connected(self) -> AbstractConnection:
        async with self._connecting:
            if self._connection is None or self._connection.is_closed:
                self._connection = await aio_pika.connect(
                    self._settings.bus_url, timeout=self._settings.send_timeout, heartbeat=self._settings.heartbeat
                )
                self._connection.close_callbacks.add(self._forget)
            return self._connection

    def _forget(self, *_: object) -> None:
        self._connection = None
