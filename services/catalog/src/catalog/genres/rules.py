"""Genres as a tree, and the moods that are estimated of them. No I/O here."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeAlias

from chassis.errors import NotFound

# Each genre with the genres it is a kind of; roots have none.
Tree: TypeAlias = Mapping[str, tuple[str, ...]]


class UnknownGenre(NotFound):
    sentence = "There is no genre of this name."


class Mood(NamedTuple):
    """Each axis from 0 to 1: calm to energetic, sad to happy, acoustic to electronic, sparse to dense."""

    energy: float
    valence: float
    electronic: float
    density: float


class Estimate(NamedTuple):
    """`inherited_from` are the nearest ancestors whose estimates were averaged; none where it is the genre's own."""

    mood: Mood
    inherited_from: tuple[str, ...] = ()


def read_tree(rows: Iterable[Mapping[str, str]]) -> Tree:
    """Rows of `genre` and `parents`, which are divided by `; `. Raises ValueError for what is no tree of genres."""
    tree = {row["genre"]: tuple(filter(None, row["parents"].split("; "))) for row in rows}
    for genre, parents in tree.items():
        if missing := [each for each in parents if each not in tree]:
            raise ValueError(f"{genre} has parents that are no genres: {missing}")
        if genre in ancestors(tree, genre):
            raise ValueError(f"{genre} descends from itself")
    return tree


def read_moods(rows: Iterable[Mapping[str, str]], tree: Tree) -> dict[str, Mood]:
    moods = {row["genre"]: Mood(*(float(row[axis]) for axis in Mood._fields)) for row in rows}
    if unknown := [genre for genre in moods if genre not in tree]:
        raise ValueError(f"these are no genres: {unknown}")
    return moods


def ancestors(tree: Tree, genre: str) -> set[str]:
    """All it descends from, at any distance. Ends even where something descends from itself."""
    found: set[str] = set()
    ahead = [*tree[genre]]
    while ahead:
        if (one := ahead.pop()) not in found:
            found.add(one)
            ahead.extend(tree.get(one, ()))
    return found


def children(tree: Tree, genre: str) -> list[str]:
    return sorted(name for name, parents in tree.items() if genre in parents)


def lineage(tree: Tree, spelt: Mapping[str, str], names: Iterable[str]) -> dict[str, list[str]]:
    """Of each of these that is a genre, in whichever spelling, and of all it descends from, those it is a kind of.

    `spelt` are the genres by their folded names.
    """
    known = {name: spelt[folded(name)] for name in names if folded(name) in spelt}
    above = {each for genre in known.values() for each in ancestors(tree, genre)}
    found = {each: list(tree[each]) for each in above} | {name: list(tree[genre]) for name, genre in known.items()}
    return dict(sorted(found.items()))


def folded(name: str) -> str:
    """Sources spell one genre with blanks, hyphens or neither: `Trip-Hop` is `trip hop`."""
    return "".join(name.casefold().replace("-", " ").split())


def estimate(tree: Tree, moods: Mapping[str, Mood], genre: str) -> Estimate | None:
    """The genre's mood; where it has none of its own, the mean of its nearest ancestors that have one."""
    if genre in moods:
        return Estimate(moods[genre])
    nearest = list(dict.fromkeys(tree[genre]))
    while nearest:
        if known := [each for each in nearest if each in moods]:
            return Estimate(_mean([(moods[each], 1.0) for each in known]), tuple(known))
        nearest = list(dict.fromkeys(parent for each in nearest for parent in tree[each]))
    return None


def mood_of(tree: Tree, moods: Mapping[str, Mood], weighted: Iterable[tuple[str, float]]) -> tuple[Mood | None, float]:
    """The mood of what is tagged with these genres by their weights, and its coverage.

    The coverage is which part of the weights is of genres with an estimate, from 0 to 1; without any, there is no mood.
    """
    spelt = {folded(name): name for name in tree}
    known, whole = [], 0.0
    for name, weight in weighted:
        whole += weight
        genre = spelt.get(folded(name))
        if genre is not None and (found := estimate(tree, moods, genre)) is not None:
            known.append((found.mood, weight))
    covered = sum(weight for _, weight in known)
    if not covered:
        return None, 0.0
    return _mean(known), min(1.0, covered / whole)


def _mean(weighted: list[tuple[Mood, float]]) -> Mood:
    whole = sum(weight for _, weight in weighted)
    axes = zip(*(mood for mood, _ in weighted), strict=True)
    return Mood(*(sum(map(_times, axis, (weight for _, weight in weighted))) / whole for axis in axes))


def _times(value: float, weight: float) -> float:
    return value * weight
