"""How soon a system answers after its start, and what six idle processes hold in memory."""

import asyncio
import time

from tests.system.deployments import Deployment

from bench.deployed import one, six
from bench.lines import Line, at_most, told
from bench.measure import proportional

IDLE = 5


def again(deployment: Deployment, times: int) -> list[float]:
    """Seconds from the start of what has been stopped to a healthy answer; once more than is counted."""
    took = []
    for _ in range(times + 1):
        deployment.stop()
        started = time.perf_counter()
        deployment.start()
        took.append(time.perf_counter() - started)
    return sorted(took[1:])


def started(name: str, took: list[float], within: float) -> Line:
    detail = {"slowest": took[-1], "of": len(took)}
    return told(Line(name, "s", took[len(took) // 2], goals=[at_most(within, "median")], detail=detail))


def held(deployment: Deployment) -> Line:
    """MiB of the six, without PostgreSQL and RabbitMQ, what they share counted in parts."""
    parts = {name: proportional([each.process.pid]) for name, each in deployment.processes.items()}
    goals = [at_most(450, "median")]
    return told(Line("memory of six idle processes", "MiB", sum(parts.values()), goals=goals, detail=parts))


async def measure(pairs: int, *, quick: bool = False) -> list[Line]:
    """`sidetrack up` on a home that is there, and six processes over RabbitMQ."""
    times = 1 if quick else pairs
    with one() as deployment:
        lines = [started("sidetrack up to a healthy answer", again(deployment, times), 2)]
    with six() as deployment:
        lines.append(started("six processes to ready", again(deployment, times), 6))
        await asyncio.sleep(IDLE)
        return [*lines, held(deployment)]
