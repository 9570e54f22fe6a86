"""What services announced, overheard as it left, and said again through the wire of a deployment."""

import asyncio
from collections.abc import Awaitable, Sequence
from random import Random
from typing import Any

import aio_pika
import asyncpg
from uuid_utils.compat import uuid7

from chassis.bus import topology
from chassis.bus.messages import Publisher
from chassis.envelope import Envelope
from contracts.event import consumers_of
from standalone.postgres import find_running
from tests.homes import until

# Sent rows leave the outbox, so each is kept as it enters.
OVERHEARD = """
    CREATE SCHEMA overheard;
    CREATE TABLE overheard.events (LIKE club.outbox);
    CREATE FUNCTION overheard.keep() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        AS $$ BEGIN INSERT INTO overheard.events SELECT NEW.*; RETURN NEW; END $$;
"""
OVERHEAR = """
    CREATE TRIGGER overheard AFTER INSERT ON {}.outbox FOR EACH ROW EXECUTE FUNCTION overheard.keep();
"""
# Of those that taste is told and has taken.
DELIVERED = """
    SELECT events.* FROM overheard.events
    WHERE body::jsonb ->> 'week_id' = $1 AND id IN (SELECT event_id FROM taste.inbox) ORDER BY row
"""


class Wire:
    """Overhears the club, or other services, from its making until it is closed."""

    def __init__(self, deployment, services: Sequence[str] = ("club",)) -> None:
        self._runner = asyncio.Runner()
        self._bus_url = deployment.environment.get("SIDETRACK_BUS_URL")
        self._database = self._run(asyncpg.connect(find_running(deployment.home)))
        self._run(self._database.execute(OVERHEARD + "".join(map(OVERHEAR.format, services))))

    def ask(self, query: str, *parameters: Any) -> list[asyncpg.Record]:
        """What the services have written, seen from beneath."""
        return self._run(self._database.fetch(query, *parameters))

    def repeat(self, week: str, chance: Random) -> None:
        """Say all that taste was told of a week once more, shuffled: as it was, and, twice, where no inbox knows it.

        Under its own id it is what a relay sends that died before it could delete the row; under another, what an inbox
        has forgotten. It ends when each has been taken.
        """
        delivered = [Envelope.model_validate(dict(row)) for row in self.ask(DELIVERED, week)]
        forgotten = [each.model_copy(update={"id": uuid7()}) for each in delivered]
        said = [*delivered, *forgotten, *forgotten]
        chance.shuffle(said)
        self._run(self._publish(said) if self._bus_url else self._deliver(said))
        taken = "SELECT 1 FROM taste.inbox WHERE event_id = ANY($1)"
        until(lambda: len(self.ask(taken, [each.id for each in forgotten])) == len(forgotten))

    def repeat_all(self, naming: str, chance: Random) -> None:
        """Say all that named somebody once more, shuffled, and as what an inbox has forgotten; until it is taken."""
        rows = self.ask("SELECT * FROM overheard.events WHERE strpos(body, $1) > 0", naming)
        heard = [each for each in (Envelope.model_validate(dict(row)) for row in rows) if consumers_of(each.type)]
        said = [each.model_copy(update={"id": uuid7()}) for each in heard]
        chance.shuffle(said)
        self._run(self._publish(said) if self._bus_url else self._deliver(said))
        hearers = {handler for each in said for handler in consumers_of(each.type)}
        for handler in hearers:
            ids = [each.id for each in said if handler in consumers_of(each.type)]
            service = handler.partition(".")[0]
            taken = f"SELECT 1 FROM {service}.inbox WHERE handler = $1 AND event_id = ANY($2)"
            until(lambda: len(self.ask(taken, handler, ids)) == len(ids), within=60)  # noqa: B023 — it ends before the next

    def close(self) -> None:
        self._run(self._database.execute("DROP SCHEMA overheard CASCADE"))
        self._run(self._database.close())
        self._runner.close()

    def _run(self, work: Awaitable[Any]) -> Any:
        return self._runner.run(work)

    async def _publish(self, said: Sequence[Envelope]) -> None:
        async with await aio_pika.connect(self._bus_url) as connection:
            channel = await connection.channel(on_return_raises=True)
            everyone = Publisher(await channel.get_exchange(topology.EVENTS), 10)
            for each in said:
                await everyone.announce(each)

    async def _deliver(self, said: Sequence[Envelope]) -> None:
        rows = [{"handler": handler, **each.model_dump()} for each in said for handler in consumers_of(each.type)]
        if not rows:
            return
        columns, places = ", ".join(rows[0]), ", ".join(f"${place}" for place, _ in enumerate(rows[0], start=1))
        async with self._database.transaction():
            await self._database.executemany(
                f"INSERT INTO bus.delivery ({columns}) VALUES ({places})", [tuple(row.values()) for row in rows]
            )
            for service in {row["handler"].partition(".")[0] for row in rows}:
                await self._database.execute("SELECT pg_notify($1, '')", f"delivery_{service}")
