"""What a score is made of, in numbers: quick, for it is asked of everybody and everybody. No I/O here."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from contracts.ids import AlbumId, WeekId
from contracts.taste import AxisName, TasteProfile
from contracts.taste_compatibility import PartName, RatingsAgreement
from taste.compatibility.measures import alike_parts, jaccard, normalised, rank_correlation, shrunk, tempered

WEIGHTS: dict[PartName, float] = {"artists": 0.4, "genres": 0.25, "ratings": 0.2, "mood": 0.1, "decades": 0.05}
# What anybody may have in common with anybody is no overlap by itself.
TELLING: tuple[PartName, ...] = ("artists", "genres", "ratings")
HALF_SURE = {"artists": 8, "ratings": 6, "decades": 3}
HALF_SHRUNK = {"artists": 2, "ratings": 3}
# As far apart as this, two are as different as can be; of tempo in beats a minute.
FAR, FAR_IN_TEMPO = 0.5, 60.0
PLACES = 4


class RatedByBoth(NamedTuple):
    """A week's winner in half steps, as the first and as the second of the two rated it."""

    week_id: WeekId
    album_id: AlbumId
    title: str | None
    halves: tuple[int, int]


class Measured(NamedTuple):
    """A part there is evidence for: from 0 to 1, how sure that is, and how much both have."""

    value: float
    confidence: float
    size: int


class Axis(NamedTuple):
    value: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Prepared:
    """A profile as it is compared, its shares as parts of 1."""

    artists: Mapping[str, float]
    genres: Mapping[str, float]
    families: Mapping[str, float]
    decades: Mapping[str, float]
    mood: Mapping[AxisName, Axis]
    coverage: float


def prepare(profile: TasteProfile) -> Prepared:
    return Prepared(
        artists=tempered({str(each.id): each.share for each in profile.top_artists}),
        genres=normalised({each.name: each.share for each in profile.genres}),
        families=normalised({each.name: each.share for each in profile.families}),
        decades=normalised({f"{each.decade}s": each.share for each in profile.decades}),
        mood={each.axis: Axis(each.value, each.confidence) for each in sorted(profile.mood, key=lambda one: one.axis)},
        coverage=profile.genre_coverage,
    )


def measure(one: Prepared, other: Prepared, common: Sequence[RatedByBoth]) -> dict[PartName, Measured]:
    """The parts there is evidence for, in the order of their weights; none where nothing telling is shared."""
    every = {name: _ratings(common) if name == "ratings" else BY_PROFILE[name](one, other) for name in WEIGHTS}
    found = {name: part for name, part in every.items() if part is not None}
    return found if any(found[name].size for name in TELLING if name in found) else {}


def whole(found: Mapping[PartName, Measured]) -> tuple[float | None, float]:
    """The score, of what there is evidence for, and the confidence."""
    if not found:
        return None, 0.0
    score = round(math.fsum(contributions(found).values()), 1)
    return score, round(math.fsum(WEIGHTS[name] * round(part.confidence, PLACES) for name, part in found.items()), 2)


def contributions(found: Mapping[PartName, Measured]) -> dict[PartName, float]:
    """Points of each part."""
    weighed = math.fsum(WEIGHTS[name] for name in found)
    return {name: round(100 * WEIGHTS[name] / weighed * part.value, 2) for name, part in found.items()}


def agreement(common: Sequence[RatedByBoth]) -> RatingsAgreement | None:
    """What both made of the weeks that both rated; None where there is none."""
    if not common:
        return None
    apart = [abs(each.halves[0] - each.halves[1]) for each in common]
    correlation = rank_correlation([each.halves[0] for each in common], [each.halves[1] for each in common])
    return RatingsAgreement(
        weeks=len(common),
        same=apart.count(0),
        mean_difference=round(sum(apart) / len(apart) / 2, 2),
        rank_correlation=None if correlation is None else round(correlation, 4),
    )


def alike_on(axis: AxisName, one: Axis, other: Axis) -> float:
    far = FAR_IN_TEMPO if axis == "tempo" else FAR
    return 1 - min(1.0, abs(one.value - other.value) / far)


def sure_axes(one: Prepared, other: Prepared) -> dict[AxisName, float]:
    """Those known of both, by the lesser confidence."""
    both = {axis: (each, other.mood[axis]) for axis, each in one.mood.items() if axis in other.mood}
    least = {axis: min(a.confidence, b.confidence) for axis, (a, b) in both.items()}
    return {axis: sure for axis, sure in least.items() if sure > 0}


def _artists(one: Prepared, other: Prepared) -> Measured | None:
    if not one.artists or not other.artists:
        return None
    size = len(one.artists.keys() & other.artists.keys())
    value = shrunk(jaccard(one.artists, other.artists), size, HALF_SHRUNK["artists"])
    return Measured(value, _sure("artists", size), size)


def _genres(one: Prepared, other: Prepared) -> Measured | None:
    if not one.genres or not other.genres:
        return None
    size = len(one.genres.keys() & other.genres.keys())
    value = (alike_parts(one.genres, other.genres) + alike_parts(one.families, other.families)) / 2
    return Measured(value, min(one.coverage, other.coverage), size)


def _decades(one: Prepared, other: Prepared) -> Measured | None:
    if not one.decades or not other.decades:
        return None
    size = len(one.decades.keys() & other.decades.keys())
    return Measured(alike_parts(one.decades, other.decades), _sure("decades", size), size)


def _mood(one: Prepared, other: Prepared) -> Measured | None:
    sure = sure_axes(one, other)
    if not sure:
        return None
    weight = math.fsum(sure.values())
    value = math.fsum(alike_on(axis, one.mood[axis], other.mood[axis]) * sure[axis] for axis in sure) / weight
    return Measured(value, weight / len(sure), len(sure))


def _ratings(common: Sequence[RatedByBoth]) -> Measured | None:
    agreed = agreement(common)
    if agreed is None:
        return None
    value = 1 - agreed.mean_difference / 4
    if agreed.rank_correlation is not None:
        value = (value + (agreed.rank_correlation + 1) / 2) / 2
    return Measured(shrunk(value, agreed.weeks, HALF_SHRUNK["ratings"]), _sure("ratings", agreed.weeks), agreed.weeks)


# What is measured by profiles alone.
BY_PROFILE: Mapping[PartName, Callable[[Prepared, Prepared], Measured | None]] = {
    "artists": _artists,
    "genres": _genres,
    "mood": _mood,
    "decades": _decades,
}


def _sure(name: str, size: int) -> float:
    return size / (size + HALF_SURE[name])
