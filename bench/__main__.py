"""`python -m bench [part…]`: every line, or those of some parts, as a table, as `bench.json` and as pictures in docs.

QUICK=1 takes small histories and one pair of turns, all in the same two places, and draws nothing.
"""

import asyncio
import sys
import time
from collections.abc import Callable, Coroutine
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

from tests.system.deployments import Deployment

from bench import catalogue, gateway, listening, outbox, scrobbles, starts, tastes, votes
from bench.deployed import Places
from bench.lines import TOLD, Line, as_markdown, console, report
from bench.quick import QUICK
from bench.seasons import bring

PICTURES = Path("docs") / "pictures"
Measured = list[Line]


def _listening(places: Places) -> Measured:
    with places.one() as deployment:
        lines, grown = asyncio.run(listening.measure(deployment))
    if not QUICK:
        from bench.pictures import growth

        growth(grown, PICTURES)
    return lines


def _by_one(measure: Callable[[Deployment], Coroutine[Any, Any, Measured]], places: Places) -> Measured:
    with places.one() as deployment:
        return asyncio.run(measure(deployment))


def _club(places: Places) -> Measured:
    with places.six() as deployment:
        lines, series = asyncio.run(_of_years(deployment))
    if not QUICK:
        from bench.pictures import latencies

        latencies(series, PICTURES)
    return lines


async def _of_years(deployment: Deployment) -> tuple[Measured, dict[int, list[tuple[float, float]]]]:
    await bring(deployment)
    await votes.rest(deployment)
    read = await gateway.measure(deployment)
    voted, series = await votes.measure(deployment)
    return read + voted, series


PARTS: dict[str, Callable[[Places], Measured]] = {
    "listening": _listening,
    "catalogue": partial(_by_one, catalogue.measure),
    "tastes": partial(_by_one, tastes.measure),
    "club": _club,
    "outbox": lambda _: outbox.measure(),
    "maloja": partial(_by_one, scrobbles.measure),
    "starts": starts.measure,
}


def main(asked: list[str]) -> None:
    begun, broken = time.monotonic(), list[str]()
    try:
        with ExitStack() as stack:
            places = Places(stack if QUICK else None)
            for name in asked or PARTS:
                try:
                    PARTS[name](places)
                except Exception:  # noqa: BLE001 — whatever broke it, it is printed, and the run fails at its end
                    # The other parts are still worth their time.
                    console.print_exception()
                    broken.append(name)
                console.print(f"{name}: done after {(time.monotonic() - begun) / 60:.1f} minutes", highlight=False)
    finally:
        # What was measured is told, even if a part broke.
        report(TOLD, Path("bench.json"))
        console.print(as_markdown(TOLD), highlight=False, soft_wrap=True)
    if broken:
        sys.exit(f"Broken off: {', '.join(broken)}.")


main(sys.argv[1:])
