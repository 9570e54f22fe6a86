"""What ratings amount to, and when there is something to rate. No I/O here."""

from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from chassis.errors import Conflict
from contracts.ids import AlbumId
from contracts.ratings import Bin, NewRating, RatingSummary

HALF_STEPS = range(2, 11)


class NoWinner(Conflict):
    sentence = "This week has no winner yet, so there is nothing to rate."


def check_winner(album_id: AlbumId | None) -> None:
    if album_id is None:
        raise NoWinner


def said(given: NewRating) -> dict[str, Any]:
    """What a rating sets: a repeat leaves what it does not carry, and empties what it carries as null."""
    rest = given.model_dump(include={"favorite_track", "review"}, exclude_unset=True)
    return {"half_steps": given.rating, **rest}


def average(half_steps: int, count: int) -> float | None:
    """Of `count` ratings that add up to `half_steps`; to two places, halves up, as one rounds on paper."""
    if count == 0:
        return None
    return float((Decimal(half_steps) / (2 * count)).quantize(Decimal("0.01"), ROUND_HALF_UP))


def summarise(counts: Mapping[int, int]) -> RatingSummary:
    """Of how many ratings there are of each half step 2 to 10."""
    count = sum(counts.values())
    return RatingSummary(
        average=average(sum(step * n for step, n in counts.items()), count),
        count=count,
        median=_median(counts, count),
        histogram=[Bin(rating=step / 2, count=counts.get(step, 0)) for step in HALF_STEPS],
    )


def _median(counts: Mapping[int, int], count: int) -> float | None:
    if count == 0:
        return None
    # The middle one, or the mean of the two in the middle.
    return (_at((count - 1) // 2, counts) + _at(count // 2, counts)) / 4


def _at(place: int, counts: Mapping[int, int]) -> int:
    """The half step at a place, from 0, in the sorted row of all ratings."""
    return next(step for step, passed in _running(counts) if place < passed)


def _running(counts: Mapping[int, int]) -> Iterator[tuple[int, int]]:
    passed = 0
    for step in HALF_STEPS:
        passed += counts.get(step, 0)
        yield step, passed


def truncated(review: str | None, length: int | None) -> str | None:
    """The first `length` characters, and `…` where something was cut off."""
    if review is None or length is None or len(review) <= length:
        return review
    return review[:length] + "…"
