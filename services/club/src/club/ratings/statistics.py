"""What ratings amount to, from how many there are of each half step 2 to 10. No I/O here."""

from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import log2
from typing import NamedTuple

from contracts.ratings import Bin, RatingParticipation, RatingSummary

HALF_STEPS = range(2, 11)
WIDTH = HALF_STEPS[-1] - HALF_STEPS[0]
# So many ratings at the club's mean are added to those there are: a week of three does not lead on one enthusiast.
PRIOR = 5


class Total(NamedTuple):
    """The sum of some ratings, in half steps, and how many they are."""

    half_steps: int = 0
    ratings: int = 0


def total(counts: Mapping[int, int]) -> Total:
    return Total(sum(step * n for step, n in counts.items()), sum(counts.values()))


def average(half_steps: int, count: int) -> float | None:
    """Of `count` ratings that add up to `half_steps`; to two places, halves up, as one rounds on paper."""
    return rounded(Fraction(half_steps, 2 * count)) if count else None


def bayesian_average(own: Total, club: Total) -> float | None:
    """`(PRIOR · m + sum) / (PRIOR + count)`, where m is the mean of the club, or without one that of `own`.

    This is the mean with a prior of known weight, as IMDb's and MyAnimeList's weighted ratings have it.
    """
    if own.ratings == 0:
        return None
    mean = Fraction(*club) if club.ratings else Fraction(*own)
    return rounded((PRIOR * mean + own.half_steps) / (PRIOR + own.ratings) / 2)


def deviation(counts: Mapping[int, int]) -> float | None:
    """The standard deviation of these ratings, which are all there are: of the population, not of a sample."""
    of = total(counts)
    if of.ratings == 0:
        return None
    squares = sum(step * step * n for step, n in counts.items())
    variance = Fraction(of.ratings * squares - of.half_steps**2, (2 * of.ratings) ** 2)
    return on_paper((Decimal(variance.numerator) / variance.denominator).sqrt())


def divisiveness(counts: Mapping[int, int]) -> float | None:
    """How far the club is from agreeing: 0 when all rate alike, 1 when half say 1.0 and half 5.0.

    The dissention `-Σ pᵢ · log₂(1 - |xᵢ - μ| / d)` of Tastle and Wierman, "Consensus and dissention: a measure of
    ordinal dispersion", International Journal of Approximate Reasoning 45 (2007); d is the width of the scale.
    """
    of = total(counts)
    if of.ratings == 0:
        return None
    mean = of.half_steps / of.ratings
    shares = ((step, counts.get(step, 0) / of.ratings) for step in HALF_STEPS)
    agreed = sum(share * log2(1 - abs(step - mean) / WIDTH) for step, share in shares if share)
    return on_paper(Decimal(abs(agreed)))


def median(counts: Mapping[int, int]) -> float | None:
    """The middle one, or the mean of the two in the middle."""
    count = total(counts).ratings
    return (_at((count - 1) // 2, counts) + _at(count // 2, counts)) / 4 if count else None


def summarise(counts: Mapping[int, int], club: Total = Total(), members: int = 0) -> RatingSummary:  # noqa: B008 — a tuple cannot change
    """`club` are all ratings that the club shows, `members` how many could have rated."""
    own = total(counts)
    return RatingSummary(
        average=average(*own),
        bayesian_average=bayesian_average(own, club),
        count=own.ratings,
        median=median(counts),
        deviation=deviation(counts),
        divisiveness=divisiveness(counts),
        histogram=[Bin(rating=step / 2, count=counts.get(step, 0)) for step in HALF_STEPS],
        participation=RatingParticipation(rated=own.ratings, members=members),
    )


def unseen(count: int, members: int) -> RatingSummary:
    """What may be told of ratings that are hidden: of one of them, the average would tell it."""
    rated = RatingParticipation(rated=count, members=members)
    return summarise({}).model_copy(update={"count": count, "participation": rated, "hidden": True})


def rounded(exact: Fraction) -> float:
    """To two places, halves up, as one rounds on paper."""
    return on_paper(Decimal(exact.numerator) / exact.denominator)


def on_paper(exact: Decimal) -> float:
    return float(exact.quantize(Decimal("0.01"), ROUND_HALF_UP))


def _at(place: int, counts: Mapping[int, int]) -> int:
    """The half step at a place, from 0, in the sorted row of all ratings."""
    return next(step for step, passed in _running(counts) if place < passed)


def _running(counts: Mapping[int, int]) -> Iterator[tuple[int, int]]:
    passed = 0
    for step in HALF_STEPS:
        passed += counts.get(step, 0)
        yield step, passed
