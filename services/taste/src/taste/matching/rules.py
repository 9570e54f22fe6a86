"""Everybody beside everybody, by the formula of a pair: what any member may see of both. No I/O here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from contracts.ids import AlbumId, UserId, WeekId
from taste.compatibility.measured import Prepared, RatedByBoth, measure, whole

NO_SCORE = -1
# With less than that a twin would be found by chance.
SURE_ENOUGH = 10


class Match(NamedTuple):
    """Tenths of a point, or -1 where there is no score; hundredths of confidence."""

    score: int
    confidence: int


@dataclass(frozen=True, slots=True)
class Matchable:
    """Somebody who shows their taste to members, as far as they show it; ratings in half steps, of a week's album."""

    user_id: UserId
    seat: int
    prepared: Prepared
    rated: Mapping[WeekId, tuple[AlbumId, int]]


class Row(NamedTuple):
    """Somebody's matches, by seats."""

    computed_at: datetime
    matches: Mapping[int, Match]


def match(one: Matchable, other: Matchable) -> Match:
    score, confidence = whole(measure(one.prepared, other.prepared, _common(one, other)))
    return Match(NO_SCORE if score is None else round(score * 10), round(confidence * 100))


def row_of(one: Matchable, others: Iterable[Matchable]) -> dict[int, Match]:
    """By seats, which ascend."""
    return {other.seat: match(one, other) for other in sorted(others, key=lambda each: each.seat) if other is not one}


def between(rows: Mapping[int, Row], one: int, other: int) -> Match | None:
    """What is known of two seats: as whichever row was computed later has it."""
    found = [
        (rows[each].computed_at, rows[each].matches[beside])
        for each, beside in ((one, other), (other, one))
        if each in rows and beside in rows[each].matches
    ]
    return max(found, key=lambda each: each[0])[1] if found else None


def beside(rows: Mapping[int, Row], one: int, others: Iterable[int]) -> dict[int, Match]:
    """What is known of a seat and others, by these."""
    found = {other: between(rows, one, other) for other in others if other != one}
    return {seat: each for seat, each in found.items() if each is not None}


def nearest(matches: Mapping[int, Match]) -> list[tuple[int, Match]]:
    """Those with a score that is sure enough, the most alike first; of equals the surer, then the longest there."""
    told = [(seat, each) for seat, each in matches.items() if each.score >= 0 and each.confidence >= SURE_ENOUGH]
    return sorted(told, key=lambda each: (-each[1].score, -each[1].confidence, each[0]))


def _common(one: Matchable, other: Matchable) -> Sequence[RatedByBoth]:
    """The weeks both rated, as who comes first by id did first: so a pair is compared as by itself."""
    if str(one.user_id) > str(other.user_id):
        one, other = other, one
    both = []
    for week_id in sorted(one.rated.keys() & other.rated.keys(), key=str):
        (album_id, mine), (theirs_id, theirs) = one.rated[week_id], other.rated[week_id]
        if album_id == theirs_id:
            both.append(RatedByBoth(week_id, album_id, None, (mine, theirs)))
    return both
