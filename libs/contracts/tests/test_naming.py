"""How names of music are normalised: the ids that stay for ever, and what counts as the same album."""

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from contracts.naming import (
    SEPARATOR,
    album_key,
    match_artist,
    match_title,
    messy_track_id,
    messy_v1,
    pick_album,
    search_text,
)

GOLDEN = json.loads((Path(__file__).parent / "golden" / "messy_v1.json").read_text())

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
# What every Python folds alike.
lasting = st.text(
    st.characters(exclude_categories=["Cs"]).filter(lambda each: unicodedata.ucd_3_2_0.category(each) != "Cn")
)


@pytest.mark.parametrize("row", GOLDEN, ids=lambda row: row["artist"])
def test_a_messy_triple_has_the_id_it_always_had(row):
    names = [row["artist"], row["track"], row["album"] or ""]
    assert [messy_v1(name) for name in names] == row["normalised"]
    assert str(messy_track_id(row["artist"], row["track"], row["album"])) == row["id"]


@given(text)
def test_what_is_normalised_stays_so(name):
    assert messy_v1(messy_v1(name)) == messy_v1(name)


@given(lasting)
def test_composed_and_decomposed_text_is_the_same_messy_name(name):
    assert messy_v1(unicodedata.normalize("NFC", name)) == messy_v1(unicodedata.normalize("NFD", name))


@given(st.text(st.characters(max_codepoint=127)))
def test_the_short_way_for_ascii_gives_what_the_long_one_gives(name):
    assert messy_v1(name) == messy_v1(name + "é").removesuffix("é").rstrip(" ")


@given(text, text)
def test_no_name_can_reach_into_the_next(artist, track):
    assert SEPARATOR not in messy_v1(artist + SEPARATOR + track)


@given(text)
def test_matching_again_changes_nothing(name):
    assert match_title(match_title(name)) == match_title(name)
    assert match_artist(match_artist(name)) == match_artist(name)


@given(text)
@example("\u1fdd")
@example("\u0385")
def test_matching_is_blind_to_how_text_is_composed(name):
    composed, decomposed = unicodedata.normalize("NFC", name), unicodedata.normalize("NFD", name)
    assert album_key(composed, composed) == album_key(decomposed, decomposed)


@given(text.filter(lambda name: name.strip()))
def test_no_name_is_matched_to_nothing(name):
    assert match_title(name)
    assert match_artist(name)
    assert search_text(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Björk", "Bjork"),
        ("Röyksopp", "Røyksopp"),
        ("Simon & Garfunkel", "Simon and Garfunkel"),
        ("Florence + the Machine", "Florence & The Machine"),
        ("The Beatles", "Beatles"),
        ("The Beatles", "Beatles, The"),
        ("AC/DC", "ac dc"),
        ("R.E.M.", "REM"),
        ("Guns N\u2019 Roses", "Guns N' Roses"),
        ("JAY-Z feat. Alicia Keys", "Jay-Z ft Alicia Keys"),
        ("JAY-Z featuring Alicia Keys", "Jay-Z (feat. Alicia Keys)"),
        ("Tyler, The Creator", "Tyler The Creator"),
        ("小椋 佳", "小椋佳"),
        ("ＰＥＲＦＵＭＥ", "Perfume"),  # noqa: RUF001 — full-width letters are the case
    ],
)
def test_two_spellings_of_one_artist_match(one, other):
    assert match_artist(one) == match_artist(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("!!!", "+/-"),
        ("+/-", "÷"),
        ("Nirvana", "Nirvana feat. Somebody"),
        ("Tyler, The Creator", "Tyler"),
        ("The The", "Them"),
        ("JAY-Z & Kanye West", "JAY-Z"),
        ("が", "か"),
        ("小椋佳", "小椋"),
    ],
)
def test_two_artists_do_not_match(one, other):
    assert match_artist(one) != match_artist(other)


@pytest.mark.parametrize(
    "edition",
    [
        "Rumours (Deluxe Edition)",
        "Rumours [Expanded & Remastered]",
        "Rumours (2004 Remaster)",
        "Rumours (35th Anniversary)",
        "Rumours (Super Deluxe) [Explicit]",
        "Rumours (Collector's Edition)",
        "Rumours (Steven Wilson Remaster)",
        "Rumours - Remastered 2009",
        "Rumours \u2013 Deluxe Version",
        "Rumours: 40th Anniversary Edition",
        "Rumours（Deluxe）",  # noqa: RUF001 — full-width brackets are the case
        "RUMOURS",
    ],
)
def test_an_edition_is_the_album(edition):
    assert match_title(edition) == match_title("Rumours")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Blue", "Blue Lines"),
        ("Alive", "Alive (Live)"),
        ("Alive", "Alive (Deluxe Live Edition)"),
        ("1989", "1989 (Taylor's Version)"),
        ("Weezer (Blue Album)", "Weezer (Green Album)"),
        ("Homework", "Homework (Remixes)"),
        ("Songs - The Anniversary Waltz", "Songs"),
        ("( )", "÷"),
        ("Mouth", "Mouth (Come Clean)"),
    ],
)
def test_two_albums_do_not_match(one, other):
    assert match_title(one) != match_title(other)


def test_a_title_that_only_names_an_edition_is_a_title():
    assert match_title("Deluxe") == match_title("(Deluxe)") == "deluxe"


def test_title_and_artist_cannot_run_into_each_other():
    assert album_key("Blue", "Lines Joni") != album_key("Blue Lines", "Joni")


@pytest.mark.parametrize(
    ("year", "known", "picked"),
    [
        (None, [], None),
        (1971, [1971], 0),
        (1971, [1970, 1971], 1),
        (1971, [1971, 1971], 0),
        (1971, [1972], 0),
        (1971, [1973], None),
        (1971, [1970, 1972], None),
        (1971, [None], 0),
        (1971, [None, 1990], None),
        (1971, [None, 1972], 1),
        (None, [1971], 0),
        (None, [1971, 1990], None),
        (None, [1971, None], 1),
    ],
)
def test_the_year_decides_between_albums_of_one_name(year, known, picked):
    assert pick_album(year, list(enumerate(known))) == picked


years = st.none() | st.integers(1960, 1966)


@given(st.lists(years, max_size=5), years)
def test_an_album_that_was_made_is_found_when_it_is_described_again(known, year):
    candidates = list(enumerate(known))
    if pick_album(year, candidates) is None:
        assert pick_album(year, [*candidates, (len(known), year)]) == len(known)
