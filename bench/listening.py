"""What listening takes in a second, and how soon it sums up: empty, and with ten years of listening in it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

import asyncpg
from tests.system.deployments import Deployment

from bench.generator import MOST_OF_ONE, PEOPLE, Heard, history, music, sessions
from bench.lines import Arm, Line, at_least, at_most, beside, latencies, told
from bench.shelves import fill, stage
from bench.turns import TURN, Listening
from standalone.postgres import find_running


async def rates(listening: Listening, filled: str, pairs: int) -> list[Line]:
    """What comes in, beside bare inserts of the same shape."""

    def arms(batch: int, **how: bool) -> tuple[Arm, Arm]:
        return lambda: listening.rate(batch, **how), lambda: listening.raw_rate(
            batch, scattered=how.get("scattered", False)
        )

    raw = "bare INSERT"
    lines = []
    for batch in TURN:
        ours, bare = arms(batch)
        lines.append(
            await beside(
                f"{batch} a batch, {filled}",
                "listens/s",
                ours,
                bare,
                raw,
                pairs=pairs,
                goals=[at_least(0.35)] if batch == 1000 else [],
            )
        )
    ours, bare = arms(1000, ready=True)
    lines.append(
        await beside(f"1000 a batch, by id, {filled}", "listens/s", ours, bare, raw, goals=[at_least(0.5)], pairs=pairs)
    )
    ours, bare = arms(1000, scattered=True)
    lines.append(await beside(f"1000 a batch, of everybody, {filled}", "listens/s", ours, bare, raw, pairs=pairs))
    return lines


async def measure(
    deployment: Deployment, sizes: Sequence[int], pairs: int
) -> tuple[list[Line], dict[str, list[tuple[float, float]]]]:
    """All lines, at each of the sizes; and by name, how many were there and what was measured."""
    database = await asyncpg.connect(find_running(deployment.home))
    people = await stage(database, deployment, music())
    listening, lines, there = Listening(deployment, database, people), [], 0
    grown: dict[str, list[tuple[float, float]]] = {}
    for size in sizes:
        if size > there:
            there = await fill(database, _made(listening, there, size))
        filled = f"{there:,} there"
        for line in await rates(listening, filled, pairs):
            lines.append(line)
            grown.setdefault(line.name.removesuffix(f", {filled}"), []).append((there, line.ours))
        if there:
            took = await listening.summaries(200)
            name = f"summary of {MOST_OF_ONE:,} plays right after a write, {filled}"
            line = latencies(name, took, [at_most(10, "p50")])
            joined = latencies(f"the same by a plain join, {filled}", await listening.joined(10))
            lines += [line, joined]
            grown.setdefault("summary", []).append((there, line.ours))
            grown.setdefault("summary by a plain join", []).append((there, joined.ours))
    lines += _growths(grown)
    line = await beside(
        "import of a file",
        "listens/s",
        listening.imported_rate,
        listening.copied_rate,
        "COPY",
        pairs=min(pairs, 3),
    )
    await database.close()
    return [*lines, line], grown


def _made(listening: Listening, there: int, size: int) -> Iterator[Heard]:
    """What is to be there besides."""
    if not there:
        return history(listening.tracks, size, seed=size)
    since, others = datetime(2016, 1, 1, tzinfo=UTC), range(1, PEOPLE)
    return sessions(listening.tracks, size - there, size, since, 3652, by=others)


def _growths(grown: Mapping[str, Sequence[tuple[float, float]]]) -> list[Line]:
    """What came in with most there, beside what came in with the least but some: one after the other, not by turns."""
    lines = []
    for name, least in (("1000 a batch", 0.9), ("1000 a batch, of everybody", 0.7)):
        some = [point for point in grown[name] if point[0]]
        if len(some) > 1:
            (few, before), (many, after) = some[0], some[-1]
            called, few_there = f"growth: {name}, {many:,} there", f"{few:,} there"
            goals, ratios = [at_least(least)], [after / before]
            lines.append(told(Line(called, "listens/s", after, before, few_there, ratios, goals)))
    return lines
