"""How long one waits after failing to sign in."""

from datetime import UTC, datetime, timedelta

import pytest

from identity.logins.rules import wait

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0), (4, 0), (5, 2), (6, 4), (7, 8), (10, 64), (14, 900), (1000, 900)]
)
def test_after_five_failures_each_pause_is_twice_the_one_before_and_none_longer_than_a_quarter_of_an_hour(
    failures, seconds
):
    assert wait("pair", failures, NOW, NOW) == seconds


def test_waiting_counts_from_the_last_failure():
    assert wait("pair", 10, NOW - timedelta(seconds=60), NOW) == 4
    assert wait("pair", 10, NOW - timedelta(seconds=64), NOW) == 0


def test_after_an_hour_all_is_forgotten():
    assert wait("pair", 1000, NOW - timedelta(hours=1, seconds=1), NOW) == 0


def test_an_address_or_a_handle_alone_is_let_try_more_often():
    assert [wait(kind, 29, NOW, NOW) > 0 for kind in ("pair", "address", "handle")] == [True, False, False]
    assert [wait(kind, 50, NOW, NOW) > 0 for kind in ("pair", "address", "handle")] == [True, True, True]
