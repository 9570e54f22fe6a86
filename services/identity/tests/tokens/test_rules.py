"""Who may have a token, and for how long a provider is left alone."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.caller import Caller
from chassis.providers import LONGEST_COOLDOWN, USUAL_COOLDOWN, cooldown
from identity.tokens.rules import NotForYou, check_may_use_tokens, is_usable

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def caller(kind, *scopes):
    return Caller(iss="gateway", sub="x", kind=kind, scopes=frozenset(scopes))


@pytest.mark.parametrize("who", [caller("service"), caller("worker", "tokens:read")])
def test_services_and_workers_with_the_scope_may(who):
    check_may_use_tokens(who)


@pytest.mark.parametrize(
    "who",
    [
        caller("worker", "sync:lease"),
        caller("worker"),
        caller("bot", "tokens:read"),
        caller("user", "tokens:read"),
        caller("anonymous"),
        caller("admin", "admin"),
    ],
)
def test_nobody_else_may_not_even_an_admin(who):
    with pytest.raises(NotForYou):
        check_may_use_tokens(who)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("7", 7),
        (" 7 ", 7),
        ("0", 1),
        ("79892", 79_892),
        ("9" * 40, LONGEST_COOLDOWN),
        ("Tue, 24 Nov 2026 12:01:30 GMT", 90),
        ("Tue, 24 Nov 2026 12:01:30", 90),
        ("Tue, 24 Nov 2020 12:00:00 GMT", 1),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST_COOLDOWN),
        ("1.5", USUAL_COOLDOWN),
        ("-5", USUAL_COOLDOWN),
        ("soon", USUAL_COOLDOWN),
        ("", USUAL_COOLDOWN),
        ("\u0663", USUAL_COOLDOWN),
        (None, USUAL_COOLDOWN),
    ],
)
def test_retry_after_is_read_as_far_as_it_can_be(said, seconds):
    assert cooldown(said, NOW) == seconds


@given(st.text(max_size=60))
def test_whatever_it_says_we_wait_at_least_a_second_and_at_most_a_week(said):
    assert 1 <= cooldown(said, NOW) <= LONGEST_COOLDOWN


@pytest.mark.parametrize(("seconds", "usable"), [(3600, True), (61, True), (60, False), (0, False), (-1, False)])
def test_what_is_handed_out_is_good_for_a_minute_at_least(seconds, usable):
    assert is_usable(NOW + timedelta(seconds=seconds), NOW) is usable


def test_what_has_no_end_is_always_usable():
    assert is_usable(None, NOW)
