"""Genres and what they are kinds of. No I/O here."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from taste.profiles.weighing import sums

# Each genre with those it is a kind of, as far as the catalogue's tree has it.
Parents: TypeAlias = Mapping[str, Sequence[str]]


def joined(several: Iterable[Parents]) -> dict[str, list[str]]:
    """What albums tell of the tree, put together."""
    found: dict[str, set[str]] = {}
    for parents in several:
        for genre, above in parents.items():
            found.setdefault(genre, set()).update(above)
    return {genre: sorted(above) for genre, above in found.items()}


def roots(genre: str, parents: Parents, below: frozenset[str] = frozenset()) -> dict[str, float]:
    """The genres without parents that it descends from, and its parts of 1, divided evenly at each step up."""
    above = [each for each in parents.get(genre, ()) if each not in below and each != genre]
    if not above:
        return {genre: 1.0}
    ways = (roots(each, parents, below | {genre}) for each in above)
    return sums((root, part / len(above)) for way in ways for root, part in way.items())
