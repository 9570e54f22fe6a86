"""Who may leave, and what is said of it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from identity.leaving import rules

NOW = datetime(2025, 11, 24, 20, tzinfo=UTC)
IDA, BEN = UUID(int=1), UUID(int=2)


def test_a_session_is_fresh_for_ten_minutes():
    rules.check_fresh(NOW - timedelta(minutes=9, seconds=59), NOW)
    for begun_at in (NOW - timedelta(minutes=10), None):
        with pytest.raises(rules.SignInAgain):
            rules.check_fresh(begun_at, NOW)


def test_the_only_admin_who_can_sign_in_stays():
    rules.check_another_admin(IDA, {IDA, BEN})
    rules.check_another_admin(IDA, {BEN})
    rules.check_another_admin(IDA, set())
    with pytest.raises(rules.LastAdmin):
        rules.check_another_admin(IDA, {IDA})


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("Wren asked us to.", "… asked us to."),
        ("wren (175), known as wren-b", "… (…), known as …"),
        ("The wrens asked, 1750 times.", "The wrens asked, 1750 times."),
        (None, None),
    ],
)
def test_a_reason_is_kept_without_the_words_that_name_somebody(reason, told):
    assert rules.unnamed(reason, {"Wren", "wren", "wren-b", "175"}) == told
