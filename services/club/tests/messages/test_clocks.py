"""Messages that are told of by a bot whose clock is wrong."""

from datetime import UTC, datetime, timedelta

import pytest

from club.messages.rules import DISCORD_EPOCH, moment_of, sent_at
from contracts.messages import SeenMessage

BLUE, HEJIRA = "Blue — Joni Mitchell (1971)", "Hejira — Joni Mitchell (1976)"
SENT = DISCORD_EPOCH + timedelta(days=4000)
NOW = SENT + timedelta(hours=2)


def seen(moment):
    snowflake = (moment - DISCORD_EPOCH) // timedelta(milliseconds=1) << 22
    return SeenMessage.model_validate({"id": str(snowflake), "kind": "rating", "author": {"discord_id": "7"}})


def later(hours):
    return SENT + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("told", "believed"),
    [(None, SENT), (later(1), later(1)), (later(-1), SENT), (later(3), NOW), (later(10**6), NOW)],
)
def test_nothing_happened_to_a_message_before_it_was_sent_or_after_now(told, believed):
    assert moment_of(seen(SENT), told, NOW) == believed


def test_a_message_that_discord_took_by_a_faster_clock_was_sent_just_now():
    ahead = seen(NOW + timedelta(seconds=3))
    assert sent_at(ahead.id) > NOW
    assert moment_of(ahead, None, NOW) == NOW


@pytest.fixture
async def people(club_of, record):
    await record("Blue")
    await record("Hejira", year=1976)
    return await club_of("Ida", "Ben")


@pytest.fixture
async def week(ask):
    """A week that takes nominations for another hour."""
    ends = {"nominating": (datetime.now(UTC) + timedelta(hours=1)).isoformat()}
    return (await ask("POST", "/club/weeks", {"number": 3, "deadlines": ends})).json()["id"]


@pytest.mark.parametrize("hours", [-48, 5])
async def test_an_edit_or_a_deletion_by_a_wrong_clock_is_measured_by_the_phase_that_it_met(
    ask, people, week, resync, became, message, hours
):
    wrong = (datetime.now(UTC) + timedelta(hours=hours)).isoformat()
    ida, ben = people
    edited, deleted = message(ida, "nomination", BLUE), message(ben, "nomination", BLUE)
    assert became(await resync(week, edited, deleted)) == [("made", None)] * 2
    edited |= {"content": HEJIRA, "edited_at": wrong}
    deleted |= {"deleted": True, "deleted_at": wrong}
    assert became(await resync(week, edited, deleted)) == [("made", None), ("withdrawn", None)]
    (left,) = (await ask("GET", f"/club/weeks/{week}/nominations")).json()["items"]
    assert (left["album"]["title"], left["nominator"]["display_name"]) == ("Hejira", "Ida")


async def test_an_edit_after_the_deadline_is_not_in_time_because_a_slow_clock_says_so(
    ask, people, week, resync, became, message
):
    await ask("POST", f"/club/weeks/{week}/advance", {"to": "voting"})
    late = message(people[0], "nomination", BLUE, edited_at="2020-01-01T00:00:00Z")
    assert became(await resync(week, late)) == [("refused", "phase_closed")]
