"""Two arms beside each other: they take turns, and what counts is the ratio of each pair."""

import json
import statistics
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

PAIRS, WARM_UP = 5, 1
console = Console(width=150)
Arm = Callable[[], Awaitable[float]]


@dataclass(frozen=True)
class Line:
    """What was measured: of both arms the median, and each pair's ratio. `goal` is the least the ratio should be."""

    name: str
    unit: str
    ours: float
    other: float | None = None
    against: str = ""
    ratios: Sequence[float] = ()
    goal: float | None = None
    detail: dict[str, float] = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        return statistics.median(self.ratios) if self.ratios else None


async def beside(
    name: str, unit: str, ours: Arm, other: Arm, against: str, *, goal: float | None = None, pairs: int = PAIRS
) -> Line:
    """Both arms by turns, a pair more than is counted: the first warms up. More of the unit is better."""
    found = [(await ours(), await other()) for _ in range(pairs + WARM_UP)][WARM_UP:]
    line = Line(
        name,
        unit,
        statistics.median(mine for mine, _ in found),
        statistics.median(theirs for _, theirs in found),
        against,
        [mine / theirs for mine, theirs in found],
        goal,
    )
    show(line)
    return line


def latencies(name: str, took: Sequence[float]) -> Line:
    """Milliseconds; the median, and how the slower ones are."""
    cuts = statistics.quantiles(took, n=100)
    line = Line(name, "ms", statistics.median(took), detail={"p95": cuts[94], "p99": cuts[98], "of": len(took)})
    show(line)
    return line


def show(line: Line) -> None:
    """As it comes, since a whole run takes long."""
    told = f"{line.name}: {line.ours:,.4g} {line.unit}"
    if line.ratios:
        told += f"; {line.against} {line.other:,.4g}; ratio {line.ratio:.3g}, worst {min(line.ratios):.3g}"
    told += "".join(f"; {name} {value:,.4g}" for name, value in line.detail.items())
    console.print(told, highlight=False)


def report(lines: Sequence[Line], file: Path) -> None:
    """A table for whoever looks on, and a file for whoever compares."""
    table = Table("line", "ours", "beside", "ratio", "worst pair", "goal")
    for line in lines:
        ratio, worst = (f"{line.ratio:.3g}", f"{min(line.ratios):.3g}") if line.ratios else ("", "")
        detail = "".join(f", {name} {value:,.3g}" for name, value in line.detail.items())
        other = f"{line.against}: {line.other:,.4g}" if line.other is not None else ""
        goal = "" if line.goal is None else f"≥ {line.goal:g}"
        table.add_row(line.name, f"{line.ours:,.4g} {line.unit}{detail}", other, ratio, worst, goal)
    console.print(table)
    file.write_text(json.dumps([asdict(line) | {"ratio": line.ratio} for line in lines], indent=2) + "\n")
