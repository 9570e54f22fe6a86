"""Winners beside each other, by their ratings. Those that are level stand by title, then by week."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from club.memory.acclaim import Ratings, divides, in_hall_of_fame, present
from club.memory.season import Season
from club.models import Album, Week
from club.ratings.statistics import rounded
from club.weeks.store import named
from contracts import catalog
from contracts.memory import Remembered


@dataclass(frozen=True)
class Winner:
    """`mean` is that of all the club's ratings, whatever weeks are asked about."""

    week: Week
    album: Album
    ratings: Ratings
    mean: Fraction
    could: int

    @property
    def bayesian(self) -> Fraction:
        return self.ratings.bayesian(self.mean)

    @property
    def name(self) -> tuple[str, int]:
        return self.album.title.casefold(), self.week.number


def winners(season: Season) -> list[Winner]:
    """The winners that have ratings."""
    count = sum(each.ratings.count for each in season.seen)
    mean = Fraction(sum(each.ratings.half_steps for each in season.seen), 2 * count or 1)
    could = present(history.seen for history in season.members.values() if history.seen)
    return [
        Winner(each.week, each.winner, each.ratings, mean, could(each.week.number))
        for each in season.weeks
        if each.winner and each.ratings.count
    ]


def most_loved(winners: Iterable[Winner], limit: int) -> list[Remembered]:
    return _first(winners, limit, lambda each: (-each.bayesian, *each.name))


def most_divisive(winners: Iterable[Winner], limit: int) -> list[Remembered]:
    divisive = [each for each in winners if divides(each.ratings)]
    return _first(divisive, limit, lambda each: (-each.ratings.variance, *each.name))


def hall_of_fame(winners: Iterable[Winner], limit: int) -> list[Remembered]:
    return most_loved([each for each in winners if in_hall_of_fame(each.ratings, each.mean, each.could)], limit)


def _first(winners: Iterable[Winner], limit: int, place: Callable[[Winner], Any]) -> list[Remembered]:
    return [
        Remembered(
            week_id=each.week.id,
            number=each.week.number,
            label=named(each.week),
            album=catalog.Album.model_validate(each.album),
            average=rounded(each.ratings.mean),
            bayesian=rounded(each.bayesian),
            spread=each.ratings.spread,
            ratings=each.ratings.count,
            could_rate=each.could,
        )
        for each in sorted(winners, key=place)[:limit]
    ]
