"""What a description says of an album, and what it may add."""

from uuid import UUID

import pytest

from catalog.albums.rules import additions, front_cover, with_ids_of_link
from contracts.catalog import AlbumDescription

SPOTIFY = "7D2NdGvBHIavgLhmcwhluK"
MBID = UUID("b84ee12a-09ef-421b-82de-0441a926375b")


def described(**more):
    return AlbumDescription(title="Blue", artist="Joni Mitchell", **more)


@pytest.mark.parametrize(
    "link",
    [
        f"https://open.spotify.com/album/{SPOTIFY}",
        f"https://open.spotify.com/album/{SPOTIFY}?si=abc",
        f"https://open.spotify.com/intl-de/album/{SPOTIFY}",
        f"spotify:album:{SPOTIFY}",
    ],
)
def test_a_link_to_spotify_carries_its_id(link):
    assert with_ids_of_link(described(url=link)).spotify_id == SPOTIFY


@pytest.mark.parametrize(
    "link",
    [
        f"https://musicbrainz.org/release-group/{MBID}",
        f"https://musicbrainz.org/release-group/{str(MBID).upper()}/tags",
    ],
)
def test_a_link_to_a_release_group_carries_its_id(link):
    assert with_ids_of_link(described(url=link)).mbid == MBID


@pytest.mark.parametrize(
    "link",
    [
        f"https://musicbrainz.org/release/{MBID}",
        f"https://open.spotify.com/track/{SPOTIFY}",
        f"https://example.com/?https://open.spotify.com/album/{SPOTIFY}",
        f"https://open.spotify.com.example.com/album/{SPOTIFY}",
        "https://jonimitchell.bandcamp.com/album/blue",
    ],
)
def test_any_other_link_carries_none(link):
    plain = described(url=link)
    assert with_ids_of_link(plain) == plain


def test_an_id_that_is_given_stands_before_the_one_in_the_link():
    given = described(spotify_id="0" * 22, url=f"spotify:album:{SPOTIFY}")
    assert with_ids_of_link(given).spotify_id == "0" * 22


def test_a_description_adds_what_is_missing_and_replaces_nothing():
    known = described(year=1971, mbid=MBID)
    assert additions(described(year=2020, spotify_id=SPOTIFY), known) == {"spotify_id": SPOTIFY}


def test_a_cover_is_looked_for_by_release_group():
    assert front_cover(None) is None
    assert front_cover(MBID) == f"https://coverartarchive.org/release-group/{MBID}/front-500"
