"""`python -m bench [part…]`: every line, or those of some parts, as a table, as `bench.json` and as pictures in docs.

QUICK=1 takes small histories and one pair of turns, and draws nothing.
"""

import asyncio
import os
import sys
import time
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Any

from tests.system.deployments import Deployment

from bench import catalogue, gateway, listening, maloja, outbox, starts, tastes, votes
from bench.deployed import DURABLE, one, six
from bench.lines import PAIRS, Line, as_markdown, console, report
from bench.seasons import FEW_YEARS, MANY_YEARS, bring
from bench.votes import rest

SIZES, FEW = (0, 1_000_000, 10_000_000), (0, 100_000)
PICTURES = Path("docs") / "pictures"
Measured = list[Line]


def _listening(pairs: int, *, quick: bool) -> Measured:
    with one() as deployment:
        lines, grown = asyncio.run(listening.measure(deployment, FEW if quick else SIZES, pairs))
    if not quick:
        from bench.pictures import growth

        growth(grown, PICTURES)
    return lines


def _by_one(measure: Callable[..., Coroutine[Any, Any, Measured]], pairs: int, *, quick: bool) -> Measured:
    with one() as deployment:
        return asyncio.run(measure(deployment, pairs, quick=quick))


def _club(pairs: int, *, quick: bool) -> Measured:
    """Six processes over RabbitMQ, on a PostgreSQL that also tells when it commits."""
    with six(DURABLE | {"track_commit_timestamp": "on"}) as deployment:
        lines, series = asyncio.run(_of_years(deployment, pairs, quick=quick))
    if not quick:
        from bench.pictures import latencies

        latencies(series, PICTURES)
    return lines


async def _of_years(
    deployment: Deployment, pairs: int, *, quick: bool
) -> tuple[Measured, dict[int, list[tuple[float, float]]]]:
    await bring(deployment, *(FEW_YEARS if quick else MANY_YEARS))
    await rest(deployment)
    read = await gateway.measure(deployment, pairs, quick=quick)
    voted, series = await votes.measure(deployment, quick=quick)
    return read + voted, series


PARTS: dict[str, Callable[..., Measured]] = {
    "listening": _listening,
    "catalogue": partial(_by_one, catalogue.measure),
    "tastes": partial(_by_one, tastes.measure),
    "club": _club,
    "outbox": outbox.measure,
    "maloja": partial(_by_one, maloja.measure),
    "starts": lambda pairs, *, quick: asyncio.run(starts.measure(pairs, quick=quick)),
}


def main(asked: list[str]) -> None:
    quick = os.environ.get("QUICK") == "1"
    measure = {name: partial(part, 1 if quick else PAIRS, quick=quick) for name, part in PARTS.items()}
    lines, begun = [], time.monotonic()
    for name in asked or PARTS:
        lines += measure[name]()
        console.print(f"{name}: done after {(time.monotonic() - begun) / 60:.1f} minutes", highlight=False)
    report(lines, Path("bench.json"))
    console.print(as_markdown(lines), highlight=False, soft_wrap=True)


main(sys.argv[1:])
