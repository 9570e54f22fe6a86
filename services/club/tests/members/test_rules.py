"""For whom a caller may speak."""

from uuid import uuid4

import pytest

from chassis.caller import Caller
from chassis.errors import Unauthenticated
from club.members import rules
from contracts.identity import UserIn

IDA, BEN = uuid4(), uuid4()


def caller(kind, *scopes, sub=IDA):
    return Caller(iss="gateway", sub=str(sub), kind=kind, scopes=scopes)


@pytest.mark.parametrize("user", [None, UserIn(user_id=IDA), UserIn(discord_id="7")])
def test_a_member_always_means_themself(user):
    assert rules.meant(caller("user"), user) == UserIn(user_id=IDA)


def test_a_member_cannot_name_somebody_else():
    with pytest.raises(rules.OnlyForYourself):
        rules.meant(caller("user", "club:write"), UserIn(user_id=BEN))


def test_a_member_who_names_a_discord_id_must_be_the_one_with_it():
    rules.check_same(UserIn(discord_id="7"), "7")
    rules.check_same(UserIn(user_id=IDA), None)
    rules.check_same(None, "7")
    with pytest.raises(rules.OnlyForYourself):
        rules.check_same(UserIn(discord_id="7"), "8")
    with pytest.raises(rules.OnlyForYourself):
        rules.check_same(UserIn(discord_id="7"), None)


@pytest.mark.parametrize("host", [caller("bot", "club:write"), caller("admin")])
def test_a_host_speaks_for_whom_they_name_and_must_name_somebody(host):
    assert rules.meant(host, UserIn(discord_id="7")) == UserIn(discord_id="7")
    with pytest.raises(rules.NobodyNamed):
        rules.meant(host, None)


@pytest.mark.parametrize("kind", ["bot", "worker", "service"])
def test_a_key_without_the_scope_speaks_for_nobody(kind):
    with pytest.raises(rules.KeyTooWeak):
        rules.meant(caller(kind, "listens:write"), UserIn(user_id=IDA))


def test_strangers_sign_in_first():
    with pytest.raises(Unauthenticated):
        rules.meant(caller("anonymous", sub="anonymous"), UserIn(user_id=IDA))


def test_a_members_key_for_listens_does_nothing_in_the_club():
    key = caller("user", "listens:write")
    with pytest.raises(rules.KeyTooWeak):
        rules.meant(key, None)
