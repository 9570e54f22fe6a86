"""How far an export is, and when another may be asked for."""

from datetime import UTC, datetime, timedelta

import pytest

from identity.exports import rules

NOON = datetime(2025, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ready_at", "hours", "state"),
    [
        (None, 0, "gathering"),
        (None, 23.9, "gathering"),
        (None, 24, "failed"),
        (NOON, 0.1, "ready"),
        (NOON, 30, "ready"),
    ],
)
def test_an_export_is_gathered_for_a_day_and_then_it_failed(ready_at, hours, state):
    assert rules.state(NOON, ready_at, NOON + timedelta(hours=hours)) == state


def test_another_one_may_be_asked_for_an_hour_later():
    rules.check_not_too_soon(NOON, NOON + timedelta(hours=1))
    with pytest.raises(rules.ExportTooSoon) as refusal:
        rules.check_not_too_soon(NOON, NOON + timedelta(minutes=45))
    assert refusal.value.retry_after == 900


def test_a_service_has_told_everything_with_its_last_part_and_each_before_it():
    numbers = {"club": {0, 1, 2}, "taste": {0, 2}, "listening": {0, 1}}
    assert rules.gathered(numbers, {"club": 2, "taste": 2}) == {"club"}
