"""What can be foreseen is, and what cannot be is not pretended to be."""

import random
from dataclasses import replace
from uuid import UUID

import pytest
from services.taste.tests.forecasts.seasons import member, put, season, shuffled

from taste.forecasts.calibrating import backtested, calibration
from taste.forecasts.rules import Learned, divisiveness, foresee, telling
from taste.forecasts.season import SeasonWeek
from taste.forecasts.sentences import reason

ONE, TWO = member(0), member(1)


def whole(told):
    return calibration([pair for _, pairs in backtested(told) for pair in pairs])


@pytest.mark.parametrize("seed", range(4))
def test_a_season_of_people_with_a_taste_is_foreseen_better_than_by_means(seed):
    told = whole(season(seed=seed))
    print(f"forecast {told.forecast}, member's mean {told.member_mean}, club's mean {told.club_mean}")
    assert told.ratings > 150
    assert told.forecast.mae < 0.85 * told.member_mean.mae
    assert told.forecast.mae < 0.85 * told.club_mean.mae
    assert told.forecast.rmse < 0.85 * min(told.member_mean.rmse, told.club_mean.rmse)
    assert 0.7 < told.covered < 0.95


@pytest.mark.parametrize("seed", range(4))
def test_ratings_dealt_at_random_are_not_foreseen_better_than_by_the_club_s_mean(seed):
    told = whole(shuffled(season(seed=seed), seed))
    print(f"forecast {told.forecast}, member's mean {told.member_mean}, club's mean {told.club_mean}")
    assert told.forecast.rmse >= told.club_mean.rmse


def test_a_week_s_own_ratings_are_not_looked_at():
    *before, last = season()
    without = replace(last, ratings={})
    assert foresee(Learned(before), last, last.ratings) == foresee(Learned(before), without, last.ratings)


def test_the_weeks_that_come_later_change_nothing():
    told = season()
    early = backtested(told[:20])
    assert backtested(told)[: len(early)] == early


def test_the_order_in_which_ratings_were_told_changes_nothing():
    told, chance = season(), random.Random(3)
    for week in (other := [replace(week) for week in told]):
        pairs = [*week.ratings.items()]
        chance.shuffle(pairs)
        other[other.index(week)] = replace(week, ratings=dict(pairs))
    *before, last = other
    assert foresee(Learned(before), last, last.ratings) == foresee(Learned(told[:-1]), told[-1], last.ratings)


def test_of_a_club_without_a_past_the_middle_is_foreseen_with_wide_bounds():
    ahead = SeasonWeek(UUID(int=1), 1, put("Blue", "folk"))
    (told,) = foresee(Learned([]), ahead, [ONE]).values()
    assert (told.rating, round(told.low, 2), round(told.high, 2)) == (3.0, 1.72, 4.28)
    assert telling(told.effects) == []
    assert divisiveness([]) is None
    assert backtested(season(weeks=3)) == []
    assert calibration([]) is None


def test_who_likes_such_music_is_expected_to_like_this_too_and_told_why():
    likes = {ONE: 10, TWO: 6, member(2): 6}
    weeks = [SeasonWeek(UUID(int=n), n, put(f"Folk {n}", "folk"), likes) for n in (1, 2, 3)]
    turned = dict.fromkeys(likes, 6) | {ONE: 4}
    weeks += [SeasonWeek(UUID(int=n), n, put(f"House {n}", "house"), turned) for n in (4, 5, 6)]
    folk, house = (
        foresee(Learned(weeks), SeasonWeek(UUID(int=9), 9, put("New", genre)), likes) for genre in ("folk", "house")
    )
    assert folk[ONE].rating > folk[TWO].rating + 0.5
    assert house[ONE].rating < house[TWO].rating
    sentences = [reason(each).sentence for each in telling(folk[ONE].effects)]
    assert "They gave more than one would expect to *Folk 1* and *Folk 2*." in sentences
    assert divisiveness(folk.values()) > divisiveness([folk[TWO]] * 3)


def test_what_somebody_chose_themself_counts_as_it_has_before():
    def chosen(number, ratings, **said):
        return SeasonWeek(UUID(int=number), number, put(f"Album {number}", f"genre {number}"), ratings, **said)

    weeks = [chosen(n, {ONE: 6, TWO: 6, member(n % 3): 10}, nominated=frozenset({member(n % 3)})) for n in range(1, 13)]
    ahead = chosen(20, {}, nominated=frozenset({ONE}), first=frozenset({ONE, TWO}))
    told = foresee(Learned(weeks), ahead, [ONE, TWO])
    assert "They nominated it." in [reason(each).sentence for each in telling(told[ONE].effects)]
    # Nobody ever chose before what they had not put up: what that is worth is not known.
    assert {each.name for each in telling(told[TWO].effects)} == {"habit"} or telling(told[TWO].effects) == []
    assert told[ONE].rating > told[TWO].rating


def test_a_prediction_stays_on_the_scale():
    weeks = [SeasonWeek(UUID(int=n), n, put(f"Folk {n}", "folk"), {ONE: 10, TWO: 2}) for n in range(1, 20)]
    for each in foresee(Learned(weeks), SeasonWeek(UUID(int=50), 50, put("New", "folk")), [ONE, TWO]).values():
        assert 1 <= each.low <= each.rating <= each.high <= 5
