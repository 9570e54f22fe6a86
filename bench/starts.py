"""How soon a system answers after its start, and what six idle processes hold in memory."""

import time

from tests.system.deployments import Deployment

from bench.deployed import Places
from bench.lines import PAIRS, WARM_UP, Line, at_most, told
from bench.measure import proportional

IDLE = 5


def again(deployment: Deployment) -> list[float]:
    """Seconds from the start of what has been stopped to a healthy answer; once more than is counted."""
    took = []
    for _ in range(PAIRS + WARM_UP):
        deployment.stop()
        started = time.perf_counter()
        deployment.start()
        took.append(time.perf_counter() - started)
    return sorted(took[WARM_UP:])


def started(name: str, took: list[float], within: float) -> Line:
    detail = {"slowest": took[-1], "of": len(took)}
    return told(Line(name, "s", took[len(took) // 2], goals=[at_most(within, "median")], detail=detail))


def held(deployment: Deployment) -> Line:
    """MiB of the six, without PostgreSQL and RabbitMQ, what they share counted in parts."""
    parts = {name: proportional([each.process.pid]) for name, each in deployment.processes.items()}
    goals = [at_most(450, "median")]
    return told(Line("memory of six idle processes", "MiB", sum(parts.values()), goals=goals, detail=parts))


def measure(places: Places) -> list[Line]:
    """`sidetrack up` on a home that is there, and six processes over RabbitMQ."""
    with places.one() as deployment:
        lines = [started("sidetrack up to a healthy answer", again(deployment), 2)]
    with places.six() as deployment:
        lines.append(started("six processes to ready", again(deployment), 6))
        time.sleep(IDLE)
        return [*lines, held(deployment)]
