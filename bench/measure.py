"""Figures of this machine: how soon a vote is learned, what the gateway costs, how much memory is held when idle."""

import asyncio
import signal
import statistics
import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import ExitStack, suppress
from pathlib import Path
from uuid import uuid4

import aiohttp
import asyncpg
from rich.console import Console
from rich.table import Table
from tests.brokers import NativeBroker, new_broker
from tests.homes import new_home
from tests.system.deployments import UNBOUND, Deployment, distributed, standalone

from bench.gateway import Door, load, week_at
from standalone.postgres import find_running

VOTES, WARM_UP = 300, 20
# Of the season that the demo plays.
TIED = "number/7"
ROUNDS, SECONDS = 5, 3.0
LEARNED = "SELECT version FROM taste.votes WHERE user_id = $1"
console = Console(width=120)


async def vote_to_learned(deployment: Deployment) -> list[float]:
    """Milliseconds from sending a vote to taste having committed it, one vote after another."""
    database = await asyncpg.connect(find_running(deployment.home))
    took = []
    async with aiohttp.ClientSession(deployment.url, headers=deployment.bot) as bot:
        here, nominations, user = await _open_week(bot)
        for count in range(VOTES + WARM_UP):
            body = {"user": {"user_id": user}, "nomination_id": nominations[count % 2], "rank": 1}
            before = await database.fetchval(LEARNED, user)
            started = time.perf_counter()
            async with bot.post(f"{here}/votes", json=body) as answer:
                answer.raise_for_status()
            answered = time.perf_counter()
            while await database.fetchval(LEARNED, user) == before:
                await asyncio.sleep(0.0005)
            took.append(((answered - started) * 1000, (time.perf_counter() - started) * 1000))
    await database.close()
    return took[WARM_UP:]


async def _open_week(bot: aiohttp.ClientSession) -> tuple[str, list[str], str]:
    async with bot.post("/club/weeks", json={"number": 900_001}) as answer:
        here = f"/club/weeks/{(await answer.json())['id']}"
    jo, kim, lou = ({"discord_id": f"8035111022467891{each}"} for each in range(3))
    nominations = []
    for person, title in ((jo, "Blue"), (kim, "Hejira")):
        body = {"user": person, "album": {"title": title, "artist": "Joni Mitchell"}}
        async with bot.post(f"{here}/nominations", json=body) as answer:
            nominations.append((await answer.json())["id"])
    async with bot.post(f"{here}/votes", json={"user": lou, "nomination_id": nominations[1], "rank": 1}) as answer:
        return here, nominations, (await answer.json())["user"]["id"]


async def gateway_cost(deployment: Deployment, connections: int) -> list[tuple[str, float, float, float]]:
    """For each arm: requests a second, p50 and p99; the arms alternate. Each request reaches the service once."""
    door = Door(deployment, await week_at(deployment, TIED))
    through, straight = zip(*[await door.pair(connections, SECONDS) for _ in range(ROUNDS)], strict=True)
    return [("direct", *_summed(straight)), ("gateway", *_summed(through))]


async def beside_one_that_hangs(deployment: Deployment) -> list[tuple[str, float, float, float]]:
    """As `gateway_cost`: the week document, while others ask the catalogue that answers, or does not."""
    path, catalog = await week_at(deployment, TIED), deployment.processes["catalog"].process
    runs: dict[str, list[tuple[float, list[float]]]] = {"answers": [], "hangs": []}
    for _ in range(ROUNDS):
        for arm, told in (("answers", signal.SIGCONT), ("hangs", signal.SIGSTOP)):
            catalog.send_signal(told)
            others = asyncio.create_task(_ask_the_catalogue(deployment))
            runs[arm].append(await load(deployment.url + path, deployment.bot, 8, SECONDS))
            others.cancel()
    catalog.send_signal(signal.SIGCONT)
    return [(arm, *_summed(runs[arm])) for arm in runs]


