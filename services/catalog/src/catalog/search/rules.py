"""What somebody may have meant who wrote something else: a word one slip away, or with a blank amiss. No I/O here."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from string import ascii_lowercase, digits

# What is shorter is no beginning of a word but one, and what is longer than that is none.
UNFINISHED, LONGEST = 3, 40
LETTERS = ascii_lowercase + digits


@lru_cache(64)
def one_slip_away(word: str) -> frozenset[str]:
    """What is one letter more, less or other, or has two neighbours the other way round (Damerau, 1964)."""
    if not 1 < len(word) <= LONGEST:
        return frozenset()
    parts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    less = (left + right[1:] for left, right in parts if right)
    turned = (left + right[1] + right[0] + right[2:] for left, right in parts if len(right) > 1)
    other = (left + letter + right[1:] for left, right in parts if right for letter in LETTERS)
    more = (left + letter + right for left, right in parts for letter in LETTERS)
    return frozenset({*less, *turned, *other, *more} - {word})


def torn(word: str) -> list[tuple[str, str]]:
    """Where a blank may be missing."""
    return [(word[:at], word[at:]) for at in range(2, len(word) - 1)] if len(word) <= LONGEST else []


def run_together(words: Sequence[str]) -> list[str]:
    """Where a blank may be too many: each word with the next."""
    return [first + second for first, second in pairwise(words)]


def candidates(doubted: Iterable[str], words: Sequence[str]) -> set[str]:
    """What is looked for among the words there are, in place of those of `words` that are doubted."""
    halves = (half for word in doubted for pair in torn(word) for half in pair)
    return {*halves, *run_together(words), *(slip for word in doubted for slip in one_slip_away(word))}


def strange(words: Iterable[str], known: Collection[str]) -> list[str]:
    """Those that are nobody's, nor one slip away from somebody's."""
    return [word for word in words if word not in known and one_slip_away(word).isdisjoint(known)]


def as_typed(words: Sequence[str]) -> str:
    """What PostgreSQL looks for: every word, of which the last may not be whole yet."""
    return " & ".join([*map(_word, words[:-1]), *map(_beginning, words[-1:])])


def as_meant(
    words: Sequence[str], known: Collection[str], near: Mapping[str, Collection[str]], *, doubted: bool = False
) -> str:
    """Every word that is `known`, and of others what may have been meant: they begin one, are one slip away, or `near`.

    If that is not to be found, the known ones are `doubted`, too.
    """
    each = [
        _word(word) if word in known and not doubted else _any([_beginning(word), *_mended(word, known, near)])
        for word in words
    ]
    joined = [
        " & ".join([*each[:at], _word(both), *each[at + 2 :]])
        for at, both in enumerate(run_together(words))
        if both in known
    ]
    return _any([" & ".join(each), *joined])


def _mended(word: str, known: Collection[str], near: Mapping[str, Collection[str]]) -> list[str]:
    one_slip = one_slip_away(word)
    alike = sorted(each for each in known if each in one_slip) or sorted(near.get(word, ()))
    halves = [f"({_word(left)} & {_word(right)})" for left, right in torn(word) if left in known and right in known]
    return [*map(_word, alike), *halves]


def _beginning(word: str) -> str:
    return f"{_word(word)}:*" if len(word) >= UNFINISHED else _word(word)


def _word(word: str) -> str:
    return "'{}'".format(word.replace("\\", "\\\\").replace("'", "''"))


def _any(ways: Sequence[str]) -> str:
    return f"({' | '.join(ways)})" if len(ways) > 1 else ways[0]
