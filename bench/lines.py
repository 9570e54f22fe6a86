"""Two arms beside each other: they take turns, and what counts is the ratio of each pair."""

import json
import statistics
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from subprocess import SubprocessError
from typing import NamedTuple

from aiohttp import ClientError
from rich.console import Console
from rich.table import Table

from bench.quick import QUICK

PAIRS, WARM_UP = (1, 0) if QUICK else (5, 1)
console = Console(width=170)
# Every line, in the order in which they were told: a part that breaks has told some.
TOLD: list["Line"] = []
Arm = Callable[[], Awaitable[float]]


class Goal(NamedTuple):
    """How large, or how small, one of a line's figures should be: its `ratio`, its `median`, or a detail by name."""

    figure: str
    bound: float
    at_least: bool

    def met_by(self, figure: float) -> bool:
        return figure >= self.bound if self.at_least else figure <= self.bound

    def __str__(self) -> str:
        return f"{self.figure} {'≥' if self.at_least else '≤'} {self.bound:g}"


def at_least(bound: float, figure: str = "ratio") -> Goal:
    return Goal(figure, bound, at_least=True)


def at_most(bound: float, figure: str = "ratio") -> Goal:
    return Goal(figure, bound, at_least=False)


@dataclass(frozen=True)
class Line:
    """What was measured: of both arms the median, of each pair the ratio, and what it was hoped to be.

    `wrong` says why the figures count for nothing: what should have been there afterwards was not.
    """

    name: str
    unit: str
    ours: float
    other: float | None = None
    against: str = ""
    ratios: Sequence[float] = ()
    goals: Sequence[Goal] = ()
    detail: dict[str, float] = field(default_factory=dict)
    wrong: str = ""

    @property
    def ratio(self) -> float | None:
        return statistics.median(self.ratios) if self.ratios else None

    @property
    def worst(self) -> float | None:
        """The worst pair: the highest ratio, where a low one is hoped for."""
        if not self.ratios:
            return None
        low = any(goal.figure == "ratio" and not goal.at_least for goal in self.goals)
        return max(self.ratios) if low else min(self.ratios)

    @property
    def figures(self) -> dict[str, float]:
        return {"median": self.ours, **({} if self.ratio is None else {"ratio": self.ratio}), **self.detail}

    @property
    def missed(self) -> list[Goal]:
        return [goal for goal in self.goals if self.wrong or not goal.met_by(self.figures[goal.figure])]


async def beside(
    name: str,
    unit: str,
    ours: Arm,
    other: Arm,
    against: str,
    *,
    goals: Sequence[Goal] = (),
    pairs: int = PAIRS,
    warm_up: int = WARM_UP,
    inverse: bool = False,
) -> Line:
    """Both arms by turns, a pair more than is counted: the first warms up.

    A ratio is ours to theirs; `inverse` turns it around, for times to be told as "so many times as fast". An arm raises
    AssertionError when what it brought is not there; then, as when it is not answered, the line is a failed one.
    """
    found: list[tuple[float, float]] = []
    try:
        found = [(await ours(), await other()) for _ in range(pairs + warm_up)][warm_up:]
    except (AssertionError, OSError, ClientError, SubprocessError) as error:
        # One line has failed; the others are still worth their time.
        return told(Line(name, unit, 0.0, against=against, goals=goals, wrong=str(error) or repr(error)))
    return told(
        Line(
            name,
            unit,
            statistics.median(mine for mine, _ in found),
            statistics.median(theirs for _, theirs in found),
            against,
            [theirs / mine if inverse else mine / theirs for mine, theirs in found],
            goals,
        )
    )


def latencies(name: str, took: Sequence[float], goals: Sequence[Goal] = ()) -> Line:
    """Milliseconds; the median, and how the slower ones are."""
    return told(Line(name, "ms", statistics.median(took), goals=goals, detail=slower(took)))


def slower(took: Sequence[float]) -> dict[str, float]:
    cuts = statistics.quantiles(took, n=100)
    return {"p50": statistics.median(took), "p95": cuts[94], "p99": cuts[98], "of": len(took)}


def told(line: Line) -> Line:
    """Said as it comes, since a whole run takes long."""
    said = f"{line.name}: {line.ours:,.4g} {line.unit}"
    if line.ratios:
        said += f"; {line.against} {line.other:,.4g}; ratio {line.ratio:.3g}, worst {line.worst:.3g}"
    said += "".join(f"; {name} {value:,.4g}" for name, value in line.detail.items())
    said += f"; WRONG: {line.wrong}" if line.wrong else ""
    console.print(said, highlight=False)
    TOLD.append(line)
    return line


def report(lines: Sequence[Line], file: Path) -> None:
    """A table for whoever looks on, and a file for whoever compares."""
    table = Table("line", "ours", "beside", "ratio", "worst pair", "goal", "met")
    for line in lines:
        table.add_row(line.name, *_cells(line))
    console.print(table)
    file.write_text(json.dumps([_document(line) for line in lines], indent=2) + "\n")


def as_markdown(lines: Sequence[Line]) -> str:
    rows = [
        "| line | ours | beside | ratio | worst pair | goal | met |",
        "|---|---|---|---|---|---|---|",
        *(f"| {' | '.join((line.name, *_cells(line)))} |" for line in lines),
    ]
    return "\n".join(rows) + "\n"


def _cells(line: Line) -> tuple[str, ...]:
    ratio, worst = (f"{line.ratio:.3g}", f"{line.worst:.3g}") if line.ratios else ("", "")
    detail = "".join(f", {name} {value:,.3g}" for name, value in line.detail.items())
    met = "" if not line.goals else "no" if line.missed else "yes"
    return (
        line.wrong or f"{line.ours:,.4g} {line.unit}{detail}",
        f"{line.against}: {line.other:,.4g}" if line.other is not None else line.against,
        ratio,
        worst,
        ", ".join(map(str, line.goals)),
        met,
    )


def _document(line: Line) -> dict[str, object]:
    spread = {"ratio": line.ratio, "worst": line.worst, "goals": [str(goal) for goal in line.goals]}
    return asdict(line) | spread | {"missed": [str(goal) for goal in line.missed]}
