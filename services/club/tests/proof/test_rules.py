"""Leaves, the chain and the Merkle tree."""

import hashlib
from datetime import UTC, datetime
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from club.proof import rules

REF, FIRST, SECOND, WEEK = (UUID(int=number) for number in range(1, 5))
MOMENT = datetime(2025, 11, 24, 19, 0, 0, 250, UTC)

hashes = st.binary(min_size=32, max_size=32)
leaves = st.lists(hashes, max_size=40)
links = st.lists(st.builds(rules.Link, st.sampled_from([REF, FIRST, SECOND]), hashes), max_size=12)


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def test_a_leaf_is_the_hash_of_exactly_these_bytes():
    salt = bytes(range(32))
    micros = 1_764_010_800_000_250
    expected = sha(REF.bytes, salt, FIRST.bytes, bytes(16), micros.to_bytes(8, "big"))
    assert rules.leaf(REF, salt, FIRST, None, MOMENT) == expected


def test_a_leaf_changes_with_everything_it_holds():
    salt = bytes(32)
    said = {
        rules.leaf(REF, salt, FIRST, SECOND, MOMENT),
        rules.leaf(WEEK, salt, FIRST, SECOND, MOMENT),
        rules.leaf(REF, bytes([1] * 32), FIRST, SECOND, MOMENT),
        rules.leaf(REF, salt, SECOND, FIRST, MOMENT),
        rules.leaf(REF, salt, FIRST, None, MOMENT),
        rules.leaf(REF, salt, None, FIRST, MOMENT),
        rules.leaf(REF, salt, FIRST, SECOND, MOMENT.replace(microsecond=251)),
    }
    assert len(said) == 7


def test_the_chain_begins_with_the_week_and_the_draw_s_commitment():
    commit = rules.commitment(bytes(32))
    assert commit == sha(bytes(32))
    assert rules.beginning(WEEK, commit) == sha(b"\3", WEEK.bytes, commit)


def test_each_head_holds_the_one_before_its_number_its_ballot_and_its_leaf():
    start, leaf = bytes(32), bytes([7] * 32)
    first, second = rules.heads(start, [rules.Link(REF, leaf), rules.Link(FIRST, leaf)])[1:]
    assert first == sha(b"\2", start, (1).to_bytes(8, "big"), REF.bytes, leaf)
    assert second == sha(b"\2", first, (2).to_bytes(8, "big"), FIRST.bytes, leaf)


@given(links, links)
def test_two_histories_have_one_head_only_if_they_are_one(one, other):
    assert (rules.heads(bytes(32), one)[-1] == rules.heads(bytes(32), other)[-1]) == (one == other)


@given(links)
def test_the_last_link_of_each_ballot_counts(chain):
    numbers = rules.last_numbers(chain)
    assert {chain[number - 1].ballot_ref for number in numbers} == {link.ballot_ref for link in chain}
    for number in numbers:
        assert chain[number - 1].ballot_ref not in {link.ballot_ref for link in chain[number:]}


def rfc_9162(entries):
    """The root as the RFC defines it, top down."""
    if not entries:
        return sha()
    if len(entries) == 1:
        return sha(b"\0", entries[0])
    split = 1
    while split * 2 < len(entries):
        split *= 2
    return sha(b"\1", rfc_9162(entries[:split]), rfc_9162(entries[split:]))


@given(leaves)
def test_the_root_is_that_of_rfc_9162(entries):
    assert rules.root(entries) == rfc_9162(entries)


@given(leaves.filter(bool), st.data())
def test_every_leaf_leads_to_the_root_and_no_other_does_in_its_place(entries, data):
    index = data.draw(st.integers(0, len(entries) - 1))
    path = rules.path(entries, index)
    assert rules.climb(entries[index], path) == rules.root(entries)
    assert rules.climb(sha(entries[index]), path) != rules.root(entries)


def test_each_link_has_a_salt_of_its_own():
    assert len({rules.salt(bytes(32), number) for number in range(1, 100)}) == 99
