"""A season told as statistics."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from club.memory import lists, rules, shelf
from club.memory.season import Season, SeasonWeek
from club.ratings.statistics import average
from contracts.identity import Person
from contracts.ids import UserId
from contracts.memory import ClubStats, Counted, WeekCounts, WonTags


def told(
    season: Season, fields: Iterable[tuple[UserId, int, int]], people: Mapping[UserId, Person], limit: int
) -> ClubStats:
    """`fields` are those of `rules.ledger`; each list has at most `limit` lines."""
    weeks = season.weeks
    ratings = sum(each.ratings.count for each in weeks)
    winners = shelf.winners(season)
    return ClubStats(
        weeks=_weeks(weeks),
        nominations=sum(each.nominations for each in weeks),
        ballots=sum(each.ballots for each in weeks),
        ratings=ratings,
        average=average(sum(each.ratings.half_steps for each in weeks), ratings),
        winners=_tags(weeks, limit),
        nominators=lists.nominators(season, people)[:limit],
        averages=lists.averages(season, people)[:limit],
        attendance=lists.attendance(season, people)[:limit],
        most_loved=shelf.most_loved(winners, limit),
        most_divisive=shelf.most_divisive(winners, limit),
        hall_of_fame=shelf.hall_of_fame(winners, limit),
        fairness=lists.fairness(season, fields, people)[:limit],
    )


def _weeks(weeks: Sequence[SeasonWeek]) -> WeekCounts:
    kinds = Counter(each.week.kind for each in weeks)
    return WeekCounts(
        total=len(weeks),
        album=kinds["album"],
        special=kinds["special"],
        skipped=kinds["skipped"],
        with_winner=sum(each.winner is not None for each in weeks),
    )


def _tags(weeks: Sequence[SeasonWeek], limit: int) -> WonTags:
    return WonTags(
        genres=_counted((each.genre for each in weeks), limit),
        decades=_counted((each.released for each in weeks), limit),
        countries=_counted((each.country for each in weeks), limit),
    )


def _counted(names: Iterable[str | None], limit: int) -> list[Counted]:
    return [Counted(name=name, count=count) for name, count in rules.counted(names)[:limit]]
