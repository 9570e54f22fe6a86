"""How weeks are named and where they stand."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.caller import Caller
from chassis.errors import Unauthenticated
from club.weeks.rules import HostsOnly, check_host, default_label, merge_refs
from contracts.refs import Ref

refs = st.lists(
    st.builds(
        Ref,
        kind=st.sampled_from(["poll", "winner", "message"]),
        id=st.sampled_from(["7", "70", "9"]),
        guild_id=st.sampled_from([None, "1"]),
    ),
    max_size=8,
)


def caller(kind, *scopes):
    return Caller(iss="gateway", sub="x", kind=kind, scopes=frozenset(scopes))


@pytest.mark.parametrize(
    ("number", "label"),
    [(0, "WEEK 000 [2025-11-24]"), (3, "WEEK 003 [2025-11-24]"), (1234, "WEEK 1234 [2025-11-24]")],
)
def test_a_label_has_three_digits_or_as_many_as_it_needs(number, label):
    assert default_label(number, date(2025, 11, 24)) == label


@pytest.mark.parametrize("host", [caller("bot", "club:write"), caller("admin"), caller("user", "admin")])
def test_hosts_may_change_weeks(host):
    check_host(host)


@pytest.mark.parametrize("stranger", [caller("bot"), caller("user"), caller("worker", "listens:write")])
def test_others_may_not(stranger):
    with pytest.raises(HostsOnly):
        check_host(stranger)


def test_somebody_unknown_is_asked_to_sign_in():
    with pytest.raises(Unauthenticated):
        check_host(caller("anonymous", "club:write"))


def test_a_ref_replaces_that_of_its_kind_and_messages_gather():
    standing = [Ref(kind="poll", id="7"), Ref(kind="message", id="9")]
    merged = merge_refs(standing, [Ref(kind="poll", id="8"), Ref(kind="message", id="70")])
    assert merged == [Ref(kind="message", id="9"), Ref(kind="message", id="70"), Ref(kind="poll", id="8")]


def test_a_ref_told_again_without_its_guild_keeps_it():
    assert merge_refs([Ref(kind="poll", id="7", guild_id="1")], [Ref(kind="poll", id="7")])[0].guild_id == "1"


@given(refs, refs)
def test_merging_the_same_refs_again_changes_nothing(standing, given_refs):
    merged = merge_refs(standing, given_refs)
    assert merge_refs(merged, given_refs) == merged
    assert merge_refs(merged, []) == merged


@given(refs, refs)
def test_no_place_is_lost_and_only_messages_come_twice(standing, given_refs):
    merged = merge_refs(standing, given_refs)
    assert {ref.kind for ref in merged} == {ref.kind for ref in [*standing, *given_refs]}
    others = [ref.kind for ref in merged if ref.kind != "message"]
    assert len(others) == len(set(others))
    messages = {ref.id for ref in [*standing, *given_refs] if ref.kind == "message"}
    assert {ref.id for ref in merged if ref.kind == "message"} == messages
