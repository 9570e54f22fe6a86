"""One beside thousands at once: by arrays, and yet to the last digit what each pair is by itself. No I/O here.

Arrays add in another order than `measure` does, and so may be wrong in the last of sixteen digits. Whatever comes so
near to where it would be rounded the other way that this could matter is measured again, as a pair.
"""

import math
from collections.abc import Mapping, Sequence
from itertools import starmap
from typing import NamedTuple

import numpy as np

from contracts.taste_compatibility import PartName
from taste.compatibility.measured import (
    BY_PROFILE,
    FAR,
    FAR_IN_TEMPO,
    HALF_SHRUNK,
    HALF_SURE,
    PLACES,
    TELLING,
    WEIGHTS,
    Measured,
)
from taste.matching.rules import NO_SCORE, Match, Matchable, match
from taste.matching.stacks import AXES, Beside, Numbers, Places, Stack, Stacks, Vector, Yes

FARS = np.array([FAR_IN_TEMPO if axis == "tempo" else FAR for axis in AXES])
# How near to the middle between two last digits a number is in doubt: a root makes 1e-8 of the last digit of a sum.
DOUBT = 2e-4
RATINGS = range(2, 11)
FEWEST_RANKED = 3
NOTHING = Measured(0.0, 0.0, 0)


class Part(NamedTuple):
    """As `Measured`, of each of many; where it is not `there`, there is no evidence. Some may be in doubt already."""

    there: Yes
    value: Numbers
    confidence: Numbers
    size: Numbers
    doubtful: Yes | bool = False


class Crowd:
    """Compares somebody with many."""

    def __init__(self) -> None:
        self._stacks = Stacks()

    def row_of(self, one: Matchable, others: Sequence[Matchable], among: Sequence[Matchable]) -> dict[int, Match]:
        """By seats, which ascend. `among` are many who are asked for again and again, the others among them."""
        whole = self._stacks.stacked(among)
        asked = np.flatnonzero(np.isin(whole.seats, [each.seat for each in others]) & (whole.seats != one.seat))
        # Whoever comes after the last of them need not be looked at: of pairs that are compared once, half.
        stack = whole.first(int(asked.max(initial=-1)) + 1)
        mine = self._stacks.vector(one)
        scores, confidences, doubtful = _whole(mine, stack, self._parts_of(mine, stack))
        for at in asked[doubtful[asked]].tolist():
            scores[at], confidences[at] = match(one, stack.among[at])
        order = asked[np.argsort(stack.seats[asked])]
        told = zip(scores[order].tolist(), confidences[order].tolist(), strict=True)
        return dict(zip(stack.seats[order].tolist(), starmap(Match, told), strict=True))

    def _parts_of(self, one: Vector, stack: Stack) -> dict[PartName, Part]:
        beside = self._stacks.beside
        families = _alike(beside(one.families, stack.families))
        return {
            "artists": _artists(beside(one.artists, stack.artists)),
            "genres": _genres(beside(one.genres, stack.genres), families, one, stack),
            "ratings": _ratings(beside(one.rated, stack.rated)),
            "mood": _mood(one, stack),
            "decades": _decades(beside(one.decades, stack.decades)),
        }


def _summed(beside: Beside, amounts: Numbers) -> Numbers:
    # Of nothing at all it would be whole numbers.
    return np.bincount(beside.whose, amounts, minlength=len(beside.has)).astype(np.float64)


def _artists(beside: Beside) -> Part:
    # The parts of either add up to 1.
    value = _summed(beside, beside.mine + beside.theirs) / 2
    return Part(beside.has, _shrunk("artists", value, beside.size), _sure("artists", beside.size), beside.size)


def _genres(genres: Beside, families: Numbers, one: Vector, stack: Stack) -> Part:
    value = (_alike(genres) + families) / 2
    return Part(genres.has, value, np.minimum(stack.coverage, one.of.prepared.coverage), genres.size)


def _decades(beside: Beside) -> Part:
    return Part(beside.has, _alike(beside), _sure("decades", beside.size), beside.size)


def _alike(beside: Beside) -> Numbers:
    """As `alike_parts`."""
    p, q = beside.mine, beside.theirs
    told = _summed(beside, p * np.log2(p / (p + q)) + q * np.log2(q / (p + q)))
    return 1 - np.sqrt(np.clip(1 + told / 2, 0, 1))


def _mood(one: Vector, stack: Stack) -> Part:
    sure = np.minimum(stack.sure, one.sure)
    alike = 1 - np.minimum(1, np.abs(stack.mood - one.mood) / FARS)
    known, weight = np.count_nonzero(sure, axis=1).astype(np.float64), sure.sum(axis=1)
    there = known > 0
    value = np.divide((alike * sure).sum(axis=1), weight, out=np.zeros_like(weight), where=there)
    return Part(there, value, np.divide(weight, known, out=np.zeros_like(weight), where=there), known)


