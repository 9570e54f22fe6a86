"""What is done to listening, and how long that takes; every row is counted."""

import asyncio
import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import count
from uuid import UUID

import aiohttp
import asyncpg
from tests.beneath import WAITING
from tests.system.deployments import Deployment

from bench.generator import PEOPLE, Heard, Track, music, sessions
from contracts.naming import messy_track_id
from standalone.postgres import find_running

CONNECTIONS, RAW_CONNECTIONS = 8, 4
BATCH, TURN = 1_000, 8_000
SETTLED_WITHIN = 1
TOO_BUSY = 503
SINCE, DAYS = datetime(2026, 1, 1, tzinfo=UTC), 270
RAW = """
    INSERT INTO listening.sightings (user_id, listened_at, messy_id, source, length_ms)
    SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::uuid[], $4::text[], $5::bigint[]) ON CONFLICT DO NOTHING
"""
JOINED = """
    SELECT {item}, count(*) AS plays FROM listening.plays JOIN listening.messy_tracks AS t ON t.id = messy_id
    WHERE user_id = $1 GROUP BY 1 ORDER BY 2 DESC LIMIT 50
"""


class Listening:
    """A deployment whose listening is measured; every turn brings listens that nobody told before."""

    def __init__(self, deployment: Deployment, database: asyncpg.Connection, people: Sequence[str]) -> None:
        self.deployment, self.database, self.people = deployment, database, people
        self.tracks = music()
        self.messy = [messy_track_id(each.artist, each.title, each.album) for each in self.tracks]
        self.seeds = count(1000)

    def told(self, *, scattered: bool) -> list[list[Heard]]:
        """Batches as an import has them, of one person each; or everybody's at once."""
        seed, batches = next(self.seeds), TURN // BATCH
        if scattered:
            heard = [*sessions(self.tracks, TURN, seed, SINCE, DAYS)]
            return [heard[at::batches] for at in range(batches)]
        made = []
        for number in range(batches):
            person = (seed * 37 + number) % PEOPLE
            made.append(
                [*sessions(self.tracks, BATCH, seed * 7919 + number, SINCE, DAYS, by=range(person, person + 1))]
            )
        return made

    async def rate(self, *, scattered: bool = False, ready: bool = False) -> float:
        """Listens a second through the gateway, over eight connections; each is there afterwards, once."""
        bodies = [self._body(each, ready=ready) for each in self.told(scattered=scattered)]
        before = await self._rows()
        waiting = iter(bodies)
        await self._rest()
        key = self.deployment.api_keys["worker"]
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

        async def send(session: aiohttp.ClientSession) -> int:
            inserted = 0
            for body in waiting:
                inserted += await self._told(session, body)
            return inserted

        async with aiohttp.ClientSession(self.deployment.url, headers=headers) as session:
            started = time.perf_counter()
            inserted = sum(await asyncio.gather(*(send(session) for _ in range(CONNECTIONS))))
            took = time.perf_counter() - started
        assert await self._rows() - before == inserted
        assert inserted > 0.99 * TURN, "Listens that were made twice are few."
        return inserted / took

    async def _told(self, session: aiohttp.ClientSession, body: bytes) -> int:
        """How many came in; told again as long as the answer is that there is too much to do."""
        while True:
            async with session.post("/listens/bulk", data=body) as answer:
                if answer.status != TOO_BUSY:
                    answer.raise_for_status()
                    return (await answer.json())["inserted"]
            await asyncio.sleep(0.5)

    async def raw_rate(self, *, scattered: bool = False) -> float:
        """Rows a second of bare inserts into the same table, over four connections."""
        made = [self._columns(each) for each in self.told(scattered=scattered)]
        waiting = iter(made)
        await self._rest()
        before = await self._rows()
        async with asyncpg.create_pool(
            find_running(self.deployment.home), min_size=RAW_CONNECTIONS, max_size=RAW_CONNECTIONS
        ) as pool:

            async def write() -> None:
                async with pool.acquire() as connection:
                    for columns in waiting:
                        await connection.execute(RAW, *columns)

            started = time.perf_counter()
            await asyncio.gather(*(write() for _ in range(RAW_CONNECTIONS)))
            took = time.perf_counter() - started
        inserted = await self._rows() - before
        assert inserted > 0.99 * TURN
        return inserted / took

    async def summaries(self, asked: int) -> list[float]:
        """Milliseconds of the summary of all time of who listened most, each right after a listen of theirs."""
        key = self.deployment.api_keys["worker"]
        path, took = f"/users/{self.people[0]}/summary?period=all&top=50", []
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        plays = 0
        async with aiohttp.ClientSession(self.deployment.url, headers=headers) as session:
            for each in sessions(self.tracks, asked, next(self.seeds), SINCE, DAYS, by=range(1)):
                async with session.post("/listens/bulk", data=self._body([each])) as answer:
                    answer.raise_for_status()
                started = time.perf_counter()
                async with session.get(path, headers=self.deployment.bot) as answer:
                    answer.raise_for_status()
                    told = await answer.json()
                took.append((time.perf_counter() - started) * 1000)
                assert told["plays"]["now"] >= plays
                plays = told["plays"]["now"]
        return took

    async def joined(self, asked: int) -> list[float]:
        """Milliseconds of the same lists by the plain join."""
        took = []
        for _ in range(asked):
            started = time.perf_counter()
            for item in ("artist_id", "album_id", "track_id"):
                await self.database.fetch(JOINED.format(item=item), UUID(self.people[0]))
            took.append((time.perf_counter() - started) * 1000)
        return took

    def _body(self, heard: Sequence[Heard], *, ready: bool = False) -> bytes:
        return json.dumps({"listens": [self._item(each, ready=ready) for each in heard]}).encode()

    def _item(self, heard: Heard, *, ready: bool) -> dict[str, object]:
        said = {"user": {"user_id": self.people[heard.person]}, "listened_at": heard.at.isoformat(), "source": "bench"}
        if ready:
            return said | {"track_id": str(self.messy[heard.track])}
        track: Track = self.tracks[heard.track]
        names = {"title": track.title, "artist": track.artist, "album": track.album, "duration_ms": track.ms}
        return said | {"track": names}

    def _columns(self, heard: Sequence[Heard]) -> tuple[list[object], ...]:
        return (
            [UUID(self.people[each.person]) for each in heard],
            [each.at for each in heard],
            [self.messy[each.track] for each in heard],
            ["raw"] * len(heard),
            [self.tracks[each.track].ms for each in heard],
        )

    async def _rest(self) -> None:
        """Until what the turns before have set going is done."""
        deadline = time.monotonic() + SETTLED_WITHIN
        while await self.database.fetchval(f"SELECT {WAITING}") and time.monotonic() < deadline:
            await asyncio.sleep(0.2)

    async def _rows(self) -> int:
        return await self.database.fetchval("SELECT count(*) FROM listening.sightings_2026")
