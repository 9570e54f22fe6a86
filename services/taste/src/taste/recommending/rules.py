"""What to recommend, by what neighbours like and what the club picked. No I/O here."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from contracts.ids import AlbumId, UserId

# What counts as liking: a rating from here on, or an album among the most played.
LIKED, BEST, OFTEN, PLAYED_OFTEN = 4.0, 5.0, 10, 0.4
# So much liking by people who are wholly alike is half of certain; so many ratings make half of a pick's average.
HALF_LIKED, HALF_RATED, MIDDLE = 1.0, 3, 3.0
NAMED = 3


@dataclass(frozen=True)
class Neighbour:
    """Somebody whose taste is near, from 0 to 1; what they rated, and what they play most, the most first."""

    user_id: UserId
    name: str
    alike: float
    ratings: Mapping[AlbumId, float] = field(default_factory=dict)
    played: Sequence[AlbumId] = ()


class Pick(NamedTuple):
    """What won a week, and how the club rated it."""

    album_id: AlbumId
    label: str
    ratings: Sequence[float]


class Advice(NamedTuple):
    album_id: AlbumId
    kind: Literal["neighbours", "missed"]
    weight: float
    sentence: str
    by: list[UserId]


def advise(neighbours: Sequence[Neighbour], picks: Sequence[Pick], heard: frozenset[AlbumId]) -> list[Advice]:
    """The surest first; of one album, the surer of two reasons. Nothing that was heard."""
    found: dict[AlbumId, Advice] = {}
    for each in [*_by_neighbours(neighbours), *map(_missed, picks)]:
        before = found.get(each.album_id)
        if each.album_id not in heard and (before is None or each.weight > before.weight):
            found[each.album_id] = each
    return sorted(found.values(), key=lambda each: (-each.weight, str(each.album_id)))


def _by_neighbours(neighbours: Sequence[Neighbour]) -> list[Advice]:
    liking: dict[AlbumId, list[tuple[float, Neighbour]]] = {}
    for neighbour in neighbours:
        for album_id in neighbour.ratings.keys() | {*neighbour.played[:OFTEN]}:
            if (likes := _likes(neighbour, album_id)) > 0:
                liking.setdefault(album_id, []).append((neighbour.alike * likes, neighbour))
    return [_liked(album_id, told) for album_id, told in liking.items()]


def _likes(neighbour: Neighbour, album_id: AlbumId) -> float:
    """From 0 to 1; a rating says more than plays do, also that something is not liked."""
    rating = neighbour.ratings.get(album_id)
    if rating is None:
        return PLAYED_OFTEN
    return 0.5 + (rating - LIKED) / (BEST - LIKED) / 2 if rating >= LIKED else 0.0


def _liked(album_id: AlbumId, told: Sequence[tuple[float, Neighbour]]) -> Advice:
    most = sorted(told, key=lambda each: (-each[0], str(each[1].user_id)))
    whole = math.fsum(points for points, _ in told)
    by = [neighbour for _, neighbour in most[:NAMED]]
    rating = by[0].ratings.get(album_id)
    does = f"gave it {rating:.1f}" if rating is not None else "plays it much"
    others = len(told) - 1
    also = f", and {others} more of your neighbours like it" if others > 1 else ", and another neighbour likes it"
    sentence = f"{by[0].name}, whose taste is {round(by[0].alike * 100)} like yours, {does}{also if others else ''}."
    weight = round(whole / (whole + HALF_LIKED), 4)
    return Advice(album_id, "neighbours", weight, sentence, [each.user_id for each in by])


def _missed(pick: Pick) -> Advice:
    count = len(pick.ratings)
    average = (math.fsum(pick.ratings) + HALF_RATED * MIDDLE) / (count + HALF_RATED)
    rated = f" with {math.fsum(pick.ratings) / count:.1f} of {_ratings(count)}" if count else ""
    sentence = f"It won {pick.label}{rated}, and you have not heard it."
    return Advice(pick.album_id, "missed", round((average - 1) / 4, 4), sentence, [])


def _ratings(count: int) -> str:
    return "one rating" if count == 1 else f"{count} ratings"
