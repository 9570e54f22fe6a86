"""Which numbers are round. No I/O here."""

from collections.abc import Iterator
from itertools import count, takewhile


def _numbers() -> Iterator[int]:
    """1, 100, 500, 1,000, 5,000, 10,000, 25,000, 50,000, and then every 50,000."""
    yield from (1, 100, 500, 1_000, 5_000, 10_000, 25_000)
    yield from count(50_000, 50_000)


def reached(plays: int) -> list[int]:
    return list(takewhile(lambda number: number <= plays, _numbers()))


def next_milestone(plays: int) -> int:
    return next(number for number in _numbers() if number > plays)
