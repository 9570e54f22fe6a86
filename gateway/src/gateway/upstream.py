"""The port to a service: the same whether it runs in another process or is mounted in this one."""

from collections.abc import Iterable
from typing import NamedTuple, Protocol

from starlette.types import Receive, Scope, Send

from chassis.errors import Unavailable

Pairs = Iterable[tuple[bytes, bytes]]


class ServiceAway(Unavailable):
    """Nothing of an answer has come, and none will."""

    def __init__(self, service: str) -> None:
        super().__init__(f"The {service} service is not available right now; please try again soon.")


class BrokenOff(Exception):
    """The answer had begun and will not be finished."""


class ClientLeft(Exception):
    """Nobody waits for the answer any more."""


class Answer(NamedTuple):
    status: int
    body: bytes


class Upstream(Protocol):
    """One service, reached with a scope whose path, query and headers are already as the service shall see them."""

    async def forward(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Streams both ways. Raises ServiceAway before the answer begins, BrokenOff after, ClientLeft at any time."""

    async def fetch(self, method: str, path: str, headers: Pairs = (), body: bytes = b"", within: float = 3) -> Answer:
        """A call of the gateway's own, whole. Raises ServiceAway, also when it takes longer than `within` seconds."""

    async def close(self) -> None: ...
