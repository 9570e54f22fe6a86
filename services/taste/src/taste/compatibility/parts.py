"""The parts of a score: what of two people is compared, and how sure that is. No I/O here."""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from contracts.ids import AlbumId, WeekId
from contracts.taste import MoodAxis, TasteProfile
from contracts.taste_compatibility import PartName, RatingsAgreement
from taste.compatibility.measures import Thing, alike_shares, jaccard, rank_correlation, shrunk, tempered
from taste.compatibility.sentences import both_gave, listed

SHOWN = 3
HALF_SURE = {"artists": 8, "ratings": 6, "decades": 3}
HALF_SHRUNK = {"artists": 2, "ratings": 3}
# As far apart as this, two are as different as can be; of tempo in beats a minute.
FAR, FAR_IN_TEMPO, NEAR = 0.5, 60.0, 0.8


class RatedByBoth(NamedTuple):
    """A week's winner in half steps, as the first and as the second of the two rated it."""

    week_id: WeekId
    album_id: AlbumId
    title: str | None
    halves: tuple[int, int]


class Found(NamedTuple):
    """A part there is evidence for, before it is known which others there are."""

    name: PartName
    value: float
    confidence: float
    size: int
    names: list[str]
    sentence: str


def artists(one: TasteProfile, other: TasteProfile) -> Found | None:
    first, second = ({each.id: each.share for each in profile.top_artists} for profile in (one, other))
    if not first or not second:
        return None
    called = {each.id: each.name for profile in (other, one) for each in profile.top_artists}
    names = [called[each] for each in weightiest(first, second)]
    value = shrunk(jaccard(tempered(first), tempered(second)), len(names), HALF_SHRUNK["artists"])
    said = f"Both come back to {listed(names[:SHOWN])}." if names else "They share none of the artists they play most."
    return Found("artists", value, _sure("artists", len(names)), len(names), names[:SHOWN], said)


def genres(one: TasteProfile, other: TasteProfile) -> Found | None:
    first, second = ({each.name: each.share for each in profile.genres} for profile in (one, other))
    if not first or not second:
        return None
    names = weightiest(first, second)
    said = f"Both like {listed(names[:SHOWN])}." if names else "They share none of their genres."
    sure = min(one.genre_coverage, other.genre_coverage)
    kin = alike_shares(*({each.name: each.share for each in profile.families} for profile in (one, other)))
    return Found("genres", (alike_shares(first, second) + kin) / 2, sure, len(names), names[:SHOWN], said)


def decades(one: TasteProfile, other: TasteProfile) -> Found | None:
    first, second = ({f"{each.decade}s": each.share for each in profile.decades} for profile in (one, other))
    if not first or not second:
        return None
    names = weightiest(first, second)
    said = f"Both go back to the {names[0]}." if names else "They listen to different decades."
    return Found("decades", alike_shares(first, second), _sure("decades", len(names)), len(names), names[:SHOWN], said)


def mood(one: TasteProfile, other: TasteProfile) -> Found | None:
    theirs = {each.axis: each for each in other.mood}
    mine = sorted(one.mood, key=lambda each: each.axis)
    pairs = [(each, theirs[each.axis]) for each in mine if each.axis in theirs]
    sure = {a.axis: min(a.confidence, b.confidence) for a, b in pairs if min(a.confidence, b.confidence) > 0}
    if not sure:
        return None
    alike = {a.axis: _alike(a, b) for a, b in pairs if a.axis in sure}
    whole = math.fsum(sure.values())
    value = math.fsum(alike[axis] * sure[axis] for axis in sure) / whole
    near = [axis for axis in alike if alike[axis] >= NEAR]
    furthest = min(alike, key=lambda axis: (alike[axis], axis))
    said = f"What they play is alike in {listed(near)}." if near else f"What they play differs most in {furthest}."
    return Found("mood", value, whole / len(sure), len(sure), [*near[:SHOWN]], said)


def ratings(common: Sequence[RatedByBoth]) -> Found | None:
    agreed = agreement(common)
    if agreed is None:
        return None
    value = 1 - agreed.mean_difference / 4
    if agreed.rank_correlation is not None:
        value = (value + (agreed.rank_correlation + 1) / 2) / 2
    value = shrunk(value, agreed.weeks, HALF_SHRUNK["ratings"])
    best = sorted(common, key=lambda each: (abs(each.halves[0] - each.halves[1]), -max(each.halves), each.week_id))
    names = [each.title for each in best if each.title is not None]
    said = f"Their ratings of {_albums(agreed.weeks)} lie {agreed.mean_difference:.1f} apart on average."
    if best[0].halves[0] == best[0].halves[1] and best[0].title is not None:
        said = both_gave(best[0].title, best[0].halves[0] / 2)
    return Found("ratings", value, _sure("ratings", agreed.weeks), agreed.weeks, names[:SHOWN], said)


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


def weightiest(one: Mapping[Thing, float], other: Mapping[Thing, float]) -> list[Thing]:
    """What both have, what weighs most with both first."""
    return sorted(one.keys() & other.keys(), key=lambda each: (-(one[each] + other[each]), str(each)))


def _alike(one: MoodAxis, other: MoodAxis) -> float:
    far = FAR_IN_TEMPO if one.axis == "tempo" else FAR
    return 1 - min(1.0, abs(one.value - other.value) / far)


def _sure(name: str, size: int) -> float:
    return size / (size + HALF_SURE[name])


def _albums(count: int) -> str:
    return "one album" if count == 1 else f"{count} albums"
