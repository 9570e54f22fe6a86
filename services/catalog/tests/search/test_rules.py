"""What may have been meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.search.rules import LONGEST, as_meant, as_typed, candidates, one_slip_away, run_together, strange, torn

WORDS = st.text(st.characters(categories=["Ll", "Nd"]), min_size=4, max_size=12)


@pytest.mark.parametrize("typed", ["nevermnd", "nevermindd", "nevermibd", "nevremind", "evermind"])
def test_one_slip_is_undone(typed):
    assert "nevermind" in one_slip_away(typed)


@pytest.mark.parametrize("typed", ["w", "", "n" * (LONGEST + 1)])
def test_what_is_too_short_or_no_word_is_taken_as_it_stands(typed):
    assert one_slip_away(typed) == set()


@given(WORDS, st.data())
def test_a_lost_letter_is_found_again(word, data):
    at = data.draw(st.integers(0, len(word) - 1))
    shorter = word[:at] + word[at + 1 :]
    if word.isascii():
        assert word in one_slip_away(shorter)


def test_a_missing_blank_and_one_too_many_are_understood():
    assert ("blue", "miles") in torn("bluemiles")
    assert run_together(["never", "mind", "nirvana"]) == ["nevermind", "mindnirvana"]
    assert {"blue", "miles"} <= candidates(["bluemiles"], ["bluemiles"])
    assert as_meant(["bluemiles"], {"blue", "miles"}, {}) == "('bluemiles':* | ('blue' & 'miles'))"
    assert as_meant(["never", "mind"], {"never", "mind", "nevermind"}, {}) == "('never' & 'mind' | 'nevermind')"


def test_only_the_last_word_may_be_unfinished_unless_it_is_very_short():
    assert as_typed(["u2", "joshua", "tre"]) == "'u2' & 'joshua' & 'tre':*"
    assert as_typed(["joshua", "tr"]) == "'joshua' & 'tr'"


def test_a_word_that_is_known_is_meant_and_another_is_what_it_begins_or_is_one_slip_away_from():
    assert as_meant(["kind", "bleu"], {"kind", "blue", "glue"}, {}) == "'kind' & ('bleu':* | 'blue')"
    assert as_meant(["radoihaed"], set(), {"radoihaed": ["radiohead"]}) == "('radoihaed':* | 'radiohead')"
    assert strange(["kind", "bleu", "radoihaed"], {"kind", "blue"}) == ["radoihaed"]


def test_known_words_are_doubted_where_they_are_not_found_together():
    assert as_meant(["queen", "dad"], {"queen", "dad", "dead"}, {}, doubted=True) == "'queen':* & ('dad':* | 'dead')"


def test_what_is_typed_stays_a_word_and_never_asks_anything():
    assert as_typed(["o'brien", "back\\slash"]) == "'o''brien' & 'back\\\\slash':*"
