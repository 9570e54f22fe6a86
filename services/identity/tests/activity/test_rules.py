"""When something becomes news, and to whom."""

from datetime import UTC, datetime, timedelta

import pytest

from chassis.caller import Caller
from chassis.caller import audiences as listening_audiences
from identity.activity.rules import audiences, news_at

DONE = datetime(2025, 11, 24, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seen_from", "at"),
    [(None, DONE), (DONE - timedelta(days=1), DONE), (DONE + timedelta(days=1), DONE + timedelta(days=1))],
)
def test_what_is_shown_later_is_news_then(seen_from, at):
    assert news_at(DONE, seen_from) == at


@pytest.mark.parametrize(
    ("kind", "scopes", "sees"),
    [
        ("anonymous", (), 1),
        ("user", (), 2),
        ("worker", (), 2),
        ("bot", (), 3),
        ("admin", (), 3),
        ("user", ("admin",), 3),
    ],
)
def test_strangers_see_least_and_bots_and_admins_all(kind, scopes, sees):
    caller = Caller(iss="gateway", sub="x", kind=kind, scopes=scopes)
    assert audiences(caller) == ("public", "members", "private")[:sees]


@pytest.mark.parametrize(
    ("kind", "scopes", "sees"),
    [
        ("anonymous", (), 1),
        ("user", ("listens:write",), 1),
        ("user", (), 2),
        ("worker", (), 3),
        ("bot", (), 3),
        ("admin", (), 3),
    ],
)
def test_what_is_listened_to_is_seen_by_whom_listening_shows_it(kind, scopes, sees):
    caller = Caller(iss="gateway", sub="x", kind=kind, scopes=scopes)
    assert listening_audiences(caller) == ("public", "members", "private")[:sees]
