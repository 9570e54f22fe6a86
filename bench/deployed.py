"""What is measured, started as an operator would: on a PostgreSQL that keeps its promises."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext

from tests.brokers import new_broker
from tests.homes import new_home
from tests.system.deployments import UNBOUND, Deployment, distributed, standalone

# PostgreSQL's own settings: durable. Six processes also tell when each transaction was committed.
DURABLE: dict[str, str] = {}
TELLING = DURABLE | {"track_commit_timestamp": "on"}
Place = AbstractContextManager[Deployment]


@contextmanager
def one() -> Iterator[Deployment]:
    """The whole system in one process."""
    with new_home() as home, standalone(home, UNBOUND) as deployment:
        yield deployment


@contextmanager
def six(database: Mapping[str, str] = TELLING) -> Iterator[Deployment]:
    """Six processes over a RabbitMQ of their own; `database` is how PostgreSQL is set besides."""
    broker = new_broker()
    try:
        with new_home() as home, distributed(home, broker, UNBOUND, database) as deployment:
            yield deployment
    finally:
        broker.stop()


class Places:
    """Where parts are measured: each in one of its own, or with a stack all in the same two, until that ends."""

    def __init__(self, shared: ExitStack | None) -> None:
        self._shared, self._kept = shared, dict[str, Deployment]()

    def one(self) -> Place:
        return self._place("one", one)

    def six(self) -> Place:
        return self._place("six", six)

    def _place(
        self, name: str, way: Callable[[], AbstractContextManager[Deployment]]
    ) -> AbstractContextManager[Deployment]:
        if self._shared is None:
            return way()
        if name not in self._kept:
            self._kept[name] = self._shared.enter_context(way())
        return nullcontext(self._kept[name])
