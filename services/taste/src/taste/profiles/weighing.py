"""Shares of weighed things, to the same last digit in whatever order they are summed. No I/O here."""

import math
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import TypeVar

from contracts.taste import Diversity

Thing = TypeVar("Thing", bound=Hashable)
PLACES = 4


def sums(weighed: Iterable[tuple[Thing, float]]) -> dict[Thing, float]:
    """Each thing's whole weight; `fsum` rounds once, so that no order shows."""
    found: dict[Thing, list[float]] = {}
    for thing, weight in weighed:
        found.setdefault(thing, []).append(weight)
    return {thing: math.fsum(weights) for thing, weights in found.items()}


def shares(weights: Mapping[Thing, float], of: float | None = None) -> dict[Thing, float]:
    """Each thing's part of 1, or of what all weighs, rounded; what rounds to nothing is left out."""
    whole = math.fsum(weights.values()) if of is None else of
    parts = {thing: round(weight / whole, PLACES) for thing, weight in weights.items() if whole}
    return {thing: part for thing, part in parts.items() if part}


def ranked(parts: Mapping[Thing, float], name: Callable[[Thing], str] = str) -> list[tuple[Thing, float]]:
    """The greatest first; of equals by name."""
    return sorted(parts.items(), key=lambda each: (-each[1], name(each[0])))


def diversity(weights: Iterable[float]) -> Diversity:
    """Shannon's entropy (1948), and Hill's number of order 1 (1973), which is how many equals are as diverse."""
    known = [weight for weight in weights if weight > 0]
    whole = math.fsum(known)
    nats = max(0.0, -math.fsum(weight / whole * math.log(weight / whole) for weight in known))
    evenness = nats / math.log(len(known)) if len(known) > 1 else 1.0
    return Diversity(
        entropy=round(nats / math.log(2), PLACES),
        effective=round(math.exp(nats), PLACES),
        evenness=round(min(evenness, 1.0), PLACES),
    )
