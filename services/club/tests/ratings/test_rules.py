"""What a rating says, changes and shows."""

from types import SimpleNamespace
from uuid import uuid4

import pytest

from chassis.caller import Caller
from chassis.errors import Unauthenticated
from club.gallery.rules import DiscordIdsHidden
from club.members.rules import OnlyForYourself
from club.ratings.rules import (
    NoWinner,
    RatingsHidden,
    afresh,
    changed,
    check_may_withdraw,
    check_sees,
    check_winner,
    counts,
    hides,
    reads_review,
    same_message,
    truncated,
)
from contracts.ratings import NewRating
from contracts.refs import Ref

IDA, BEN = uuid4(), uuid4()
MESSAGE = {"provider": "discord", "kind": "message", "id": "7", "guild_id": None}


def test_there_is_nothing_to_rate_before_a_winner():
    with pytest.raises(NoWinner):
        check_winner(None)


def test_only_a_standing_rating_of_the_winner_counts():
    blue, hejira = uuid4(), uuid4()
    assert counts(blue, None, blue)
    assert not counts(blue, None, hejira)
    assert not counts(blue, None, None)
    assert not counts(blue, "2025-11-24", blue)


@pytest.mark.parametrize(
    ("said", "changes"),
    [
        ({}, {}),
        ({"rating": 3}, {"half_steps": 6}),
        ({"review": "Lovely."}, {}),
        ({"review": None}, {"review": None}),
        ({"favorite_track": "River"}, {"favorite_track": "River"}),
        ({"ref": {"kind": "message", "id": "7", "guild_id": "8"}}, {}),
        ({"ref": {"kind": "message", "id": "9"}}, {"ref": MESSAGE | {"id": "9"}}),
        ({"ref": None}, {}),
    ],
)
def test_a_repeat_changes_what_it_says_differently(said, changes):
    standing = SimpleNamespace(half_steps=9, favorite_track=None, review="Lovely.", ref=MESSAGE)
    assert changed(standing, NewRating.model_validate({"rating": 4.5} | said)) == changes


def test_of_what_was_withdrawn_nothing_stays():
    assert afresh(NewRating(rating=4.5)) == {"half_steps": 9, "favorite_track": None, "review": None, "ref": None}


def test_an_edited_message_is_the_one_that_was_sent():
    assert same_message(MESSAGE, Ref(kind="message", id="7", guild_id="8"))
    assert not same_message(MESSAGE, Ref(kind="message", id="8"))
    assert not same_message(MESSAGE, Ref(kind="ratings", id="7"))
    assert not same_message(None, Ref(kind="message", id="7"))
    assert not same_message(MESSAGE, None)
    assert not same_message(None, None)


@pytest.mark.parametrize(
    ("visibility", "closed", "rated", "hidden"),
    [
        ("after_rating", False, False, True),
        ("after_rating", False, True, False),
        ("after_rating", True, False, False),
        ("always", False, False, False),
        ("at_close", False, True, True),
        ("at_close", False, False, True),
        ("at_close", True, False, False),
    ],
)
def test_ratings_are_hidden_as_the_club_decides_and_never_from_its_hosts(visibility, closed, rated, hidden):
    assert hides(visibility, closed=closed, rated=rated, hosts=False) is hidden
    assert hides(visibility, closed=closed, rated=rated, hosts=True) is False


def test_ones_own_rating_is_never_hidden():
    check_sees(own=True, by_discord_id=True, sees_discord_ids=False, hidden=True)
    check_sees(own=False, by_discord_id=False, sees_discord_ids=False, hidden=False)
    check_sees(own=False, by_discord_id=True, sees_discord_ids=True, hidden=False)
    with pytest.raises(RatingsHidden):
        check_sees(own=False, by_discord_id=False, sees_discord_ids=True, hidden=True)
    with pytest.raises(DiscordIdsHidden):
        check_sees(own=False, by_discord_id=True, sees_discord_ids=False, hidden=False)


def test_a_rating_is_withdrawn_by_its_author_or_by_a_host():
    ida = Caller(iss="gateway", sub=str(IDA), kind="user")
    check_may_withdraw(ida, IDA, hosts=False)
    check_may_withdraw(ida, BEN, hosts=True)
    for whose in (BEN, None):
        with pytest.raises(OnlyForYourself):
            check_may_withdraw(ida, whose, hosts=False)
    with pytest.raises(Unauthenticated):
        check_may_withdraw(Caller(iss="gateway", sub="", kind="anonymous"), IDA, hosts=False)


def test_a_hidden_review_is_read_by_its_author_and_by_hosts():
    assert reads_review(IDA, None, None, hosts=False)
    assert reads_review(IDA, "2025-11-24", IDA, hosts=False)
    assert reads_review(IDA, "2025-11-24", None, hosts=True)
    assert not reads_review(IDA, "2025-11-24", BEN, hosts=False)
    assert not reads_review(IDA, "2025-11-24", None, hosts=False)


@pytest.mark.parametrize(
    ("review", "length", "shown"),
    [
        ("A river", None, "A river"),
        ("A river", 7, "A river"),
        ("A river", 6, "A rive…"),
        ("🎧🎧🎧", 1, "🎧…"),
        (None, 5, None),
    ],
)
def test_a_review_is_cut_where_it_is_longer(review, length, shown):
    assert truncated(review, length) == shown
