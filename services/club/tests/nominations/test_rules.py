"""Who withdraws what, and how many a week holds."""

from uuid import uuid4

import pytest

from chassis.caller import Caller
from chassis.errors import Unauthenticated
from club.members.rules import OnlyForYourself
from club.nominations import rules

IDA, BEN, CLEO = (uuid4() for _ in range(3))


def of(kind, sub="key"):
    return Caller(iss="gateway", sub=str(sub), kind=kind)


def test_a_member_withdraws_their_own_part_and_no_other():
    for member in (None, IDA):
        assert rules.withdrawn_part(of("user", IDA), member, [IDA, BEN], hosts=False) == IDA
    for caller, member in ((of("user", IDA), BEN), (of("user", CLEO), None), (of("worker"), IDA), (of("worker"), None)):
        with pytest.raises(OnlyForYourself):
            rules.withdrawn_part(caller, member, [IDA, BEN], hosts=False)
    with pytest.raises(Unauthenticated):
        rules.withdrawn_part(of("anonymous"), None, [IDA], hosts=False)


def test_a_host_withdraws_the_whole_or_one_part_that_there_is():
    assert rules.withdrawn_part(of("bot"), None, [IDA, BEN], hosts=True) is None
    assert rules.withdrawn_part(of("user", CLEO), BEN, [IDA, BEN], hosts=True) == BEN
    for nobody in (CLEO, rules.NOBODY):
        with pytest.raises(rules.NotNominator):
            rules.withdrawn_part(of("bot"), nobody, [IDA, BEN], hosts=True)


def test_a_week_holds_as_many_as_can_be_numbered():
    assert rules.next_number(0) == 1
    assert rules.next_number(rules.MOST_IN_A_WEEK - 1) == rules.MOST_IN_A_WEEK
    with pytest.raises(rules.WeekFull):
        rules.next_number(rules.MOST_IN_A_WEEK)


def test_a_decided_week_and_an_album_of_others_cannot_be_corrected():
    rules.check_correctable(decided=False, taken=False)
    with pytest.raises(rules.AlbumSettled):
        rules.check_correctable(decided=True, taken=True)
    with pytest.raises(rules.AlreadyNominated):
        rules.check_correctable(decided=False, taken=True)
