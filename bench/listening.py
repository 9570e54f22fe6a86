"""What listening takes in a second, and how soon it sums up: empty, and with ten years of listening in it."""

from collections.abc import Sequence
from datetime import UTC, datetime

import asyncpg
from tests.system.deployments import Deployment

from bench.generator import MOST_OF_ONE, PEOPLE, history, music, sessions
from bench.lines import Arm, Line, at_least, beside, latencies
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


async def measure(deployment: Deployment, sizes: Sequence[int], pairs: int) -> list[Line]:
    """All lines, at each of the sizes."""
    database = await asyncpg.connect(find_running(deployment.home))
    people = await stage(database, deployment, music())
    listening, lines, there = Listening(deployment, database, people), [], 0
    for size in sizes:
        if size > there:
            made = (
                history(listening.tracks, size - there, seed=size)
                if not there
                else sessions(
                    listening.tracks, size - there, size, datetime(2016, 1, 1, tzinfo=UTC), 3652, by=range(1, PEOPLE)
                )
            )
            there = await fill(database, made)
        filled = f"{there:,} there"
        lines += await rates(listening, filled, pairs)
        if there:
            took = await listening.summaries(200)
            lines.append(latencies(f"summary of {MOST_OF_ONE:,} plays right after a write, {filled}", took))
            joined = await listening.joined(10)
            lines.append(latencies(f"the same by a plain join, {filled}", joined))
    line = await beside(
        "import of a file",
        "listens/s",
        listening.imported_rate,
        listening.copied_rate,
        "COPY",
        pairs=min(pairs, 3),
    )
    await database.close()
    return [*lines, line]
