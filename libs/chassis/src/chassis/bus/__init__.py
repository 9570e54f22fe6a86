"""The port between a service and its wire. Service code cannot tell which wire it runs on."""

from collections.abc import Callable
from typing import Any, Protocol

from chassis.consumer import Handler

Up = Callable[[], None]


class Bus(Protocol):
    """Both loops run until cancelled, call `up` whenever they work, and raise when the wire is away."""

    async def relay(self, up: Up) -> None:
        """Move what the service has announced from its outbox onto the wire."""

    async def consume(self, handler: Handler[Any], up: Up) -> None:
        """Give the handler its deliveries: acknowledged, retried along the ladder, or put with the dead."""

    async def close(self) -> None: ...
