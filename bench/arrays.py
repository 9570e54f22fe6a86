"""How alike people are as whoever has numpy would compute it: everything in memory, nothing rounded."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from taste.compatibility.measured import FAR, FAR_IN_TEMPO, HALF_SHRUNK, WEIGHTS
from taste.matching.rules import Matchable
from taste.matching.stacks import AXES

Matrix = NDArray[np.float64]


class Arrays:
    """People: a row each, a column for whatever anybody has."""

    def __init__(self, people: Sequence[Matchable]) -> None:
        self.artists = _rows([each.prepared.artists for each in people])
        self.genres = _rows([each.prepared.genres for each in people])
        self.families = _rows([each.prepared.families for each in people])
        self.decades = _rows([each.prepared.decades for each in people])
        mood = [[each.prepared.mood.get(axis) for axis in AXES] for each in people]
        self.mood = np.array([[axis.value if axis else 0.0 for axis in each] for each in mood])
        self.sure = np.array([[axis.confidence if axis else 0.0 for axis in each] for each in mood])
        self.has = (self.artists > 0).astype(np.float64)

    def scores(self, first: int, last: int) -> Matrix:
        """Of some, beside everybody: points, by the same formula, of people who have every part but ratings."""
        size = self.has[first:last] @ self.has.T
        shared = self.artists[first:last] @ self.has.T + self.has[first:last] @ self.artists.T
        half = HALF_SHRUNK["artists"]
        artists = shared / 2 * (1 - half / (size + half) * (1 - shared / 2))
        parts = {
            "artists": artists,
            "genres": (_alike(self.genres, first, last) + _alike(self.families, first, last)) / 2,
            "mood": self._moods(first, last),
            "decades": _alike(self.decades, first, last),
        }
        weighed = sum(WEIGHTS[name] for name in WEIGHTS if name in parts)
        points: Matrix = sum(100 * WEIGHTS[name] / weighed * parts[name] for name in WEIGHTS if name in parts)
        return points

    def _moods(self, first: int, last: int) -> Matrix:
        far = np.array([FAR_IN_TEMPO if axis == "tempo" else FAR for axis in AXES])
        found = []
        for each in range(first, last):
            sure = np.minimum(self.sure, self.sure[each])
            alike = 1 - np.minimum(1, np.abs(self.mood - self.mood[each]) / far)
            found.append((alike * sure).sum(axis=1) / sure.sum(axis=1))
        return np.array(found)


def _rows(parts: Sequence[Mapping[str, float]]) -> Matrix:
    columns = {thing: at for at, thing in enumerate(sorted({thing for each in parts for thing in each}))}
    rows = np.zeros((len(parts), max(1, len(columns))))
    for row, each in zip(rows, parts, strict=True):
        for thing, amount in each.items():
            row[columns[thing]] = amount
    return rows


def _alike(rows: Matrix, first: int, last: int) -> Matrix:
    found = []
    for p in rows[first:last]:
        both = (p > 0) & (rows > 0)
        q = np.where(both, rows, 1.0)
        mine = np.where(both, p, 1.0)
        told = np.where(both, mine * np.log2(mine / (mine + q)) + q * np.log2(q / (mine + q)), 0).sum(axis=1)
        found.append(1 - np.sqrt(np.clip(1 + told / 2, 0, 1)))
    return np.array(found)
