"""How choices change a ballot, and how ballots are counted. No I/O here."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from contracts.ids import NominationId

POINTS = {1: 2, 2: 1}


def choose(choices: Mapping[int, NominationId], rank: int, nomination_id: NominationId) -> dict[int, NominationId]:
    """The choices by rank once `nomination_id` stands at `rank`.

    Coming from the other rank it changes places with what stood here, if anything did: whichever of two changed
    choices arrives first, the ballot ends the same.
    """
    after = {**choices, rank: nomination_id}
    other = 3 - rank
    if choices.get(other) == nomination_id:
        del after[other]
        if rank in choices:
            after[other] = choices[rank]
    return after


class Place(NamedTuple):
    """One nomination's position and votes."""

    position: int
    nomination_id: NominationId
    points: int
    first_votes: int
    second_votes: int


class Poll(NamedTuple):
    """The places in order. `winner` is null while nobody has a vote or several are level at the top, who are `tie`."""

    places: list[Place]
    winner: NominationId | None
    tie: list[NominationId]


def standings(nominations: Iterable[NominationId], votes: Mapping[tuple[NominationId, int], int]) -> Poll:
    """Count the votes, given how many each nomination has at each rank: by points, then by first votes.

    Votes for what is not among `nominations`, because it was withdrawn, are void. Level ones share a position and stand
    in the order they were nominated, which is that of their ids.
    """
    counted = [_count(nomination_id, votes) for nomination_id in sorted(nominations)]
    counted.sort(key=_strength, reverse=True)
    strengths = [_strength(place) for place in counted]
    places = [place._replace(position=strengths.index(_strength(place)) + 1) for place in counted]
    top = [place.nomination_id for place in places if place.position == 1 and place.points]
    return Poll(places, top[0] if len(top) == 1 else None, top if len(top) > 1 else [])


def _count(nomination_id: NominationId, votes: Mapping[tuple[NominationId, int], int]) -> Place:
    first, second = (votes.get((nomination_id, rank), 0) for rank in POINTS)
    return Place(0, nomination_id, first * POINTS[1] + second * POINTS[2], first, second)


def _strength(place: Place) -> tuple[int, int]:
    return place.points, place.first_votes
