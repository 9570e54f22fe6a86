"""What Prometheus may ask. One registry a process; in standalone the label `service` tells the parts apart."""

from collections.abc import Awaitable, Callable

from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest
from sqlalchemy import func, select
from sqlalchemy.pool import QueuePool

from chassis.db import Database
from chassis.outbox import Outgoing

FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

REQUESTS = Histogram(
    "sidetrack_request_seconds", "Requests by route template.", ["service", "method", "route", "status"], buckets=FAST
)
OUTBOX_ROWS = Gauge("sidetrack_outbox_rows", "Events not yet handed to the bus.", ["service"])
OUTBOX_PARKED = Gauge("sidetrack_outbox_parked_rows", "Events the bus refused too often.", ["service"])
OUTBOX_AGE = Gauge("sidetrack_outbox_oldest_seconds", "Age of the oldest event not yet handed over.", ["service"])
CONFIRMED = Counter("sidetrack_publish_confirms_total", "Events the bus has taken.", ["service"])
RETURNED = Counter("sidetrack_publish_returns_total", "Events the bus returned or refused.", ["service"])
DUPLICATES = Counter("sidetrack_inbox_duplicates_total", "Deliveries of what was already done.", ["handler"])
IN_FLIGHT = Gauge("sidetrack_consumer_in_flight", "Deliveries being handled.", ["handler"])
RETRIES = Counter("sidetrack_consumer_retries_total", "Deliveries put on the ladder.", ["handler"])
DEAD = Counter("sidetrack_consumer_dead_total", "Deliveries put with the dead.", ["handler"])
POOL = Gauge("sidetrack_pool_in_use", "Database connections in use.", ["service"])

_measures: dict[str, Callable[[], Awaitable[None]]] = {}


def observe(service: str, db: Database) -> None:
    """From now on every scrape asks this service's outbox and pool."""

    async def measure() -> None:
        waiting = select(
            func.count(),
            func.coalesce(func.extract("epoch", func.now() - func.min(Outgoing.time)), 0),
            func.count(Outgoing.parked),
        )
        async with db.transaction(postgresql_readonly=True) as tx:
            rows, age, parked = (await tx.execute(waiting.select_from(Outgoing))).one()
        OUTBOX_ROWS.labels(service).set(rows)
        OUTBOX_AGE.labels(service).set(age)
        OUTBOX_PARKED.labels(service).set(parked)
        pool = db.engine.pool
        POOL.labels(service).set(pool.checkedout() if isinstance(pool, QueuePool) else 0)

    _measures[service] = measure


def forget(service: str) -> None:
    _measures.pop(service, None)


async def scrape() -> tuple[bytes, str]:
    """The whole process's metrics, and their content type."""
    for measure in list(_measures.values()):
        await measure()
    return generate_latest(), CONTENT_TYPE_LATEST
