"""Foreseeing ratings by the formula that docs/taste.md explains: pure, and the same for the same weeks."""

import math
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeVar

from contracts.forecasts import ReasonName
from contracts.ids import UserId
from taste.compatibility.measures import alike_parts
from taste.forecasts.season import Foreseen, Season, SeasonWeek

Key = TypeVar("Key", bound=Hashable)
FORMULA = 1
# How many ratings make what somebody, an album or a choice says count for half.
HALF_MEMBER, HALF_WEEK, HALF_LIKENESS, HALF_CHOICE, HALF_SPREAD = 3, 3, 1.0, 4, 4
# Of likeness: genres, and years that lie less than a generation apart. An artist is like themself.
OF_GENRES, OF_YEARS, GENERATION = 0.85, 0.15, 30
# Of a normal distribution, four of five lie within.
BOUND = 1.2816
LOWEST, HIGHEST, STEPS = 1.0, 5.0, range(2, 11)
WORTH_TELLING, TOLD = 0.05, 3
# Of an unknown club: the middle of the scale, and a spread of one point.
MIDDLE, SPREAD = 3.0, 1.0


class Effect(NamedTuple):
    """What moves a prediction; `of` are titles that it rests on."""

    name: ReasonName
    points: float
    of: tuple[str, ...] = ()


class Predicted(NamedTuple):
    """A rating, its standard deviation, and what moved it away from the club's mean."""

    rating: float
    spread: float
    effects: list[Effect]

    @property
    def low(self) -> float:
        return max(LOWEST, self.rating - BOUND * self.spread)

    @property
    def high(self) -> float:
        return min(HIGHEST, self.rating + BOUND * self.spread)


@dataclass(frozen=True)
class Learned:
    """What weeks tell of a club: its mean, whose ratings lie how far from it, and what is left over for each rating.

    A baseline of Koren's kind ("Factorization meets the neighborhood", 2008): mean, member, album, and a remainder.
    """

    season: Season

    @cached_property
    def mean(self) -> float:
        return _mean([points for _, points in _points(self.season)], MIDDLE)

    @cached_property
    def habits(self) -> dict[UserId, float]:
        """How far each lies off the mean, drawn towards it the fewer their ratings are."""
        given = _gathered(_points(self.season))
        return {
            user_id: _drawn([each - self.mean for each in points], HALF_MEMBER) for user_id, points in given.items()
        }

    @cached_property
    def albums(self) -> list[float]:
        """How far each week's album lies off what its raters usually give."""
        return [
            _drawn([half / 2 - self.mean - self.habits[user_id] for user_id, half in week.ratings.items()], HALF_WEEK)
            for week in self.season
        ]

    @cached_property
    def remainders(self) -> list[dict[UserId, float]]:
        """Of each week's ratings what is nobody's habit and not the album's either: that somebody likes such music."""
        return [
            {user: half / 2 - self.mean - self.habits[user] - off for user, half in week.ratings.items()}
            for week, off in zip(self.season, self.albums, strict=True)
        ]

    @cached_property
    def choices(self) -> dict[str, float]:
        """How much more those give who chose an album before it was heard, by the strongest thing that they said."""
        told = (
            (choice, remainder)
            for week, left in zip(self.season, self.remainders, strict=True)
            for user_id, remainder in left.items()
            if (choice := week.choice_of(user_id))
        )
        return {choice: _drawn(offs, HALF_CHOICE) for choice, offs in _gathered(told).items()}

    @cached_property
    def spread(self) -> float:
        squares = [each * each for left in self.remainders for each in left.values()]
        return math.sqrt((math.fsum(squares) + HALF_SPREAD * SPREAD**2) / (len(squares) + HALF_SPREAD))

    def spread_of(self, user_id: UserId) -> float:
        """Of what is left over of their ratings, drawn towards the club's the fewer they are."""
        squares = [left[user_id] ** 2 for left in self.remainders if user_id in left]
        return math.sqrt((math.fsum(squares) + HALF_SPREAD * self.spread**2) / (len(squares) + HALF_SPREAD))


def foresee(learned: Learned, ahead: SeasonWeek, members: Iterable[UserId]) -> dict[UserId, Predicted]:
    """What each will give the album of a week; its ratings, if there are any, are not looked at."""
    near = [_likeness(ahead.album, week.album) for week in learned.season]
    album = _near(near, learned.albums)
    return {user_id: _one(learned, ahead, near, album, user_id) for user_id in members}


