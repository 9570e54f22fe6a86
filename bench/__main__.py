"""`python -m bench [part…]`: every line, or those of some parts, as a table, as `bench.json` and as pictures in docs.

QUICK=1 takes small histories and one pair of turns, and draws nothing.
"""

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Any

from bench import catalogue, gateway, listening, maloja, outbox, starts, tastes, votes
from bench.deployed import one
from bench.lines import PAIRS, Line, as_markdown, console, report

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


def _votes(_: int, *, quick: bool) -> Measured:
    lines, series = asyncio.run(votes.measure(quick=quick))
    if not quick:
        from bench.pictures import latencies

        latencies(series, PICTURES)
    return lines


PARTS: dict[str, Callable[..., Measured]] = {
    "listening": _listening,
    "catalogue": partial(_by_one, catalogue.measure),
    "tastes": partial(_by_one, tastes.measure),
    "votes": _votes,
    "outbox": outbox.measure,
    "gateway": lambda pairs, *, quick: asyncio.run(gateway.measure(pairs, quick=quick)),
    "maloja": partial(_by_one, maloja.measure),
    "starts": lambda pairs, *, quick: asyncio.run(starts.measure(pairs, quick=quick)),
}


def main(asked: list[str]) -> None:
    quick = os.environ.get("QUICK") == "1"
    measure = {name: partial(part, 1 if quick else PAIRS, quick=quick) for name, part in PARTS.items()}
    lines = [line for name in asked or PARTS for line in measure[name]()]
    report(lines, Path("bench.json"))
    console.print(as_markdown(lines), highlight=False, soft_wrap=True)


main(sys.argv[1:])
