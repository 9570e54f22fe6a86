"""What the gateway costs: the week document through it, beside the same request straight to the service."""

import statistics
from contextlib import ExitStack

from tests.brokers import new_broker
from tests.homes import new_home
from tests.system.deployments import UNBOUND, Deployment, distributed

from bench.lines import WARM_UP, Line, at_least, at_most, told
from bench.measure import load, served, tied_week
from chassis.settings import Settings
from chassis.tokens import Tokens

CONNECTIONS = (1, 32)
DURABLE: dict[str, str] = {}
Run = tuple[float, list[float]]


class Door:
    """A deployment whose week document is asked for on both sides of the gateway."""

    def __init__(self, deployment: Deployment, path: str) -> None:
        self.direct = f"http://127.0.0.1:{deployment.parts['club'][1][-1]}"
        signing = Settings(signing_key=deployment.keys.signing["gateway"][0])
        inside = Tokens("gateway", signing).mint("club", "bot", "bot", ["club:write"])
        self._arms = (
            (deployment.url + path, deployment.bot),
            (self.direct + path, {"Authorization": f"Bearer {inside}"}),
        )

    async def pair(self, connections: int, seconds: float) -> tuple[Run, Run]:
        """Through the gateway, then straight; each request reaches the service once."""
        through, straight = [await self._run(*arm, connections, seconds) for arm in self._arms]
        return through, straight

    async def _run(self, url: str, headers: dict[str, str], connections: int, seconds: float) -> Run:
        before = await served(self.direct)
        rate, took = await load(url, headers, connections, seconds)
        assert await served(self.direct) - before == len(took), "A request was lost, or asked twice."
        return rate, took


async def line(door: Door, connections: int, pairs: int, seconds: float) -> Line:
    """Throughput of both; of latency, what is added at the median and how many times as long the slowest take."""
    name, goals = (
        f"week document through the gateway, {connections} connections",
        [at_least(0.6), at_most(2, "p99 ratio")],
    )
    if connections == 1:
        goals.append(at_most(0.3, "added p50 ms"))
    try:
        found = [await door.pair(connections, seconds) for _ in range(pairs + WARM_UP)][WARM_UP:]
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


async def measure(pairs: int, *, quick: bool = False) -> list[Line]:
    """Six processes over RabbitMQ, on a PostgreSQL that keeps its promises."""
    with ExitStack() as stack:
        broker = new_broker()
        stack.callback(broker.stop)
        home = stack.enter_context(new_home())
        deployment = stack.enter_context(distributed(home, broker, UNBOUND, DURABLE))
        deployment.command("demo")
        door = Door(deployment, await tied_week(deployment))
        return [await line(door, each, pairs, 1.0 if quick else 3.0) for each in CONNECTIONS]
