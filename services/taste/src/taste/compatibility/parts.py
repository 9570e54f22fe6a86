"""The parts of a score in words: what both have by name, and a sentence of it. No I/O here."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from contracts.taste import TasteProfile
from contracts.taste_compatibility import PartName
from taste.compatibility.measured import Measured, Prepared, RatedByBoth, agreement, alike_on, sure_axes
from taste.compatibility.measures import Thing
from taste.compatibility.sentences import both_gave, listed

SHOWN, NEAR = 3, 0.8


class Pair(NamedTuple):
    """Two people, as they are shown and as they are compared, and the weeks that both rated."""

    one: TasteProfile
    other: TasteProfile
    first: Prepared
    second: Prepared
    common: Sequence[RatedByBoth]


class Told(NamedTuple):
    """The weightiest by name, and the sentence."""

    names: list[str]
    sentence: str


def tell(name: PartName, pair: Pair, part: Measured) -> Told:
    return TELLERS[name](pair, part)


def _artists(pair: Pair, _: Measured) -> Told:
    first, second = ({each.id: each.share for each in profile.top_artists} for profile in (pair.one, pair.other))
    called = {each.id: each.name for profile in (pair.other, pair.one) for each in profile.top_artists}
    names = [called[each] for each in weightiest(first, second)][:SHOWN]
    return Told(
        names, f"Both come back to {listed(names)}." if names else "They share none of the artists they play most."
    )


def _genres(pair: Pair, _: Measured) -> Told:
    first, second = ({each.name: each.share for each in profile.genres} for profile in (pair.one, pair.other))
    names = weightiest(first, second)[:SHOWN]
    return Told(names, f"Both like {listed(names)}." if names else "They share none of their genres.")


def _decades(pair: Pair, _: Measured) -> Told:
    first, second = ({f"{each.decade}s": each.share for each in profile.decades} for profile in (pair.one, pair.other))
    names = weightiest(first, second)[:SHOWN]
    return Told(names, f"Both go back to the {names[0]}." if names else "They listen to different decades.")


def _mood(pair: Pair, _: Measured) -> Told:
    sure = sure_axes(pair.first, pair.second)
    alike = {axis: alike_on(axis, pair.first.mood[axis], pair.second.mood[axis]) for axis in sure}
    near: list[str] = [axis for axis in alike if alike[axis] >= NEAR]
    furthest = min(alike, key=lambda axis: (alike[axis], axis))
    said = f"What they play is alike in {listed(near)}." if near else f"What they play differs most in {furthest}."
    return Told(near[:SHOWN], said)


def _ratings(pair: Pair, part: Measured) -> Told:
    best = sorted(pair.common, key=lambda each: (abs(each.halves[0] - each.halves[1]), -max(each.halves), each.week_id))
    names = [each.title for each in best if each.title is not None][:SHOWN]
    if best[0].halves[0] == best[0].halves[1] and best[0].title is not None:
        return Told(names, both_gave(best[0].title, best[0].halves[0] / 2))
    agreed = agreement(pair.common)
    apart = agreed.mean_difference if agreed else 0.0
    return Told(names, f"Their ratings of {_albums(part.size)} lie {apart:.1f} apart on average.")


TELLERS: dict[PartName, Callable[[Pair, Measured], Told]] = {
    "artists": _artists,
    "genres": _genres,
    "ratings": _ratings,
    "mood": _mood,
    "decades": _decades,
}


def weightiest(one: Mapping[Thing, float], other: Mapping[Thing, float]) -> list[Thing]:
    """What both have, what weighs most with both first."""
    return sorted(one.keys() & other.keys(), key=lambda each: (-(one[each] + other[each]), str(each)))


def _albums(count: int) -> str:
    return "one album" if count == 1 else f"{count} albums"
