"""What counts of a profile, and who may write one."""

import pytest

from chassis.caller import Caller
from chassis.errors import Unauthenticated
from contracts.identity import DiscordProfile, UserIn
from identity.users.rules import MayNotWriteUsers, carried, check_may_write, mentioned, provisional_name


def caller(kind, *scopes):
    return Caller(iss="gateway", sub="someone", kind=kind, scopes=frozenset(scopes))


def test_only_the_fields_that_were_sent_are_carried():
    assert carried(DiscordProfile(display_name="Ida")) == {"display_name": "Ida"}


def test_a_null_takes_the_picture_away_but_not_the_name():
    assert carried(DiscordProfile(display_name=None, avatar_url=None)) == {"avatar_url": None}


def test_what_another_service_does_not_know_changes_nothing():
    assert mentioned(UserIn(discord_id="1", display_name="Ida", avatar_url=None)) == {"display_name": "Ida"}


@pytest.mark.parametrize(("snowflake", "name"), [("175928847299117063", "Member 7063"), ("7", "Member 7")])
def test_who_has_no_name_yet_is_called_by_the_end_of_their_id(snowflake, name):
    assert provisional_name(snowflake) == name


@pytest.mark.parametrize("writer", [caller("bot", "users:write"), caller("admin")])
def test_bots_and_admins_may_write_users(writer):
    check_may_write(writer)


@pytest.mark.parametrize("other", [caller("user"), caller("worker", "listens:write"), caller("bot", "club:write")])
def test_nobody_else_may_write_users(other):
    with pytest.raises(MayNotWriteUsers):
        check_may_write(other)


def test_a_stranger_is_asked_to_sign_in():
    with pytest.raises(Unauthenticated):
        check_may_write(caller("anonymous"))