def _one(learned: Learned, ahead: SeasonWeek, near: Sequence[float], album: float, user_id: UserId) -> Predicted:
    liked = [(alike, left[user_id]) for alike, left in zip(near, learned.remainders, strict=True) if user_id in left]
    likeness = _near([alike for alike, _ in liked], [off for _, off in liked])
    effects = [
        Effect("habit", learned.habits.get(user_id, 0.0)),
        Effect("album", album, _titles(learned.season, near, learned.albums, album)),
        Effect("likeness", likeness, _of_one(learned, near, user_id, likeness)),
    ]
    match ahead.choice_of(user_id):
        case ("nominated" | "first_choice" | "second_choice") as choice:
            effects.append(Effect(choice, learned.choices.get(choice, 0.0)))
    rating = learned.mean + math.fsum(each.points for each in effects)
    return Predicted(min(max(rating, LOWEST), HIGHEST), learned.spread_of(user_id), effects)


def telling(effects: Iterable[Effect]) -> list[Effect]:
    """What moves most, as far as it moves anything."""
    worth = [each for each in effects if abs(each.points) >= WORTH_TELLING]
    return sorted(worth, key=lambda each: (-abs(each.points), each.name))[:TOLD]


def divisiveness(predicted: Iterable[Predicted]) -> float | None:
    """How far the club is expected to be from agreeing, from 0 to 1: of everybody's likely ratings together.

    The dissention of Tastle and Wierman (2007), by which the club tells how far it was from agreeing.
    """
    masses = [_masses(each) for each in predicted]
    if not masses:
        return None
    shares = {step: math.fsum(each[step] for each in masses) / len(masses) for step in STEPS}
    mean = math.fsum(step * share for step, share in shares.items())
    agreed = math.fsum(
        share * math.log2(1 - abs(step - mean) / (STEPS[-1] - STEPS[0])) for step, share in shares.items()
    )
    return abs(agreed)


def _masses(predicted: Predicted) -> dict[int, float]:
    """How likely each rating is: the normal distribution's parts around the half steps, as parts of 1."""
    density = {step: math.exp(-(((step / 2 - predicted.rating) / predicted.spread) ** 2) / 2) for step in STEPS}
    whole = math.fsum(density.values())
    return {step: each / whole for step, each in density.items()}


def _likeness(one: Foreseen, other: Foreseen) -> float:
    """From 0 to 1; nothing is known to be like what nothing is known of."""
    if one.artist and other.artist and one.artist.casefold() == other.artist.casefold():
        return 1.0
    if not one.genres or not other.genres:
        return 0.0
    years = 0.0
    if one.year is not None and other.year is not None:
        years = 1 - min(abs(one.year - other.year), GENERATION) / GENERATION
    return OF_GENRES * alike_parts(one.genres, other.genres) + OF_YEARS * years


def _near(near: Sequence[float], offs: Sequence[float]) -> float:
    """The mean of what was alike, which counts the more the liker it was; drawn towards 0 where little was."""
    weights = [alike * alike for alike in near]
    return math.fsum(w * off for w, off in zip(weights, offs, strict=True)) / (math.fsum(weights) + HALF_LIKENESS)


def _of_one(learned: Learned, near: Sequence[float], user_id: UserId, likeness: float) -> tuple[str, ...]:
    offs = [left.get(user_id, 0.0) for left in learned.remainders]
    return _titles(learned.season, near, offs, likeness)


def _titles(season: Season, near: Sequence[float], offs: Sequence[float], whole: float) -> tuple[str, ...]:
    """The two that pulled most in the direction it went."""
    pulled = [
        (-abs(alike * alike * off), week.number, week.album.title)
        for week, alike, off in zip(season, near, offs, strict=True)
        if week.album.title and alike * alike * off * whole > 0
    ]
    return tuple(title for _, _, title in sorted(pulled)[:2])


def _drawn(offs: Sequence[float], half: float) -> float:
    """The mean, drawn towards 0 by half at `half` of them (James and Stein's idea, 1961)."""
    return math.fsum(offs) / (len(offs) + half)


def _mean(values: Sequence[float], otherwise: float) -> float:
    return math.fsum(values) / len(values) if values else otherwise


def means_of(season: Season) -> tuple[Mapping[UserId, float], float]:
    """Each member's mean and the club's: what predicts without knowing anything of the album."""
    told = [*_points(season)]
    club = _mean([points for _, points in told], MIDDLE)
    return {user_id: _mean(points, club) for user_id, points in _gathered(told).items()}, club


def _points(season: Season) -> Iterator[tuple[UserId, float]]:
    """Who gave what, rating by rating."""
    return ((user_id, half / 2) for week in season for user_id, half in week.ratings.items())


def _gathered(told: Iterable[tuple[Key, float]]) -> dict[Key, list[float]]:
    found: dict[Key, list[float]] = {}
    for key, value in told:
        found.setdefault(key, []).append(value)
    return found
