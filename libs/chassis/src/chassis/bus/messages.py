"""Envelopes as AMQP messages, published with confirms and a timeout."""

import asyncio

from aio_pika import DeliveryMode, Message
from aio_pika.abc import AbstractExchange, AbstractIncomingMessage
from aio_pika.exceptions import AMQPError, ChannelInvalidStateError, DeliveryError
from uuid_utils.compat import uuid7

from chassis.envelope import Envelope
from chassis.relay import WireDown
from chassis.supervisor import stopping
from contracts.event import consumers_of


class Publisher:
    """Sends through one exchange; concurrent sends share the channel as one window of confirms.

    Raises DeliveryError when the broker returned or refused the message, WireDown when nothing can be sent.
    """

    def __init__(self, exchange: AbstractExchange, timeout: float) -> None:
        self._exchange, self._timeout = exchange, timeout

    async def announce(self, envelope: Envelope) -> None:
        await self.send(envelope, envelope.type, mandatory=bool(consumers_of(envelope.type)))

    async def send(self, envelope: Envelope, routing_key: str, *, mandatory: bool = True) -> None:
        try:
            async with asyncio.timeout(self._timeout):
                await self._exchange.publish(_to_message(envelope), routing_key, mandatory=mandatory)
        except DeliveryError:
            raise
        except asyncio.CancelledError as error:
            if stopping():
                raise
            # The client gives up what waits on a lost connection: no row's fault.
            raise WireDown(repr(error)) from error
        except (AMQPError, ChannelInvalidStateError, OSError, TimeoutError) as error:
            raise WireDown(repr(error)) from error


def _to_message(envelope: Envelope) -> Message:
    # The headers are built afresh: what a broker added on the way (x-death) never travels on.
    return Message(
        envelope.body.encode(),
        headers={"specversion": "1.0", **envelope.model_dump(mode="json", exclude={"body"}, exclude_none=True)},
        # Not the event's id: the client pairs returns with confirms by message_id, so each send needs its own.
        message_id=uuid7().hex,
        content_type="application/json",
        delivery_mode=DeliveryMode.PERSISTENT,
    )


def to_envelope(message: AbstractIncomingMessage) -> Envelope:
    """Raises ValidationError for what is no envelope."""
    return Envelope.model_validate({**message.headers, "body": message.body})
