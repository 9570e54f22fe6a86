"""What a table does not show: how figures grow with what is there, and how they go on in time."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
from matplotlib import pyplot as plt

Point = tuple[float, float]


def growth(grown: Mapping[str, Sequence[Point]], folder: Path) -> None:
    """Of each name, how many listens were there and what was measured: rates on the left, latencies on the right."""
    figure, (rates, summaries) = plt.subplots(1, 2, figsize=(11, 4))
    for name, points in grown.items():
        axes = summaries if name.startswith("summary") else rates
        axes.plot([there / 1e6 for there, _ in points], [each for _, each in points], marker="o", label=name)
    for axes, unit in ((rates, "listens a second"), (summaries, "milliseconds")):
        axes.set(xlabel="millions of listens there", ylabel=unit, ylim=(0, None))
        axes.legend()
        axes.grid(alpha=0.3)
    _save(figure, folder / "growth.png")


def latencies(series: Mapping[int, Sequence[Point]], folder: Path) -> None:
    """Of each rate, the second in which a vote was answered and the milliseconds until it was learned."""
    figure, rows = plt.subplots(len(series), 1, figsize=(11, 3 * len(series)), squeeze=False)
    for (axes,), (rate, points) in zip(rows, series.items(), strict=True):
        axes.scatter([second for second, _ in points], [each for _, each in points], s=2, alpha=0.4)
        axes.set(title=f"{rate} votes a second wanted", xlabel="seconds", ylabel="milliseconds until learned")
        axes.set_yscale("symlog", linthresh=1)
        axes.grid(alpha=0.3)
    _save(figure, folder / "votes.png")


def _save(figure: plt.Figure, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.tight_layout()
    figure.savefig(file, dpi=110, metadata={"Software": None})
    plt.close(figure)
