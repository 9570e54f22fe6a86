"""How what somebody plays sounds: an axis at a time, and how sure that is. No I/O here."""

import math
from collections.abc import Mapping
from typing import get_args

from contracts.ids import AlbumId
from contracts.taste import AxisName, MoodAxis, MoodBasis
from taste.profiles.evidence import Sound, Traits
from taste.profiles.weighing import PLACES

# So many albums of equal weight, known whole, make half of a full confidence.
HALF_SURE = 8


def mood(albums: Mapping[AlbumId, Traits], weights: Mapping[AlbumId, float], whole: float) -> list[MoodAxis]:
    """Each axis that anything is known of; `weights` are of the albums, `whole` is of all that was played."""
    axes = []
    for axis in get_args(AxisName):
        heard = {each: traits.sounds[axis] for each, traits in albums.items() if axis in traits.sounds}
        known = [(sound, weights[each] * sound.coverage) for each, sound in heard.items() if sound.coverage > 0]
        if known:
            axes.append(_axis(axis, known, whole))
    return axes


def _axis(axis: AxisName, known: list[tuple[Sound, float]], whole: float) -> MoodAxis:
    weight = math.fsum(each for _, each in known)
    value = math.fsum(sound.value * each for sound, each in known) / weight
    variance = math.fsum((sound.value - value) ** 2 * each for sound, each in known) / weight
    # Kish's effective size (1965): albums that are hardly played make nobody surer.
    size = weight**2 / math.fsum(each**2 for _, each in known)
    coverage = min(1.0, weight / whole)
    return MoodAxis(
        axis=axis,
        value=round(value, PLACES),
        spread=round(math.sqrt(variance), PLACES),
        coverage=round(coverage, PLACES),
        confidence=round(coverage * size / (size + HALF_SURE), PLACES),
        basis=_basis({sound.measured for sound, _ in known}),
    )


def _basis(measured: set[bool]) -> MoodBasis:
    if measured == {True, False}:
        return "mixed"
    return "measured" if True in measured else "estimated"
