"""What the gateway costs: the week document through it, beside the same request straight to the service."""

import asyncio
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial

import aiohttp
import asyncpg
from tests.servers import free_port, wait_for_port
from tests.system.deployments import Deployment

from bench.lines import PAIRS, WARM_UP, Line, at_least, at_most, beside, told
from bench.quick import QUICK
from chassis.settings import Settings
from chassis.tokens import Tokens
from standalone.postgres import find_running

CONNECTIONS, READERS = (1, 32), 8
SECONDS = 1.0 if QUICK else 1.5
Run = tuple[float, list[float]]


async def load(url: str, headers: dict[str, str], connections: int, seconds: float) -> tuple[float, list[float]]:
    """Requests a second, and the milliseconds of each, over `connections` that ask again and again."""
    took: list[float] = []
    stop = time.perf_counter() + seconds

    async def ask(session: aiohttp.ClientSession) -> None:
        while time.perf_counter() < stop:
            started = time.perf_counter()
            async with session.get(url, headers=headers) as answer:
                await answer.read()
                answer.raise_for_status()
            took.append((time.perf_counter() - started) * 1000)

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=connections)) as session:
        await asyncio.gather(*(ask(session) for _ in range(connections)))
    return len(took) / seconds, took


async def served(direct: str) -> int:
    """Week documents that the service has answered so far."""
    async with aiohttp.ClientSession() as session, session.get(f"{direct}/metrics") as answer:
        lines = (await answer.text()).splitlines()
    counts = [line for line in lines if line.startswith("sidetrack_request_seconds_count") and '{week_id}"' in line]
    return sum(int(float(line.rpartition(" ")[2])) for line in counts)


async def week_at(deployment: Deployment, which: str) -> str:
    """Where the week is by its id that is `current`, or has a number: `number/7`."""
    async with aiohttp.ClientSession(deployment.url) as anyone, anyone.get(f"/club/weeks/{which}") as answer:
        return f"/club/weeks/{(await answer.json())['id']}"


class Door:
    """A deployment whose week document is asked for on both sides of the gateway."""

    def __init__(self, deployment: Deployment, path: str) -> None:
        self.direct = f"http://127.0.0.1:{deployment.parts['club'][1][-1]}"
        signing = Settings(signing_key=deployment.keys.signing["gateway"][0])
        self.path, self._tokens = path, Tokens("gateway", signing)
        self._through = deployment.url, deployment.bot

    @property
    def inside(self) -> dict[str, str]:
        """What the service is shown; valid for a minute."""
        return {"Authorization": f"Bearer {self._tokens.mint('club', 'bot', 'bot', ['club:write'])}"}

    async def pair(self, connections: int, seconds: float = SECONDS) -> tuple[Run, Run]:
        """Through the gateway, then straight; each request reaches the service once."""
        arms = self._through, (self.direct, self.inside)
        through, straight = [await self._run(url + self.path, by, connections, seconds) for url, by in arms]
        return through, straight

    async def _run(self, url: str, headers: dict[str, str], connections: int, seconds: float) -> Run:
        before = await served(self.direct)
        rate, took = await load(url, headers, connections, seconds)
        assert await served(self.direct) - before == len(took), "A request was lost, or asked twice."
        return rate, took


async def line(door: Door, connections: int) -> Line:
    """Throughput of both; of latency, what is added at the median and how many times as long the slowest take."""
    name = f"week document through the gateway, {connections} connections"
    goals = [at_least(0.6), at_most(2, "p99 ratio")]
    if connections == 1:
        goals.append(at_most(0.3, "added p50 ms"))
    try:
        found = [await door.pair(connections) for _ in range(PAIRS + WARM_UP)][WARM_UP:]
    except AssertionError as error:
        return told(Line(name, "requests/s", 0.0, against="straight", goals=goals, wrong=str(error)))
    through, straight = ([each for pair in found for each in pair[arm][1]] for arm in (0, 1))
    detail = {
        "added p50 ms": statistics.median(through) - statistics.median(straight),
        "p99 ratio": statistics.quantiles(through, n=100)[-1] / statistics.quantiles(straight, n=100)[-1],
    }
    rates = [(ours[0], theirs[0]) for ours, theirs in found]
    ours, theirs = (statistics.median(each) for each in zip(*rates, strict=True))
    return told(
        Line(name, "requests/s", ours, theirs, "straight", [mine / other for mine, other in rates], goals, detail)
    )


@contextmanager
def _ready(deployment: Deployment) -> Iterator[str]:
    """A server that has answers ready."""
    port = free_port()
    command = [sys.executable, "-m", "bench.ready", find_running(deployment.home), str(port)]
    process = subprocess.Popen(command)
    try:
        wait_for_port(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


async def _kept(deployment: Deployment, door: Door, addresses: Iterable[str]) -> None:
    """What the service answers to each, for the other server to answer."""
    database = await asyncpg.connect(find_running(deployment.home))
    await database.execute("CREATE SCHEMA IF NOT EXISTS bench")
    await database.execute("CREATE TABLE bench.answers (address text PRIMARY KEY, body bytea)")
    async with aiohttp.ClientSession(door.direct, headers=door.inside) as session:
        for address in addresses:
            async with session.get(address) as answer:
                await database.execute("INSERT INTO bench.answers VALUES ($1, $2)", address, await answer.read())
    await database.close()


async def read_lines(deployment: Deployment, door: Door) -> list[Line]:
    """What members read most, straight from the service, beside the same bytes from one prepared statement."""
    asked = {"week document": f"{door.path}?", "winners gallery of 25": "/club/weeks?limit=25"}
    await _kept(deployment, door, asked.values())
    lines = []
    with _ready(deployment) as ready:
        for name, address in asked.items():

            async def rate(url: str, address: str = address) -> float:
                per_second, _ = await load(url + address, door.inside, READERS, SECONDS)
                return per_second

            arms = partial(rate, door.direct), partial(rate, ready)
            against, goals = "asyncpg, one prepared statement", [at_least(0.5)]
            lines.append(await beside(name, "requests/s", *arms, against, goals=goals))
    return lines


async def measure(deployment: Deployment) -> list[Line]:
    """What is read of a club that is there, in six processes."""
    door = Door(deployment, await week_at(deployment, "current"))
    lines = [await line(door, each) for each in CONNECTIONS]
    return lines + await read_lines(deployment, door)
