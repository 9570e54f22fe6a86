"""Which known album a reading means."""

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.resolve.reading import Reading, readings
from catalog.resolve.rules import SURE, Known, rank, weigh
from catalog.resolve.slips import likeness, slips

NAMES = st.text("abcdeéñ 12'&.x", min_size=1, max_size=12).filter(str.strip)
YEARS = st.none() | st.integers(1960, 1970)


def album(number=1, title="Real Life", artist="Magazine", year=None):
    return Known(UUID(int=number), (title,), (artist,), year)


def confidence(reading, *albums):
    return [match.confidence for match in sorted(weigh(reading, albums), key=lambda match: match.id)]


def test_a_missing_year_matches_when_exactly_one_such_album_exists():
    undated = Reading("Real Life", "Magazine")
    assert confidence(undated, album(year=1978)) == [1.0]
    assert max(confidence(undated, album(1, year=1978), album(2, year=1998))) < SURE


def test_a_year_apart_is_near_and_more_is_another_album():
    assert SURE < confidence(Reading("Real Life", "Magazine", 1979), album(year=1978))[0] < 1
    (match,) = weigh(Reading("Real Life", "Magazine", 1980), [album(year=1978)])
    assert (match.confidence < SURE / 2, match.matched, match.differs) == (True, ("title", "artist"), ("year",))


def test_the_year_tells_namesakes_apart():
    albums = [album(1, "Weezer", "Weezer", 1994), album(2, "Weezer", "Weezer", 2001)]
    first, *others = rank([Reading("Weezer", "Weezer", 2001)], albums)
    assert (first.id, first.confidence) == (UUID(int=2), 1.0)
    assert all(match.confidence < SURE for match in others)


@pytest.mark.parametrize("artist", ["Tyler", "The Creator", "Tyler, The Creators Of"])
def test_a_part_of_an_artist_is_another_artist(artist):
    known = album(title="IGOR", artist="Tyler, The Creator")
    (match,) = weigh(Reading("IGOR", artist), [known])
    assert (match.confidence < SURE, match.differs) == (True, ("artist",))


@pytest.mark.parametrize(
    ("one", "other"),
    [("Blue", "Blur"), ("Kid A", "Kid B"), ("1989", "1999"), ("Faust IV", "Faust V"), ("Close", "Lose")],
)
def test_short_names_and_numbers_never_slip(one, other):
    assert likeness(one.casefold().split(), other.casefold().split()) == 0


def test_every_other_name_of_an_album_and_its_artist_is_as_good():
    known = replace(album(), titles=("The Beatles", "The White Album"), artists=("The Beatles", "Fab Four"))
    assert confidence(Reading("White Album", "Beatles"), known) == [1.0]
    assert confidence(Reading("The Beatles", "Fab Four"), known) == [1.0]


@given(one=st.text("abc", max_size=6), other=st.text("abc", max_size=6))
def test_slips_are_the_same_both_ways_and_none_only_between_equals(one, other):
    assert slips(one, other) == slips(other, one) <= max(len(one), len(other))
    assert (slips(one, other) == 0) is (one == other)


@given(titles=st.tuples(NAMES, NAMES), artists=st.tuples(NAMES, NAMES), years=st.tuples(YEARS, YEARS))
def test_two_descriptions_mean_each_other_equally(titles, artists, years):
    there = confidence(Reading(titles[0], artists[0], years[0]), album(1, titles[1], artists[1], years[1]))
    back = confidence(Reading(titles[1], artists[1], years[1]), album(1, titles[0], artists[0], years[0]))
    assert there == back


@given(reading=st.builds(Reading, NAMES, NAMES, YEARS), known=st.lists(st.tuples(NAMES, NAMES, YEARS), max_size=5))
def test_nothing_is_surer_than_the_album_itself_and_the_order_does_not_matter(reading, known):
    albums = [album(number, *each) for number, each in enumerate(known, start=2)]
    exact = album(1, reading.title, reading.artist, reading.year)
    ranked = rank([reading], [*albums, exact])
    assert ranked == rank([reading], [exact, *reversed(albums)])
    assert all(0 <= match.confidence <= 1 for match in ranked)
    assert next(match.confidence for match in ranked if match.id == exact.id) == ranked[0].confidence == 1.0


@given(text=st.text(max_size=300))
def test_any_text_has_few_readings(text):
    assert len(readings(text)) <= 60


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("Joni Mitchell - Blue (1971)", Reading("Blue", "Joni Mitchell", 1971)),
        ("Blue by Joni Mitchell", Reading("Blue", "Joni Mitchell")),
        ("nominating: **Blue** — Joni Mitchell, 1971", Reading("Blue", "Joni Mitchell", 1971)),
        ("1999 - Prince (1982)", Reading("1999", "Prince", 1982)),
        ("Prince - 1999", Reading("1999", "Prince")),
        ("Beyoncé self-titled", Reading("Beyoncé", "Beyoncé")),
        (
            "https://open.spotify.com/album/7D2NdGvBHIavgLhmcwhluK\nBlue / Joni Mitchell",
            Reading("Blue", "Joni Mitchell"),
        ),
        ("blue joni mitchell", Reading(together="blue joni mitchell")),
    ],
)
def test_a_line_is_read_in_the_ways_people_write(text, reading):
    assert reading in readings(text)
