"""How ballots are counted, what decides between those level, and when a result is final. No I/O here."""

import hashlib
import hmac
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from typing import Any, NamedTuple, TypeAlias, get_args

from chassis.errors import Conflict
from contracts.ids import NominationId
from contracts.results import Alternatives, Criterion, Outcome, Placed, Tie, TiePolicy

# First and second choice of a ballot.
Choices: TypeAlias = tuple[NominationId | None, NominationId | None]
Votes: TypeAlias = Mapping[NominationId | None, int]

CRITERIA: tuple[Criterion, ...] = get_args(Criterion)


class ResultFinal(Conflict):
    sentence = "The result of this week is final; only an admin's override stands beside it."


class _Count(NamedTuple):
    """How many chose each nomination first and second, and how many this one first and that one second."""

    firsts: Votes
    seconds: Votes
    pairs: Mapping[Choices, int]


class _Strength(NamedTuple):
    """Ascending, the strongest first: one field for each criterion, in their order."""

    points: int
    first_votes: int
    head_to_head: int
    draw: bytes


def outcome(standing: Iterable[NominationId], ballots: Iterable[Choices], seed: bytes, policy: TiePolicy) -> Outcome:
    """Count the ballots into a total order: points, first votes, head-to-head between those level, the draw.

    A vote for what does not stand is void; the other choice of its ballot keeps its rank. Neither the order of the
    ballots nor that of the nominations matters.
    """
    standing, cast = frozenset(standing), Counter(ballots)
    named = {each for ballot in cast for each in ballot if each is not None}
    count = _counted(cast, standing)
    order = _order(standing, count, seed)
    places = [_placed(index, order) for index in range(len(order))]
    tie = _tie(places, policy)
    return Outcome(
        items=places,
        winner=places[0].nomination_id if _won(places) and (tie is None or tie.broken_by != "host") else None,
        tie=tie,
        alternatives=_alternatives(standing, count),
        void=sorted(named.difference(standing)),
    )


def _counted(cast: Mapping[Choices, int], standing: Collection[NominationId]) -> _Count:
    firsts: Counter[NominationId | None] = Counter()
    seconds: Counter[NominationId | None] = Counter()
    pairs: Counter[Choices] = Counter()
    for ballot, number in cast.items():
        first, second = (each if each in standing else None for each in ballot)
        firsts[first] += number
        seconds[second] += number
        pairs[first, second] += number
    return _Count(firsts, seconds, pairs)


def drawn(seed: bytes, nomination_id: NominationId) -> bytes:
    """The lot of a nomination: the lowest of those level goes first."""
    return hmac.digest(seed, str(nomination_id).encode("ascii"), hashlib.sha256)


def _order(standing: Iterable[NominationId], count: _Count, seed: bytes) -> list[tuple[NominationId, _Strength]]:
    scores = {each: (-2 * count.firsts[each] - count.seconds[each], -count.firsts[each]) for each in standing}
    found = []
    for score, level in groupby(sorted(scores, key=scores.__getitem__), key=scores.__getitem__):
        for place, group in enumerate(_by_duels(list(level), count)):
            found += [(each, _Strength(*score, place, drawn(seed, each))) for each in group]
    return sorted(found, key=lambda each: each[1])


def _by_duels(level: list[NominationId], count: _Count) -> Iterator[list[NominationId]]:
    """Those level, in groups: by duels won less duels lost between them, and again within each smaller group."""
    balance = {one: sum(_duel(one, other, count) for other in level) for one in level}
    groups = [list(group) for _, group in groupby(sorted(level, key=lambda each: -balance[each]), balance.__getitem__)]
    if len(groups) == 1:
        yield level
        return
    for group in groups:
        yield from _by_duels(group, count)


def _duel(one: NominationId, other: NominationId, count: _Count) -> int:
    """1 when more ballots put `one` before `other` than the reverse, -1 when fewer, else 0. Unranked is last."""
    margin = _ahead(one, other, count) - _ahead(other, one, count)
    return (margin > 0) - (margin < 0)


def _ahead(one: NominationId, other: NominationId, count: _Count) -> int:
    """How many ballots put `one` before `other`: all that name it, but for those that name the other first."""
    return count.firsts[one] + count.seconds[one] - count.pairs[other, one]


def _placed(index: int, order: Sequence[tuple[NominationId, _Strength]]) -> Placed:
    nomination_id, strength = order[index]
    below = order[index + 1][1] if index + 1 < len(order) else None
    return Placed(
        position=index + 1,
        nomination_id=nomination_id,
        points=-strength.points,
        first_votes=-strength.first_votes,
        second_votes=2 * strength.first_votes - strength.points,
        ahead_by=below and _ahead_by(strength, below),
    )


def _ahead_by(strength: _Strength, below: _Strength) -> Criterion:
    pairs = zip(CRITERIA, strength, below, strict=True)
    return next(criterion for criterion, mine, other in pairs if mine != other)


def _won(places: Sequence[Placed]) -> bool:
    return bool(places) and places[0].points > 0


def _tie(places: Sequence[Placed], policy: TiePolicy) -> Tie | None:
    """What put the winner first, where it was not points: that criterion, and those level by all before it."""
    if not _won(places) or (by := places[0].ahead_by) in {None, "points"}:
        return None
    among = [places[0].nomination_id]
    for above, below in pairwise(places):
        if above.ahead_by is None or CRITERIA.index(above.ahead_by) < CRITERIA.index(by):
            break
        among.append(below.nomination_id)
    return Tie(broken_by="host" if by == "draw" and policy == "host" else by, among=among)


def _alternatives(standing: Collection[NominationId], count: _Count) -> Alternatives:
    approvals = {each: count.firsts[each] + count.seconds[each] for each in standing}
    beats_all = [
        one
        for one in standing
        if approvals[one] and all(_duel(one, other, count) > 0 for other in standing if other != one)
    ]
    return Alternatives(
        plurality=_most(standing, count.firsts), approval=_most(standing, approvals), condorcet=beats_all
    )


def _most(standing: Collection[NominationId], votes: Mapping[Any, int]) -> list[NominationId]:
    most = max((votes[each] for each in standing), default=0)
    return sorted(each for each in standing if most and votes[each] == most)


def check_may_decide(tie: Tie | None, nomination_id: NominationId | None, *, overridden: bool = False) -> None:
    """Whether the host may still choose, once there is a result: only where it was left to them, and among those.

    What an admin has decided since is not theirs any more.
    """
    if tie is None or tie.broken_by != "host" or nomination_id not in tie.among or overridden:
        raise ResultFinal
