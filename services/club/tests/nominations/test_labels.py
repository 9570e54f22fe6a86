"""Codes and labels."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from uuid_utils.compat import uuid7

from club.nominations.labels import ANSWER, OPTION, code, cut, label, length, short_label
from contracts.catalog import Album

FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"
FLAG = "\U0001f1eb\U0001f1f7"
WHOLES = ("x", "\U0001d11e", FAMILY, FLAG, "e\u0323\u0301", "\U0001f44b\U0001f3fd", "❤\ufe0f", "\u1112\u1161\u11ab")
# Whatever may be typed, with more than usual of what is read as one character.
TEXTS = st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from("\u0301\u200d\ufe0f" + FAMILY + FLAG + "각")))


def album(title, artist="Joni Mitchell", year=1971):
    return Album(id=uuid7(), title=title, artist=artist, artists=[], year=year)


@pytest.mark.parametrize(
    ("number", "spelled"),
    [(1, "A1"), (25, "A25"), (26, "B1"), (50, "B25"), (51, "C1"), (650, "Z25"), (651, "AA1"), (676, "AB1")],
)
def test_a_letter_is_a_page_of_a_select(number, spelled):
    assert code(number) == spelled


@given(st.sets(st.integers(1, 32_767), min_size=2))
def test_no_two_numbers_have_one_code(numbers):
    assert len({code(number) for number in numbers}) == len(numbers)


def test_an_album_is_called_by_title_artist_and_year():
    assert label(album("Blue")) == short_label(album("Blue")) == "Blue — Joni Mitchell (1971)"
    assert label(album("Blue", year=None)) == "Blue — Joni Mitchell"


def test_what_is_too_long_ends_in_an_ellipsis():
    title = "When the Pawn Hits the Conflicts He Thinks like a King What He Knows Throws the Blows When He Goes"
    assert label(album(title, "Fiona Apple", 1999)) == f"{title}…"
    assert short_label(album(title, "Fiona Apple", 1999)) == "When the Pawn Hits the Conflicts He Thinks like a King…"


def test_it_is_one_line():
    assert label(album("Two\r\nLines\u2028", "A\tB", None)) == "Two Lines  — A B"


@pytest.mark.parametrize("whole", WHOLES)
def test_what_is_read_as_one_character_is_kept_or_left_whole(whole):
    for room in range(1, length(whole) + 2):
        shown = cut("ab" + whole + "cdefgh", 2 + room)
        assert shown == (f"ab{whole}…" if room > length(whole) else "ab…")


def test_two_flags_are_parted_between_them():
    assert cut(FLAG * 3, 9) == FLAG * 2 + "…"


def test_a_character_that_alone_is_too_long_is_cut_all_the_same():
    assert cut("Z" + "\u0300" * 200, 55) == "Z" + "\u0300" * 53 + "…"


@given(TEXTS, st.integers(2, 120))
def test_a_cut_is_within_its_bound_and_the_beginning_of_the_text(text, most):
    shown = cut(text, most)
    assert length(shown) <= most
    assert length(shown) == len(shown.encode("utf-16-le")) // 2
    assert shown == text if length(text) <= most else text.startswith(shown.removesuffix("…"))


@given(st.lists(st.sampled_from(WHOLES)), st.integers(13, 120))
def test_a_cut_is_between_what_is_read_as_characters(wholes, most):
    beginnings = {"".join(wholes[:count]) for count in range(len(wholes) + 1)}
    assert cut("".join(wholes), most).removesuffix("…") in beginnings


@given(TEXTS, TEXTS, st.none() | st.integers(1000, 2999))
def test_labels_fit_where_discord_shows_them(title, artist, year):
    named = album(title, artist, year)
    assert length(label(named)) <= OPTION
    assert length(short_label(named)) <= ANSWER
    assert not set("\r\n\u2028\u2029") & set(label(named))
