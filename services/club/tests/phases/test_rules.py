"""What phases take, how they follow each other, and what is due."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from club.phases.rules import (
    ORDER,
    TAKEN,
    TIMED,
    DeadlinesOutOfOrder,
    NoAlbumWeek,
    OnlyForward,
    PhaseChanged,
    PhaseClosed,
    accepts,
    after,
    check_accepts,
    check_move,
    check_order,
    first_phase,
    leaves_voting,
    phase_at,
    reopens_voting,
)
from contracts.phases import Deadlines

START = datetime(2025, 11, 17, 20, tzinfo=UTC)
moments = st.integers(0, 100).map(lambda hours: START + timedelta(hours=hours))
phases = st.sampled_from(ORDER)


@st.composite
def in_order(draw):
    """Deadlines that follow each other; some are not given."""
    ends = sorted(draw(st.lists(moments, min_size=4, max_size=4, unique=True)))
    return Deadlines(**{each: end for each, end in zip(TIMED, ends, strict=True) if draw(st.booleans())})


@pytest.mark.parametrize(
    ("write", "phases"),
    [
        ("nominate", {"open", "nominating"}),
        ("withdraw", {"open", "nominating", "voting"}),
        ("vote", {"open", "voting"}),
        ("rate", {"open", "discussing", "rating"}),
    ],
)
def test_each_phase_takes_what_it_is_for(write, phases):
    assert {phase for phase in ORDER if accepts(phase, write)} == phases


def test_what_a_phase_does_not_take_is_refused():
    check_accepts("voting", "vote")
    with pytest.raises(PhaseClosed):
        check_accepts("discussing", "vote")


@pytest.mark.parametrize("kind", ["special", "skipped"])
def test_a_week_without_an_album_takes_nothing_in_any_phase(kind):
    for phase, write in product(ORDER, TAKEN):
        with pytest.raises(NoAlbumWeek):
            check_accepts(phase, write, kind)


@given(phases, in_order(), moments)
def test_what_is_due_at_once_is_what_would_have_been_done_one_by_one(phase, ends, now):
    stepped = phase
    for each in TIMED:
        end = getattr(ends, each)
        if stepped in TIMED and end is not None and end <= now and TIMED.index(each) >= TIMED.index(stepped):
            stepped = after(each)
    assert phase_at(phase, ends, now) == stepped


@given(phases, in_order(), moments, moments)
def test_looking_twice_does_nothing_more_and_time_never_moves_a_week_back(phase, ends, one, other):
    sooner, later = sorted((one, other))
    then = phase_at(phase, ends, sooner)
    assert phase_at(then, ends, sooner) == then
    assert phase_at(then, ends, later) == phase_at(phase, ends, later)
    assert ORDER.index(phase_at(phase, ends, later)) >= ORDER.index(then)


@given(in_order(), moments)
@pytest.mark.parametrize("phase", ["open", "draft", "closed"])
def test_nothing_moves_a_week_that_is_open_drafted_or_closed_but_a_host(phase, ends, now):
    assert phase_at(phase, ends, now) == phase


def test_a_phase_ends_in_the_moment_of_its_deadline_and_not_before():
    ends = Deadlines(voting=START)
    assert phase_at("voting", ends, START - timedelta(microseconds=1)) == "voting"
    assert phase_at("voting", ends, START) == "discussing"


@given(in_order())
def test_a_week_begins_in_the_first_phase_that_ends(ends):
    given_ends = [each for each in TIMED if getattr(ends, each)]
    assert first_phase(ends) == (given_ends[0] if given_ends else None)


@given(in_order())
def test_deadlines_in_order_are_taken(ends):
    check_order(ends)


@pytest.mark.parametrize("later", [START, START - timedelta(days=1)])
def test_a_phase_cannot_end_with_or_before_one_that_precedes_it(later):
    with pytest.raises(DeadlinesOutOfOrder):
        check_order(Deadlines(nominating=START, rating=later))


@given(phases, phases)
def test_a_move_is_forward_or_that_of_an_admin(before, to):
    check_move(before, to, None, may_reopen=True)
    forward = before in {"open", "draft"} or ORDER.index(to) >= ORDER.index(before)
    if forward:
        check_move(before, to, before, may_reopen=False)
    else:
        with pytest.raises(OnlyForward):
            check_move(before, to, None, may_reopen=False)


def test_who_thinks_a_week_elsewhere_is_told_where_it_is():
    with pytest.raises(PhaseChanged, match="“discussing”, not “voting”"):
        check_move("discussing", "closed", "voting", may_reopen=True)


@given(phases, phases)
def test_no_move_both_leaves_the_poll_and_reopens_it(before, to):
    assert not (leaves_voting(before, to) and reopens_voting(before, to))
    assert leaves_voting(before, "closed") == (before in {"open", "draft", "nominating", "voting"})
