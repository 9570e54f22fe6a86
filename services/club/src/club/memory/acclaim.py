"""Which winners were loved, which divided the club, and which are in its hall of fame. No I/O here."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from club.ratings.statistics import PRIOR, on_paper

FAMOUS, ENOUGH = 4, 3
LIKED = 8


@dataclass(frozen=True)
class Ratings:
    """How many, and the sums of their half steps and of the squares of those."""

    count: int
    half_steps: int
    squares: int

    @property
    def mean(self) -> Fraction:
        return Fraction(self.half_steps, 2 * self.count)

    @property
    def variance(self) -> Fraction:
        return Fraction(self.squares, 4 * self.count) - self.mean**2

    @property
    def spread(self) -> float:
        """Their standard deviation, to two places."""
        exact = self.variance
        return on_paper((Decimal(exact.numerator) / exact.denominator).sqrt())

    def without(self, half_steps: int) -> "Ratings":
        """All but one of so many half steps."""
        return Ratings(self.count - 1, self.half_steps - half_steps, self.squares - half_steps**2)

    def bayesian(self, mean: Fraction) -> Fraction:
        """Their average if PRIOR more were at `mean`."""
        return (self.count * self.mean + PRIOR * mean) / (self.count + PRIOR)


def in_hall_of_fame(ratings: Ratings, mean: Fraction, could: int) -> bool:
    """Loved for sure, and by a club that listened: `could` are those who could have rated."""
    return ratings.count >= ENOUGH and 2 * ratings.count >= could and ratings.bayesian(mean) >= FAMOUS


def divides(ratings: Ratings) -> bool:
    return ratings.count >= ENOUGH and ratings.variance > 0


def present(spans: Iterable[tuple[int, int]]) -> Callable[[int], int]:
    """How many were in the club in a week, by its number, given the first and last week that each took part in."""
    both = list(spans)
    firsts, lasts = sorted(first for first, _ in both), sorted(last for _, last in both)
    return lambda number: bisect_right(firsts, number) - bisect_left(lasts, number)


@dataclass(frozen=True)
class Opinion:
    """A member's rating of a week's winner, by the week's number, beside all its ratings."""

    number: int
    title: str
    half_steps: int
    ratings: Ratings

    @property
    def likes(self) -> bool:
        return self.half_steps >= LIKED

    @property
    def others(self) -> Ratings:
        return self.ratings.without(self.half_steps)

    @property
    def apart(self) -> Fraction:
        """How far above the average of the others it is."""
        return Fraction(self.half_steps, 2) - self.others.mean


def most_generous(given: Iterable[Opinion]) -> Opinion | None:
    """The one furthest above what the others gave; of those level the first by title, then the earliest."""
    beside = [each for each in given if each.others.count]
    return min(beside, key=lambda each: (-each.apart, each.title.casefold(), each.number), default=None)


def harshest(given: Iterable[Opinion]) -> Opinion | None:
    """The one furthest below what the others gave; of those level the first by title, then the earliest."""
    beside = [each for each in given if each.others.count]
    return min(beside, key=lambda each: (each.apart, each.title.casefold(), each.number), default=None)
