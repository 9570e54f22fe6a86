"""How far two names are apart by slips of the finger. No I/O here."""

import re
from collections.abc import Sequence

# How many slips a name may have, by its letters: a short one that differs by one is another word.
_ALLOWED = ((4, 0), (8, 1), (14, 2))
_MOST = 3
_DIGITS = re.compile("[0-9]+")
_NUMERAL = re.compile("[ivx]+")
_BOUND = 200


def slips(one: str, other: str) -> int:
    """Letters left out, put in, changed, or swapped with a neighbour (optimal string alignment)."""
    before: list[int] = []
    last: list[int] = [*range(len(other) + 1)]
    for row, letter in enumerate(one, start=1):
        now = [row]
        for column, counterpart in enumerate(other, start=1):
            cost: int = min(now[-1] + 1, last[column] + 1, last[column - 1] + (letter != counterpart))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == counterpart:
                cost = min(cost, before[column - 2] + 1)
            now.append(cost)
        before, last = last, now
    return last[-1]


def likeness(one: Sequence[str], other: Sequence[str]) -> float:
    """1 for the same words, however they are divided; 0 for other ones; between, the more slips the less.

    Numbers never slip: the second part of something is not the third, nor a first part a misspelt whole.
    """
    left, right = "".join(one), "".join(other)
    if left == right:
        return 1.0
    if max(len(left), len(right)) > _BOUND or _numbers(one) != _numbers(other):
        return 0.0
    length = min(len(left), len(right))
    allowed = next((most for letters, most in _ALLOWED if length <= letters), _MOST)
    if abs(len(left) - len(right)) > allowed:
        return 0.0
    # Measured both ways round, this distance is the same.
    made = slips(left, right)
    return 1 - made * 0.08 if made <= allowed else 0.0


def _numbers(words: Sequence[str]) -> list[str]:
    found = [part for word in words for part in _DIGITS.findall(word)]
    # One letter alone may be a word of its own ("I", "x"), but for the last, where volumes are counted.
    numerals = [word for word in words[1:] if _NUMERAL.fullmatch(word)]
    return found + numerals
