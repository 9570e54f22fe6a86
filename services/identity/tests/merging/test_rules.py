"""Who can be merged into whom, and what of a profile stays."""

from uuid import uuid4

import pytest

from chassis.caller import Caller
from chassis.errors import Unauthenticated
from identity.merging.rules import MergedElsewhere, OnlyAdmins, Profile, SamePerson, already, check_admin, folded

IDA, BEN, CLEO = uuid4(), uuid4(), uuid4()
NOTHING = Profile(None, None, None)


def test_two_people_can_be_merged_and_are_not_yet():
    assert already(IDA, BEN, IDA, BEN) is False


def test_who_was_merged_into_the_same_person_is_merged_already():
    assert already(IDA, BEN, BEN, BEN) is True
    assert already(IDA, BEN, CLEO, CLEO) is True


def test_nobody_is_merged_into_themself_not_by_way_of_an_alias_either():
    with pytest.raises(SamePerson):
        already(IDA, IDA, IDA, IDA)
    with pytest.raises(SamePerson):
        already(BEN, IDA, BEN, BEN)


def test_who_is_somebody_is_not_merged_into_somebody_else():
    with pytest.raises(MergedElsewhere):
        already(IDA, CLEO, BEN, CLEO)


def test_the_survivor_keeps_what_they_have_and_gets_what_they_lack():
    theirs = Profile("ida", "ida", "https://cdn.example/ida.png")
    assert folded(Profile("ben", "ben", "https://cdn.example/ben.png"), theirs) == {}
    assert folded(NOTHING, theirs) == theirs._asdict()
    assert folded(theirs, NOTHING) == folded(NOTHING, NOTHING) == {}
    assert folded(Profile("ben", "ben", None), theirs) == {"avatar_url": theirs.avatar_url}


def test_admins_merge_people_and_nobody_else_does():
    check_admin(Caller(iss="gateway", sub="key", kind="admin"))
    check_admin(Caller(iss="gateway", sub=str(IDA), kind="user", scopes={"admin"}))
    for kind in ("user", "bot", "worker"):
        with pytest.raises(OnlyAdmins):
            check_admin(Caller(iss="gateway", sub="key", kind=kind, scopes={"users:write"}))
    with pytest.raises(Unauthenticated):
        check_admin(Caller(iss="gateway", sub="anonymous", kind="anonymous"))
