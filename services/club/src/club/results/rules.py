"""How ballots are counted, what decides between those level, and when a result is final. No I/O here."""

import hashlib
import hmac
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple, TypeAlias, get_args

from chassis.errors import Conflict
from contracts.ids import NominationId
from contracts.results import Alternatives, Criterion, Outcome, Placed, Tie, TiePolicy

# First and second choice of a ballot.
Choices: TypeAlias = tuple[NominationId | None, NominationId | None]
Cast: TypeAlias = Mapping[Choices, int]

CRITERIA: tuple[Criterion, ...] = get_args(Criterion)


class ResultFinal(Conflict):
    sentence = "The result of this week is final; only an admin's override stands beside it."


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
    standing, given = frozenset(standing), list(ballots)
    named = {each for ballot in given for each in ballot if each is not None}
    cast = Counter(_standing(ballot, standing) for ballot in given)
    order = _order(standing, cast, seed)
    places = [_placed(index, order) for index in range(len(order))]
    tie = _tie(places, policy)
    return Outcome(
        items=places,
        winner=places[0].nomination_id if _won(places) and (tie is None or tie.broken_by != "host") else None,
        tie=tie,
        alternatives=_alternatives(standing, cast),
        void=sorted(named.difference(standing)),
    )


def _standing(ballot: Choices, standing: Collection[NominationId]) -> Choices:
    first, second = (each if each in standing else None for each in ballot)
    return first, second


def drawn(seed: bytes, nomination_id: NominationId) -> bytes:
    """The lot of a nomination: the lowest of those level goes first."""
    return hmac.digest(seed, str(nomination_id).encode("ascii"), hashlib.sha256)


def _order(standing: Iterable[NominationId], cast: Cast, seed: bytes) -> list[tuple[NominationId, _Strength]]:
    firsts, seconds = _votes(cast)
    scores = {each: (-2 * firsts[each] - seconds[each], -firsts[each]) for each in standing}
    found = []
    for score, level in groupby(sorted(scores, key=scores.__getitem__), key=scores.__getitem__):
        for place, group in enumerate(_by_duels(list(level), cast)):
            found += [(each, _Strength(*score, place, drawn(seed, each))) for each in group]
    return sorted(found, key=lambda each: each[1])


def _votes(cast: Cast) -> tuple[Counter[NominationId | None], Counter[NominationId | None]]:
    firsts: Counter[NominationId | None] = Counter()
    seconds: Counter[NominationId | None] = Counter()
    for (first, second), number in cast.items():
        firsts[first] += number
        seconds[second] += number
    return firsts, seconds


def _by_duels(level: list[NominationId], cast: Cast) -> Iterator[list[NominationId]]:
    """Those level, in groups: by duels won less duels lost between them, and again within each smaller group."""
    balance = {one: sum(_duel(one, other, cast) for other in level) for one in level}
    groups = [list(group) for _, group in groupby(sorted(level, key=lambda each: -balance[each]), balance.__getitem__)]
    if len(groups) == 1:
        yield level
        return
    for group in groups:
        yield from _by_duels(group, cast)


def _duel(one: NominationId, other: NominationId, cast: Cast) -> int:
    """1 when more ballots put `one` before `other` than the reverse, -1 when fewer, else 0. Unranked is last."""
    if one == other:
        return 0
    margin = sum(number * _prefers(ballot, one, other) for ballot, number in cast.items())
    return (margin > 0) - (margin < 0)


def _prefers(ballot: Choices, one: NominationId, other: NominationId) -> int:
    for choice in ballot:
        if choice in {one, other}:
            return 1 if choice == one else -1
    return 0


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


def _alternatives(standing: Collection[NominationId], cast: Cast) -> Alternatives:
    firsts, seconds = _votes(cast)
    approvals = firsts + seconds
    beats_all = [
        one
        for one in standing
        if approvals[one] and all(_duel(one, other, cast) > 0 for other in standing if other != one)
    ]
    return Alternatives(plurality=_most(standing, firsts), approval=_most(standing, approvals), condorcet=beats_all)


def _most(standing: Collection[NominationId], votes: Mapping[NominationId | None, int]) -> list[NominationId]:
    most = max((votes[each] for each in standing), default=0)
    return sorted(each for each in standing if most and votes[each] == most)


def check_may_decide(tie: Tie | None, nomination_id: NominationId | None) -> None:
    """Whether the host may still choose, once there is a result: only where it was left to them, and among those."""
    if tie is None or tie.broken_by != "host" or nomination_id not in tie.among:
        raise ResultFinal