def _ratings(beside: Beside) -> Part:
    size, least = beside.size, np.maximum(beside.size, 1)
    apart, in_doubt = _rounded(_summed(beside, np.abs(beside.mine - beside.theirs)) / least / 2, 2)
    correlation, ranked = _rank_correlation(beside)
    correlation, unsure = _rounded(correlation, 4)
    value = 1 - apart / 4
    value = np.where(ranked, (value + (correlation + 1) / 2) / 2, value)
    doubtful = (size > 0) & (in_doubt | (ranked & unsure))
    return Part(size > 0, _shrunk("ratings", value, size), _sure("ratings", size), size, doubtful)


def _rank_correlation(beside: Beside) -> tuple[Numbers, Yes]:
    """As `rank_correlation`, and where it says something."""
    first, second = _ranks(beside, beside.mine), _ranks(beside, beside.theirs)
    middle = ((beside.size + 1) / 2)[beside.whose]
    both = _summed(beside, (first - middle) * (second - middle))
    spread = _summed(beside, (first - middle) ** 2) * _summed(beside, (second - middle) ** 2)
    ranked = (beside.size >= FEWEST_RANKED) & (spread > 0)
    return np.divide(both, np.sqrt(spread), out=np.zeros_like(both), where=ranked), ranked


def _ranks(beside: Beside, halves: Numbers) -> Numbers:
    counts = np.array([_summed(beside, (halves == each).astype(np.float64)) for each in RATINGS])
    # Of each step: those below it, and half of those who share it.
    ranks = np.cumsum(counts, axis=0) - counts + (counts + 1) / 2
    found: Numbers = ranks[halves.astype(np.intp) - RATINGS[0], beside.whose]
    return found


def _whole(one: Vector, stack: Stack, parts: Mapping[PartName, Part]) -> tuple[Places, Places, Yes]:
    """Tenths of points, hundredths of confidence, and where either is in doubt."""
    telling = np.any([parts[name].there & (parts[name].size > 0) for name in TELLING], axis=0)
    weighed = np.sum([WEIGHTS[name] * part.there for name, part in parts.items()], axis=0)
    weighed = np.where(weighed > 0, weighed, 1)
    hundredths, sure, doubtful = [], np.zeros_like(weighed), np.zeros(len(weighed), bool)
    for name, part in parts.items():
        points, unsure = _rounded(100 * WEIGHTS[name] / weighed * part.value, 2)
        confidence, in_doubt = _rounded(part.confidence, PLACES)
        again = telling & part.there & (unsure | in_doubt)
        if name == "ratings":
            doubtful |= part.doubtful | again
        else:
            for at in np.flatnonzero(again).tolist():
                points[at], confidence[at] = _measured(name, one, stack.people[at], parts, at)
        hundredths.append(np.where(part.there, np.rint(points * 100), 0).astype(np.intp))
        sure += np.where(part.there, WEIGHTS[name] * confidence, 0)
    confidence, unsure = _rounded(sure, 2)
    scores = np.where(telling, _tenths(np.array(hundredths)), NO_SCORE)
    confidences = np.where(telling, np.rint(confidence * 100), 0).astype(np.intp)
    return scores, confidences, telling & (doubtful | unsure)


def _measured(
    name: PartName, one: Vector, other: Vector, parts: Mapping[PartName, Part], at: int
) -> tuple[float, float]:
    """The points and the confidence of one part, as a pair has them."""
    found = BY_PROFILE[name](one.of.prepared, other.of.prepared) or NOTHING
    weighed = math.fsum(WEIGHTS[each] for each, part in parts.items() if part.there[at])
    return round(100 * WEIGHTS[name] / weighed * found.value, 2), round(found.confidence, PLACES)


def _tenths(hundredths: Places) -> Places:
    """Of the sum of each column. A 5 at the end goes up or down as the sum of the very numbers does."""
    whole = hundredths.sum(axis=0)
    tenths: Places = (whole + 5) // 10
    for at in np.flatnonzero(whole % 10 == 5).tolist():  # noqa: PLR2004 — half of ten
        points = [int(each) / 100 for each in hundredths[:, at]]
        tenths[at] = round(round(math.fsum(points), 1) * 10)
    return tenths


def _rounded(amounts: Numbers, places: int) -> tuple[Numbers, Yes]:
    """And whether another order of adding might have made it another number."""
    scaled = amounts * 10**places
    return np.rint(scaled) / 10**places, np.abs(scaled - np.floor(scaled) - 0.5) < DOUBT


def _shrunk(name: str, value: Numbers, size: Numbers) -> Numbers:
    return value * (1 - HALF_SHRUNK[name] / (size + HALF_SHRUNK[name]) * (1 - value))


def _sure(name: str, size: Numbers) -> Numbers:
    return size / (size + HALF_SURE[name])
