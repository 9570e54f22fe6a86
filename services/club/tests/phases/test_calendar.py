"""Deadlines on a club's own clock, across the days on which clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from club.phases.calendar import default_deadlines, discussion_day, instant, placed
from club.phases.rules import TIMED, check_order
from contracts.clubs import Rhythm
from contracts.phases import NewDeadlines

NEW_YORK, BERLIN = ZoneInfo("America/New_York"), ZoneInfo("Europe/Berlin")
days = st.dates(date(2020, 1, 1), date(2040, 1, 1))
zones = st.sampled_from([NEW_YORK, BERLIN, ZoneInfo("Australia/Lord_Howe"), ZoneInfo("UTC")])


@pytest.mark.parametrize(
    ("zone", "day", "in_utc"),
    [
        # The clocks go back on 2 November in New York, on 26 October in Berlin.
        (NEW_YORK, date(2025, 11, 3), ["10-31T00:00", "11-02T00:00", "11-04T01:00", "11-11T01:00"]),
        (BERLIN, date(2025, 10, 27), ["10-23T18:00", "10-25T18:00", "10-27T19:00", "11-03T19:00"]),
        # And forward on 8 March, and on 29 March.
        (NEW_YORK, date(2026, 3, 9), ["03-06T01:00", "03-08T01:00", "03-10T00:00", "03-17T00:00"]),
        (BERLIN, date(2026, 3, 30), ["03-26T19:00", "03-28T19:00", "03-30T18:00", "04-06T18:00"]),
    ],
)
def test_a_week_that_crosses_a_clock_change_keeps_its_local_times(zone, day, in_utc):
    ends = default_deadlines(day, Rhythm(), zone)
    assert [f"{getattr(ends, each):%m-%dT%H:%M}" for each in TIMED] == in_utc
    assert {getattr(ends, each).astimezone(zone).time() for each in TIMED} == {time(20)}


@given(days, zones)
def test_every_week_of_every_year_ends_its_phases_at_eight(day, zone):
    ends = default_deadlines(day, Rhythm(), zone)
    check_order(ends)
    local = [getattr(ends, each).astimezone(zone) for each in TIMED]
    assert {end.time() for end in local} == {time(20)}
    assert [end.date() - day for end in local] == [timedelta(days=days) for days in (-4, -2, 0, 7)]


def test_a_time_that_the_clocks_skip_is_as_much_later():
    skipped = instant(date(2026, 3, 8), time(2, 30), NEW_YORK)
    assert skipped.astimezone(NEW_YORK).time() == time(3, 30)


def test_of_a_time_that_the_clocks_show_twice_the_first_is_meant():
    assert instant(date(2025, 11, 2), time(1, 30), NEW_YORK) == datetime(2025, 11, 2, 5, 30, tzinfo=UTC)


def test_a_moment_without_an_offset_is_local_and_what_is_left_out_stays_out():
    local = {"nominating": "2025-10-25T20:00", "voting": "2025-10-27T20:00", "rating": None}
    ends = placed(NewDeadlines.model_validate(local), BERLIN)
    assert ends.nominating == datetime(2025, 10, 25, 18, tzinfo=UTC)
    assert ends.voting == datetime(2025, 10, 27, 19, tzinfo=UTC)
    assert ends.model_fields_set == {"nominating", "voting", "rating"}


def test_a_moment_with_an_offset_is_that_instant_in_any_club():
    ends = NewDeadlines.model_validate({"voting": "2025-10-27T20:00:00+02:00"})
    assert placed(ends, NEW_YORK).voting == datetime(2025, 10, 27, 18, tzinfo=UTC)


@given(days, st.sampled_from(["monday", "thursday", "sunday"]))
def test_the_next_discussion_leaves_time_for_what_comes_before(today, weekday):
    rhythm = Rhythm(weekday=weekday)
    day = discussion_day(rhythm, today)
    assert day.strftime("%A").lower() == weekday
    assert timedelta(days=7) <= day - today < timedelta(days=14)
