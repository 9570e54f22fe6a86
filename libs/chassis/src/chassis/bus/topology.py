"""What the broker must know before anyone publishes: one exchange, and per handler a queue and its dead."""

from collections.abc import Iterable

from aio_pika import ExchangeType
from aio_pika.abc import AbstractChannel, AbstractQueue
from pamqp.common import FieldTable

from contracts.registry import REGISTRY

EVENTS = "sidetrack.events"
CRASHES = 20
# The dead are looked at and put back; that must never use up a limit (4.x has one of 20 by default).
LOOKS = 1_000_000

_SAFE: FieldTable = {
    "x-queue-type": "quorum",
    "x-overflow": "reject-publish",
    "x-dead-letter-strategy": "at-least-once",
    "x-dead-letter-exchange": "",
}


def dead(queue: str) -> str:
    return f"{queue}.dead"


def rung(delay: float) -> str:
    return f"sidetrack.retry.{delay:g}s"


def handlers() -> list[str]:
    """Every handler in the registry, in order."""
    return sorted({handler for event in REGISTRY.values() for handler in event.consumers})


async def declare(channel: AbstractChannel, ladder: Iterable[float], service: str | None = None) -> None:
    """Declare the whole registry, or what one service announces and hears. Harmless to repeat."""
    await channel.declare_exchange(EVENTS, ExchangeType.TOPIC, durable=True)
    for delay in ladder:
        await _declare_rung(channel, delay)
    for event in REGISTRY.values():
        for handler in event.consumers:
            if service is None or service in (event.topic.partition(".")[0], handler.partition(".")[0]):
                await declare_queue(channel, handler, event.topic)


async def declare_queue(channel: AbstractChannel, handler: str, topic: str) -> AbstractQueue:
    events = await channel.get_exchange(EVENTS)
    lasting: FieldTable = {"x-queue-type": "quorum", "x-delivery-limit": LOOKS}
    await channel.declare_queue(dead(handler), durable=True, arguments=lasting)
    # The limit counts crashed consumers only: a failing handler climbs the ladder instead.
    limits: FieldTable = {"x-delivery-limit": CRASHES, "x-dead-letter-routing-key": dead(handler)}
    queue = await channel.declare_queue(handler, durable=True, arguments={**_SAFE, **limits})
    await queue.bind(events, topic)
    return queue


async def _declare_rung(channel: AbstractChannel, delay: float) -> None:
    # Entered through its exchange, a message keeps its own queue as routing key, and expires to it. Sent to the
    # rung's queue by name it would expire to the rung itself, and the broker drops such a circle.
    exchange = await channel.declare_exchange(rung(delay), ExchangeType.FANOUT, durable=True)
    expiry: FieldTable = {"x-message-ttl": int(delay * 1000)}
    queue = await channel.declare_queue(rung(delay), durable=True, arguments={**_SAFE, **expiry})
    await queue.bind(exchange)
