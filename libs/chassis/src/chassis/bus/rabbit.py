"""The wire between processes: RabbitMQ, from 3.10 on."""

from typing import Any

from aio_pika.exceptions import ChannelPreconditionFailed

from chassis.bus import Up, topology
from chassis.bus.consumption import Consumption
from chassis.bus.line import Line
from chassis.bus.messages import Publisher
from chassis.consumer import Handler
from chassis.db import Database
from chassis.envelope import Envelope
from chassis.relay import Relay
from chassis.settings import Settings
from chassis.supervisor import Misfit, Supervisor
from chassis.wake import Wake


class Rabbit:
    """The relay and each handler have a channel of their own."""

    def __init__(self, service: str, db: Database, settings: Settings, supervisor: Supervisor) -> None:
        self._service, self._db, self._settings, self._supervisor = service, db, settings, supervisor
        self._line = Line(settings)
        outbox = f"outbox_{service}"
        wake = Wake(settings.listen_dsn(service), settings.poll, outbox)
        self._bell = wake.bell(outbox)
        supervisor.start("listen", wake.listen)

    async def relay(self, up: Up) -> None:
        await self._declare()
        async with self._line.channel() as channel:
            timeout = self._settings.send_timeout
            heard_by_all = Publisher(await channel.get_exchange(topology.EVENTS), timeout)
            heard_by_one = Publisher(channel.default_exchange, timeout)

            async def send(envelope: Envelope, handler: str | None) -> None:
                await (heard_by_one.send(envelope, handler) if handler else heard_by_all.announce(envelope))

            await Relay(self._service, self._db, send, self._bell, timeout).run(up)

    async def consume(self, handler: Handler[Any], up: Up) -> None:
        await self._declare()
        await Consumption(handler, self._line, self._settings, self._supervisor).run(up)

    async def close(self) -> None:
        await self._line.close()

    async def _declare(self) -> None:
        """Every queue this service sends to or hears from: `sidetrack bus declare` may not have run yet."""
        try:
            async with self._line.channel() as channel:
                await topology.declare(channel, self._settings.ladder, self._service)
        except ChannelPreconditionFailed as error:
            raise Misfit(f"A queue exists with other arguments, and needs a new name and a drain: {error}") from error
