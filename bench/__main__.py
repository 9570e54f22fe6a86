"""`python -m bench`: every line, as a table and as `bench.json`. QUICK=1 takes a small history and fewer turns."""

import asyncio
import os
from pathlib import Path

from tests.homes import new_home
from tests.system.deployments import UNBOUND, standalone

from bench import listening
from bench.lines import report

SIZES, FEW = (0, 1_000_000, 10_000_000), (0, 100_000)


def main() -> None:
    quick = os.environ.get("QUICK") == "1"
    sizes, pairs = (FEW, 1) if quick else (SIZES, 5)
    with new_home() as home, standalone(home, UNBOUND) as deployment:
        lines = asyncio.run(listening.measure(deployment, sizes, pairs))
    report(lines, Path("bench.json"))


main()
