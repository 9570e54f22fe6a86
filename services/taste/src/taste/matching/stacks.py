"""People as arrays: each by themself, and many of them one after another. No I/O here."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from operator import is_
from typing import Any, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from contracts.ids import UserId
from contracts.taste import AxisName
from taste.matching.rules import Matchable

AXES: tuple[AxisName, ...] = get_args(AxisName)
# How many artists, genres and the like are known by their places before all are counted anew.
MOST_PLACES = 1_000_000

Numbers = NDArray[np.float64]
Places = NDArray[np.intp]
Yes = NDArray[np.bool_]


class Parts(NamedTuple):
    """What somebody has, by the places of things, and how much of each."""

    places: Places
    amounts: Numbers


@dataclass(frozen=True, slots=True)
class Vector:
    """Somebody as arrays; of the mood, values and confidences by axis, 0 where nothing is known."""

    of: Matchable
    artists: Parts
    genres: Parts
    families: Parts
    decades: Parts
    rated: Parts
    mood: Numbers
    sure: Numbers


class Beside(NamedTuple):
    """What one and each of many have of something, entry by entry: of whom it is, and both amounts; 0 is none."""

    whose: Places
    mine: Numbers
    theirs: Numbers
    has: Yes
    size: Numbers


class Many(NamedTuple):
    """What each of many has of something, entry by entry."""

    whose: Places
    places: Places
    amounts: Numbers
    any: Yes

    def first(self, count: int) -> "Many":
        """What the first so many have."""
        end = int(np.searchsorted(self.whose, count))
        return Many(self.whose[:end], self.places[:end], self.amounts[:end], self.any[:count])


class Stack(NamedTuple):
    """Many, one after another: of everything whose it is, its place, and how much; and how many have any."""

    among: Sequence[Matchable]
    people: Sequence[Vector]
    seats: Places
    artists: Many
    genres: Many
    families: Many
    decades: Many
    rated: Many
    mood: Numbers
    sure: Numbers
    coverage: Numbers

    def first(self, count: int) -> "Stack":
        """The first so many, in the same memory."""
        return Stack(
            self.among[:count],
            self.people[:count],
            self.seats[:count],
            self.artists.first(count),
            self.genres.first(count),
            self.families.first(count),
            self.decades.first(count),
            self.rated.first(count),
            self.mood[:count],
            self.sure[:count],
            self.coverage[:count],
        )


class Stacks:
    """What people are as arrays is kept at hand, and what is no longer asked for is not."""

    def __init__(self) -> None:
        self._places: dict[Hashable, int] = {}
        self._kept: dict[UserId, Vector] = {}
        self._stack: Stack | None = None

    def stacked(self, among: Sequence[Matchable]) -> Stack:
        """These, one after another: the same arrays as before, if they are the same as before."""
        if len(self._places) > MOST_PLACES:
            self._places, self._kept, self._stack = {}, {}, None
        before = self._stack.among if self._stack else ()
        if self._stack and len(before) == len(among) and all(map(is_, before, among)):
            return self._stack
        people = [self.vector(each) for each in among]
        self._kept = {each.of.user_id: each for each in people}
        self._stack = Stack(
            tuple(among),
            people,
            np.array([each.seat for each in among]),
            _many([each.artists for each in people]),
            _many([each.genres for each in people]),
            _many([each.families for each in people]),
            _many([each.decades for each in people]),
            _many([each.rated for each in people]),
            np.array([each.mood for each in people]),
            np.array([each.sure for each in people]),
            np.array([each.of.prepared.coverage for each in people]),
        )
        return self._stack

    def vector(self, each: Matchable) -> Vector:
        """Somebody by themself."""
        kept = self._kept.get(each.user_id)
        if kept is not None and kept.of is each:
            return kept
        prepared = each.prepared
        mood = [prepared.mood.get(axis) for axis in AXES]
        return Vector(
            each,
            self._parts("artist", prepared.artists),
            self._parts("genre", prepared.genres),
            self._parts("family", prepared.families),
            self._parts("decade", prepared.decades),
            self._parts("rating", {(week, album): halves for week, (album, halves) in each.rated.items()}),
            np.array([axis.value if axis else 0.0 for axis in mood]),
            np.array([axis.confidence if axis else 0.0 for axis in mood]),
        )

    def beside(self, one: Parts, many: Many) -> Beside:
        """What one has beside what each of many has."""
        mine = np.zeros(len(self._places))
        mine[one.places] = one.amounts
        own = mine[many.places]
        shared = np.flatnonzero(own)
        whose = many.whose[shared]
        size = np.bincount(whose, minlength=len(many.any)).astype(np.float64)
        return Beside(whose, own[shared], many.amounts[shared], many.any & bool(len(one.places)), size)

    def _parts(self, kind: str, amounts: Mapping[Any, float]) -> Parts:
        places = [self._places.setdefault((kind, thing), len(self._places)) for thing in amounts]
        return Parts(np.array(places, np.intp), np.array([*amounts.values()], np.float64))


def _many(each: Sequence[Parts]) -> Many:
    lengths = [len(one.places) for one in each]
    return Many(
        np.repeat(np.arange(len(each)), lengths),
        np.concatenate([one.places for one in each]),
        np.concatenate([one.amounts for one in each]),
        np.array(lengths) > 0,
    )
