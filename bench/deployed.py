"""What is measured, started as an operator would: on a PostgreSQL that keeps its promises."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from tests.brokers import new_broker
from tests.homes import new_home
from tests.system.deployments import UNBOUND, Deployment, distributed, standalone

# PostgreSQL's own settings: durable.
DURABLE: dict[str, str] = {}


@contextmanager
def one() -> Iterator[Deployment]:
    """The whole system in one process."""
    with new_home() as home, standalone(home, UNBOUND) as deployment:
        yield deployment


@contextmanager
def six(database: Mapping[str, str] = DURABLE) -> Iterator[Deployment]:
    """Six processes over a RabbitMQ of their own; `database` is how PostgreSQL is set besides."""
    broker = new_broker()
    try:
        with new_home() as home, distributed(home, broker, UNBOUND, database) as deployment:
            yield deployment
    finally:
        broker.stop()
