"""What listening takes in a second, and how soon it sums up: empty, and with ten years of listening in it."""

import statistics
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple

import asyncpg
from tests.system.deployments import Deployment

from bench.generator import MOST_OF_ONE, PEOPLE, Heard, history, music, sessions
from bench.lines import Goal, Line, at_least, at_most, beside, slower, told
from bench.quick import QUICK
from bench.shelves import fill, stage
from bench.turns import Listening
from standalone.postgres import find_running


class Kind(NamedTuple):
    """A way in which listens come: a person a batch, or everybody's in each; by names, or by ids that are ready."""

    name: str
    goals: list[Goal]
    scattered: bool = False
    ready: bool = False

    async def line(self, listening: Listening, filled: str) -> Line:
        """Beside bare inserts of the same shape."""
        arms = (
            partial(listening.rate, scattered=self.scattered, ready=self.ready),
            partial(listening.raw_rate, scattered=self.scattered),
        )
        named = f"{self.name}, {filled}"
        return await beside(named, "listens/s", *arms, "bare INSERT", goals=self.goals)


IMPORTED = Kind("1000 a batch", [at_least(0.35)])
SCATTERED = Kind("1000 a batch, of everybody", [], scattered=True)
SUMMARIES = 20 if QUICK else 60
SIZES = (0, 20_000) if QUICK else (0, 1_000_000, 10_000_000)
READY = Kind("1000 a batch, by id", [at_least(0.5)], ready=True)


async def measure(deployment: Deployment) -> tuple[list[Line], dict[str, list[tuple[float, float]]]]:
    """All lines, at each of the sizes; and by name, how many were there and what was measured."""
    database = await asyncpg.connect(find_running(deployment.home))
    people = await stage(database, deployment, music())
    listening, lines, there = Listening(deployment, database, people), [], 0
    grown: dict[str, list[tuple[float, float]]] = {}
    for place, size in enumerate(SIZES):
        if size > there:
            there = await fill(find_running(deployment.home), _made(listening, there, size))
        filled = f"{there:,} there"
        # The second size is what the growth is told from; ids are looked up or not, whatever is there.
        kinds = [IMPORTED, *([SCATTERED] if place else []), *([READY] if place == 1 else [])]
        if there:
            # Before anything else comes in: else the profiles of all who were heard from are being drawn meanwhile.
            took = await listening.summaries(SUMMARIES)
            name = f"summary of {MOST_OF_ONE:,} plays right after a write, {filled}"
            joined = await listening.joined(10)
            line = _summary(name, took, joined)
            lines.append(line)
            grown.setdefault("summary", []).append((there, line.ours))
            grown.setdefault("summary by a plain join", []).append((there, statistics.median(joined)))
        for kind in kinds:
            line = await kind.line(listening, filled)
            lines.append(line)
            grown.setdefault(line.name.removesuffix(f", {filled}"), []).append((there, line.ours))
    lines += _growths(grown)
    await database.close()
    return lines, grown


def _summary(name: str, took: Sequence[float], joined: Sequence[float]) -> Line:
    """Over HTTP, beside the statements alone that join all plays: how many times as fast."""
    ours, other = statistics.median(took), statistics.median(joined)
    ratios = [each / ours for each in joined]
    goals = [at_least(20), at_most(10, "p50")]
    return told(Line(name, "ms", ours, other, "a plain join", ratios, goals, slower(took)))


def _made(listening: Listening, there: int, size: int) -> Iterator[Heard]:
    """What is to be there besides."""
    if not there:
        return history(listening.tracks, size, seed=size)
    since, others = datetime(2016, 1, 1, tzinfo=UTC), range(1, PEOPLE)
    return sessions(listening.tracks, size - there, size, since, 3652, by=others)


def _growths(grown: Mapping[str, Sequence[tuple[float, float]]]) -> list[Line]:
    """What came in with most there, beside what came in with the least but some: one after the other, not by turns."""
    lines = []
    for name, least in ((IMPORTED.name, 0.9), (SCATTERED.name, 0.7)):
        some = [point for point in grown[name] if point[0]]
        if len(some) > 1:
            (few, before), (many, after) = some[0], some[-1]
            called, few_there = f"growth: {name}, {many:,} there", f"{few:,} there"
            goals, ratios = [at_least(least)], [after / before]
            lines.append(told(Line(called, "listens/s", after, before, few_there, ratios, goals)))
    return lines
