"""Sections cut into parts that the wire carries, and put together again."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.consumer import LONGEST as BODY
from chassis.exporting import LONGEST, MOST, in_parts

ITEMS = st.lists(st.fixed_dictionaries({"said": st.text(max_size=40) | st.just("x" * 60_000)}), max_size=12)


def whole(parts):
    """A section that several parts hold goes on from one to the next."""
    told = {}
    for part in parts:
        for name, items in part.items():
            told[name] = told.get(name, []) + items
    return told


@settings(deadline=None)
@given(st.dictionaries(st.text(min_size=1, max_size=8), ITEMS, max_size=4))
def test_parts_one_after_the_other_are_the_sections_again(sections):
    parts = list(in_parts(sections))
    assert whole(parts) == sections
    assert [*whole(parts)] == [*sections]
    for part in parts:
        assert len(json.dumps(part)) < LONGEST + 70_000 < BODY


def test_a_part_holds_so_many_items_at_most():
    numbers = {"ratings": [{"n": n} for n in range(MOST)], "diary": [{"n": n} for n in range(MOST + 1)]}
    parts = list(in_parts(numbers))
    assert [sum(map(len, part.values())) for part in parts] == [MOST, MOST, 1]
    assert whole(parts) == numbers


def test_of_nothing_there_is_one_part():
    assert list(in_parts({})) == [{}]
    assert list(in_parts({"ratings": []})) == [{"ratings": []}]
