"""Which sightings are of one play. No I/O here: a pure function of what was seen, in whatever order it came."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any

from contracts.ids import TrackId
from contracts.listens import END_STAMPED
from listening.plays.keys import ListenKey
from listening.plays.names import same_artist

RULE = 1

# How far apart two clocks are believed to be, at most; for short tracks a part of their length.
SKEW = timedelta(seconds=75)
SHARE = 0.4
# A track whose length nobody tells.
USUAL = timedelta(minutes=4)
# What lasts longer is compared by its stamps alone.
LONGEST = timedelta(hours=1)
# No two sightings that lie further apart are of one play.
REACH = LONGEST + SKEW
# What these tell is cut off to whole minutes.
COARSE = frozenset({"spotify-account", "lastfm-export"})
MINUTE = timedelta(minutes=1)
# Some clients stamp a play when they submit it, which is half-way through, or after four minutes.
LATE = frozenset({"listenbrainz"})
LONG_ENOUGH = timedelta(minutes=4)
# Of what was broken off, a source that only says when it ended saw at least so much.
PLAYED = 0.5
DOUBT = 0.25
# Scrobblers tell of what was heard for half of its length, or for four minutes; these tell of less, too.
TELLS_ALL = END_STAMPED
SKIPPED = 0.45


@dataclass(frozen=True)
class Seen:
    """A sighting as the rule reads it. `title` is what spellings of a title share; lengths in ms."""

    key: ListenKey
    artist: str
    title: str
    listened_ms: int | None = None
    length_ms: int | None = None
    has_album: bool = False
    messy_id: TrackId | None = None

    @property
    def source(self) -> str:
        return self.key.source


@dataclass(frozen=True)
class Link:
    """Why two sightings are one play: `score` above 0 and at most 1, and what speaks for it."""

    score: float
    why: Mapping[str, Any]


@dataclass(frozen=True)
class Cluster:
    """A play: its sightings in order, and why each but the anchor is of it."""

    anchor: Seen
    started_at: datetime
    members: tuple[Seen, ...]
    links: Mapping[ListenKey, Link]

    @property
    def ms(self) -> int:
        """How long was listened, as far as anyone says; else how long the track is; else nothing."""
        listened = [seen.listened_ms for seen in self.members if seen.listened_ms]
        return max(listened) if listened else max((seen.length_ms or 0 for seen in self.members), default=0)


# Two keys, the lower one first; True: one play, as its owner says; False: two.
Decisions = Mapping[tuple[ListenKey, ListenKey], bool]


def link(one: Seen, other: Seen) -> Link | None:
    """What makes the two one play; None: nothing. Two of one source never are."""
    if one.source == other.source or one.title != other.title:
        return None
    artists = same_artist(one.artist, other.artist)
    length = _length(one, other)
    if not artists or _is_a_skip(one, other, length) or _is_a_skip(other, one, length):
        return None
    slack = _slack(length) + _coarseness(one) + _coarseness(other)
    gap, doubted = min(
        (_gap(a, b), a.doubt + b.doubt) for a in _beginnings(one, length) for b in _beginnings(other, length)
    )
    if gap > slack:
        return None
    score = round((1 - 0.5 * (gap / slack)) * artists * (1 - doubted), 3)
    why = {
        "gap": gap.total_seconds(),
        "slack": slack.total_seconds(),
        "artists": artists,
        "stamps_doubted": doubted > 0,
    }
    return Link(score, why)


def _length(one: Seen, other: Seen) -> timedelta:
    told = max(one.length_ms or 0, other.length_ms or 0) or max(one.listened_ms or 0, other.listened_ms or 0)
    return min(timedelta(milliseconds=told), LONGEST) if told else USUAL


def _is_a_skip(one: Seen, other: Seen, length: timedelta) -> bool:
    """Whether one source saw too little of it for the other to have told of the same."""
    if not one.listened_ms:
        return False
    listened = timedelta(milliseconds=one.listened_ms)
    if other.listened_ms:
        return listened < SKIPPED * timedelta(milliseconds=other.listened_ms)
    return other.source not in TELLS_ALL and listened < min(SKIPPED * length, LONG_ENOUGH)


def _slack(length: timedelta) -> timedelta:
    return min(SKEW, length * SHARE)


def _coarseness(seen: Seen) -> timedelta:
    return MINUTE / 2 if seen.source in COARSE else timedelta(0)


@dataclass(frozen=True)
class _Beginning:
    """When a play may have begun, and how much that is doubted."""

    first: datetime
    last: datetime
    doubt: float = 0


def _gap(one: _Beginning, other: _Beginning) -> timedelta:
    return max(one.first - other.last, other.first - one.last, timedelta(0))


def _beginnings(seen: Seen, length: timedelta) -> list[_Beginning]:
    at = seen.key.listened_at + _coarseness(seen)
    if seen.source in END_STAMPED:
        if seen.listened_ms:
            began = at - min(timedelta(milliseconds=seen.listened_ms), LONGEST)
            return [_Beginning(began, began)]
        return [_Beginning(at - length, at - length), _Beginning(at - length, at - length * PLAYED, DOUBT)]
    if seen.source in LATE:
        submitted = at - min(length / 2, LONG_ENOUGH)
        return [_Beginning(at, at), _Beginning(submitted, submitted, DOUBT)]
    return [_Beginning(at, at)]


def plays_of(seen: Iterable[Seen], decisions: Decisions) -> list[Cluster]:
    """Every sighting in exactly one play, in order of time. At most one of each source, unless its owner says so."""
    everything = {each.key: each for each in seen}
    groups = _Groups(everything.values(), decisions)
    for (one, other), together in sorted(decisions.items()):
        if together and one in everything and other in everything:
            groups.join(one, other, Link(1.0, {"decided": "by its owner"}), decided=True)
    for _, one, other, found in _candidates(everything.values()):
        groups.join(one, other, found)
    return sorted((_cluster(members, groups.links) for members in groups.all()), key=lambda each: each.anchor.key)


def play_alone(seen: Seen) -> Cluster:
    """Of what nothing else can be one play with."""
    return _cluster([seen], {})


def _candidates(seen: Collection[Seen]) -> list[tuple[tuple[float, float], ListenKey, ListenKey, Link]]:
    """The most certain first, so that of a track on repeat each play finds its own."""
    by_title: defaultdict[str, list[Seen]] = defaultdict(list)
    for each in sorted(seen, key=lambda each: each.key):
        by_title[each.title].append(each)
    found = []
    for several in by_title.values():
        for one, other in combinations(several, 2):
            if other.key.listened_at - one.key.listened_at <= REACH and (why := link(one, other)):
                found.append(((-why.score, why.why["gap"]), one.key, other.key, why))
    return sorted(found, key=lambda each: each[:3])


class _Groups:
    """Sightings that are joined step by step; what its owner holds apart never comes together."""

    def __init__(self, seen: Iterable[Seen], decisions: Decisions) -> None:
        self._of: dict[ListenKey, list[Seen]] = {each.key: [each] for each in seen}
        self._apart = {pair for pair, together in decisions.items() if not together}
        self.links: dict[ListenKey, list[tuple[ListenKey, Link]]] = defaultdict(list)

    def join(self, one: ListenKey, other: ListenKey, why: Link, *, decided: bool = False) -> None:
        first, second = self._of[one], self._of[other]
        if first is second or not (decided or self._fit(first, second)):
            return
        first.extend(second)
        for each in second:
            self._of[each.key] = first
        self.links[one].append((other, why))
        self.links[other].append((one, why))

    def _fit(self, first: Sequence[Seen], second: Sequence[Seen]) -> bool:
        if {each.source for each in first} & {each.source for each in second}:
            return False
        pairs = (sorted((a.key, b.key)) for a in first for b in second)
        return not any((low, high) in self._apart for low, high in pairs)

    def all(self) -> Iterable[list[Seen]]:
        return {id(members): members for members in self._of.values()}.values()


def _cluster(members: Sequence[Seen], links: Mapping[ListenKey, Sequence[tuple[ListenKey, Link]]]) -> Cluster:
    ordered = sorted(members, key=lambda each: each.key)
    # Whoever stamps the beginning knows it best; who names the album says most.
    anchor = min(ordered, key=lambda each: (each.source in END_STAMPED, not each.has_album, each.key))
    length = _length(anchor, anchor)
    started_at = _beginnings(anchor, length)[0].first
    reasons = {each.key: _best(links.get(each.key, ())) for each in ordered if each is not anchor}
    return Cluster(anchor, started_at, tuple(ordered), {key: why for key, why in reasons.items() if why})


def _best(reasons: Sequence[tuple[ListenKey, Link]]) -> Link | None:
    return max(reasons, key=lambda each: (each[1].score, each[0]))[1] if reasons else None
