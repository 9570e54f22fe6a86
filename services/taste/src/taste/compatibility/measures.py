"""How alike two of anything are, from 0 to 1: each is symmetric, and 1 for what is the same. No I/O here."""

import math
from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import TypeVar

Thing = TypeVar("Thing", bound=Hashable)


def tempered(shares: Mapping[Thing, float]) -> dict[Thing, float]:
    """Parts of 1 by the roots of the shares, so that one artist on repeat does not drown all the others."""
    whole = math.fsum(math.sqrt(each) for each in shares.values())
    return {thing: math.sqrt(share) / whole for thing, share in shares.items()}


def jaccard(one: Mapping[Thing, float], other: Mapping[Thing, float]) -> float:
    """Which part of all they have, by weight, both have: Jaccard's index (1901), a thing weighing what both give it.

    Ruzicka's form, which compares the shares themselves, would rise where the two lose an artist whom one plays much
    more than the other. This one falls whichever shared thing is lost to one of them or to both, whether or not the
    other shares grow for it.
    """
    shared = one.keys() & other.keys()
    whole = math.fsum([*one.values(), *other.values()])
    return math.fsum(weights[each] for weights in (one, other) for each in shared) / whole if whole else 0.0


def shrunk(value: float, size: int, half: int) -> float:
    """Less sure of what little says: drawn towards 0 by half of what it is short of certain at `half` things.

    What is wholly the same stays so; the less and the fewer is shared, the more of it may be chance.
    """
    doubt = half / (size + half)
    return value * (1 - doubt * (1 - value))


def normalised(shares: Mapping[Thing, float]) -> dict[Thing, float]:
    """Parts of 1, none of which is 0."""
    among = math.fsum(shares.values())
    return {thing: share / among for thing, share in shares.items() if share}


def alike_parts(one: Mapping[Thing, float], other: Mapping[Thing, float]) -> float:
    """1 less the distance of Jensen and Shannon, which is a metric (Endres and Schindelin, 2003) from 0 to 1.

    Of parts of 1. What only one of the two has adds half of its part to the divergence, and so need not be looked at.
    """
    log, both = math.log2, [(one[each], other[each]) for each in one.keys() & other.keys()]
    told = math.fsum([p * log(p / (p + q)) + q * log(q / (p + q)) for p, q in both])
    return 1 - math.sqrt(min(max(1 + told / 2, 0.0), 1.0))


def rank_correlation(one: Sequence[int], other: Sequence[int]) -> float | None:
    """Spearman's (1904), from -1 to 1: that of ranks, which equals share. None where it says nothing."""
    if len(one) < 3 or len({*one}) == 1 or len({*other}) == 1:  # noqa: PLR2004 — two points always lie on a line
        return None
    first, second = _ranks(one), _ranks(other)
    middle = (len(one) + 1) / 2
    both = math.fsum((a - middle) * (b - middle) for a, b in zip(first, second, strict=True))
    return both / math.sqrt(_variance(first, middle) * _variance(second, middle))


def _variance(ranks: Sequence[float], middle: float) -> float:
    return math.fsum((each - middle) ** 2 for each in ranks)


def _ranks(values: Sequence[int]) -> list[float]:
    return [_below(each, values) + (values.count(each) + 1) / 2 for each in values]


def _below(value: int, values: Collection[int]) -> int:
    return sum(each < value for each in values)