async def _ask_the_catalogue(deployment: Deployment) -> None:
    """Fifty times a second, whatever comes of it."""
    async with aiohttp.ClientSession(deployment.url, connector=aiohttp.TCPConnector(limit=0)) as session:

        async def ask() -> None:
            with suppress(aiohttp.ClientError):
                async with session.get(f"/music/albums/{uuid4()}") as answer:
                    await answer.read()

        async with asyncio.TaskGroup() as group:
            while True:
                group.create_task(ask())
                await asyncio.sleep(0.02)


def _summed(runs: Iterable[tuple[float, list[float]]]) -> tuple[float, float, float]:
    rates = [rate for rate, _ in runs]
    took = [each for _, times in runs for each in times]
    return statistics.median(rates), statistics.median(took), statistics.quantiles(took, n=100)[-1]


def proportional(pids: Iterable[int]) -> float:
    """MiB that these processes hold, what they share counted in parts."""
    rollups = []
    for pid in pids:
        # One of PostgreSQL's workers may have ended since they were counted.
        with suppress(FileNotFoundError, ProcessLookupError):
            rollups.append(Path(f"/proc/{pid}/smaps_rollup").read_text())
    kib = [int(line.split()[1]) for text in rollups for line in text.splitlines() if line.startswith("Pss:")]
    return sum(kib) / 1024


def family(pid: int) -> list[int]:
    """The process and everything below it."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except FileNotFoundError:
        return []
    return [pid, *(each for child in children for each in family(int(child)))]


def postmaster(home: Path) -> int:
    return int((home / "postgres" / "data" / "postmaster.pid").read_text().split()[0])


def memory(deployment: Deployment) -> str:
    parts = {name: proportional([each.process.pid]) for name, each in deployment.processes.items()}
    database = proportional(family(postmaster(deployment.home)))
    each = ", ".join(f"{name} {size:.0f}" for name, size in parts.items())
    return f"{sum(parts.values()) + database:.0f} MiB: {each}, PostgreSQL {database:.0f}"


def report(
    name: str, deployment: Deployment, ask: Callable[[Deployment], Awaitable[list[tuple[float, float]]]]
) -> None:
    console.print(f"\n[bold]{name}[/bold]")
    time.sleep(5)
    console.print(f"idle: {memory(deployment)}")
    answered, learned = zip(*asyncio.run(ask(deployment)), strict=True)
    for what, took in (("vote answered", answered), ("vote learned", learned)):
        p95 = statistics.quantiles(took, n=20)[-1]
        console.print(f"{what}: median {statistics.median(took):.1f} ms, p95 {p95:.1f} ms, of {len(took)}")


def main() -> None:
    with ExitStack() as stack:
        home = stack.enter_context(new_home())
        with standalone(home, UNBOUND) as deployment:
            report("standalone", deployment, vote_to_learned)
        broker = new_broker()
        stack.callback(broker.stop)
        deployment = stack.enter_context(distributed(stack.enter_context(new_home()), broker, UNBOUND))
        report("six processes over RabbitMQ", deployment, vote_to_learned)
        if isinstance(broker, NativeBroker):
            console.print(f"RabbitMQ: {proportional(broker.pids()):.0f} MiB")
        deployment.command("demo")
        table = Table("week document", "connections", "requests/s", "p50 ms", "p99 ms")
        for connections in (1, 32):
            for arm, rate, p50, p99 in asyncio.run(gateway_cost(deployment, connections)):
                table.add_row(arm, str(connections), f"{rate:.0f}", f"{p50:.2f}", f"{p99:.2f}")
        for arm, rate, p50, p99 in asyncio.run(beside_one_that_hangs(deployment)):
            table.add_row(f"the catalogue {arm}", "8", f"{rate:.0f}", f"{p50:.2f}", f"{p99:.2f}")
        console.print(table)


if __name__ == "__main__":
    main()
