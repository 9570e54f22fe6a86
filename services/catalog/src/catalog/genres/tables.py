"""The tables that come with the package: `tree.csv` and `moods.csv`, read once."""

import csv
from functools import cache
from importlib.resources import files

from catalog.genres.rules import Mood, Tree, folded, read_moods, read_tree


@cache
def tree() -> Tree:
    return read_tree(_rows("tree.csv"))


@cache
def moods() -> dict[str, Mood]:
    return read_moods(_rows("moods.csv"), tree())


@cache
def spellings() -> dict[str, str]:
    """Each genre by its folded name."""
    return {folded(name): name for name in tree()}


def _rows(name: str) -> list[dict[str, str]]:
    text = files("catalog.genres").joinpath(name).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))
