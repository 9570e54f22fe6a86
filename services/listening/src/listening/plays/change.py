"""What changes of somebody's plays once their sightings are looked at again. No I/O here."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any, Protocol
from uuid import UUID

from contracts.ids import TrackId, UserId
from listening.plays.keys import ListenKey, play_id
from listening.plays.rules import REACH, RULE, Cluster, Decisions, Link, Seen, link, play_alone, plays_of
from listening.sums.deltas import Delta, local


class Kept(Protocol):
    """A play as it is kept."""

    started_at: datetime
    messy_id: TrackId
    ms: int
    sightings: int


@dataclass(frozen=True)
class Placed:
    """A sighting with the play it is of, and why."""

    user_id: UserId
    key: ListenKey
    play_id: UUID
    link: Mapping[str, Any] | None


@dataclass
class Change:
    """Plays that go and come, sightings that are of another one now, and what it does to the sums."""

    dropped: set[tuple[UserId, UUID]] = field(default_factory=set)
    added: list[tuple[UserId, UUID, Cluster]] = field(default_factory=list)
    placed: list[Placed] = field(default_factory=list)
    deltas: list[Delta] = field(default_factory=list)

    def drop(self, user_id: UserId, zone: str | None, play: UUID, row: Kept) -> None:
        self.dropped.add((user_id, play))
        self.deltas.append(Delta(user_id, local(row.started_at, zone), row.messy_id, -1, -row.ms))


def meant(seen: Seen) -> TrackId:
    """What was played: as it was said, or as its owner corrected it."""
    return seen.messy_id or seen.key.messy_id


def alone(change: Change, user_id: UserId, zone: str | None, seen: Seen) -> None:
    """A sighting nobody else can have seen, which is a play of its own."""
    _add(change, user_id, zone, play_alone(seen))


def settle(  # noqa: PLR0913 — what one person's plays are judged by
    change: Change,
    user_id: UserId,
    zone: str | None,
    *,
    seen: Collection[Seen],
    decisions: Decisions,
    before: Mapping[ListenKey, UUID | None],
    kept: Mapping[UUID, Kept],
) -> None:
    """What the rule makes of `seen`, against the plays there are: what stays as it is costs nothing."""
    clusters = plays_of(seen, decisions)
    stays = {same for cluster in clusters if (same := _unchanged(user_id, cluster, before, kept))}
    for gone in sorted(kept.keys() - stays):
        change.drop(user_id, zone, gone, kept[gone])
    for cluster in clusters:
        if play_id(user_id, cluster.started_at, cluster.anchor.key) not in stays:
            _add(change, user_id, zone, cluster)


def _unchanged(
    user_id: UserId, cluster: Cluster, before: Mapping[ListenKey, UUID | None], kept: Mapping[UUID, Kept]
) -> UUID | None:
    named = play_id(user_id, cluster.started_at, cluster.anchor.key)
    row = kept.get(named)
    same = row is not None and (row.messy_id, row.ms, row.sightings) == (
        meant(cluster.anchor),
        cluster.ms,
        len(cluster.members),
    )
    return named if same and all(before.get(each.key) == named for each in cluster.members) else None


def _add(change: Change, user_id: UserId, zone: str | None, cluster: Cluster) -> None:
    named = play_id(user_id, cluster.started_at, cluster.anchor.key)
    change.added.append((user_id, named, cluster))
    for each in cluster.members:
        change.placed.append(Placed(user_id, each.key, named, told(cluster.links.get(each.key))))
    change.deltas.append(Delta(user_id, local(cluster.started_at, zone), meant(cluster.anchor), 1, cluster.ms))


def told(why: Link | None) -> dict[str, Any] | None:
    return None if why is None else {"rule": RULE, "score": why.score, **why.why}


def component(seen: Iterable[Seen], touched: Collection[ListenKey], decisions: Decisions) -> set[ListenKey]:
    """Everything that whatever is touched may be of one play with, through any number of steps."""
    near: dict[ListenKey, set[ListenKey]] = {each.key: set() for each in seen}
    for one, other in [*_linkable(seen), *decisions]:
        if one in near and other in near:
            near[one].add(other)
            near[other].add(one)
    reached, waiting = set(), [key for key in touched if key in near]
    while waiting:
        if (key := waiting.pop()) not in reached:
            reached.add(key)
            waiting.extend(near[key])
    return reached


def _linkable(seen: Iterable[Seen]) -> Iterable[tuple[ListenKey, ListenKey]]:
    by_title: dict[str, list[Seen]] = {}
    for each in sorted(seen, key=lambda each: each.key):
        by_title.setdefault(each.title, []).append(each)
    for several in by_title.values():
        for one, other in combinations(several, 2):
            if link(one, other):
                yield one.key, other.key


def spans(moments: Iterable[datetime], around: timedelta = 2 * REACH) -> Sequence[tuple[datetime, datetime]]:
    """The stretches of time that lie within `around` of these moments, without overlaps."""
    merged: list[tuple[datetime, datetime]] = []
    for moment in sorted(set(moments)):
        if merged and moment - around <= merged[-1][1]:
            merged[-1] = (merged[-1][0], moment + around)
        else:
            merged.append((moment - around, moment + around))
    return merged
