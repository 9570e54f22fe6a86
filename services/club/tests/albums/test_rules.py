"""Which of the albums at hand somebody means."""

from uuid import UUID

import pytest

from club.albums.rules import pick, with_ids_of_link
from contracts.catalog import Album, AlbumIn

MBID, OTHER_MBID = UUID(int=11), UUID(int=12)
SPOTIFY, OTHER_SPOTIFY = "a" * 22, "b" * 22


def album(number, year=None, **known):
    return Album(id=UUID(int=number), title="Weezer", artist="Weezer", artists=[], year=year, **known)


def typed(**said):
    return AlbumIn(title="Weezer", artist="Weezer", **said)


@pytest.mark.parametrize(
    ("said", "likely", "found"),
    [
        (AlbumIn(album_id=UUID(int=1)), [album(1)], 1),
        (AlbumIn(album_id=UUID(int=1)), [], None),
        (typed(), [], None),
        (typed(), [album(1, 1994)], 1),
        (typed(year=2001), [album(1, 1994), album(2, 2001)], 2),
        (typed(year=1994, mbid=MBID), [album(1, 1994), album(2, 2001, mbid=MBID)], 2),
        (typed(spotify_id=SPOTIFY), [album(1), album(2, spotify_id=SPOTIFY)], 2),
        (typed(mbid=MBID, spotify_id=SPOTIFY), [album(1, spotify_id=SPOTIFY), album(2, mbid=MBID)], 2),
        (typed(mbid=MBID), [album(1)], 1),
        (typed(mbid=MBID), [album(1, mbid=OTHER_MBID)], None),
        (typed(spotify_id=SPOTIFY), [album(1, spotify_id=OTHER_SPOTIFY)], 1),
    ],
)
def test_an_album_is_known_by_its_id_an_external_id_or_its_name_and_year(said, likely, found):
    assert pick(said, likely) == (found and UUID(int=found))


def test_a_link_stands_for_the_id_it_carries_where_none_is_given():
    link = f"https://open.spotify.com/album/{SPOTIFY}?si=1"
    assert with_ids_of_link(typed(url=link)).spotify_id == SPOTIFY
    assert with_ids_of_link(typed(url=link, spotify_id=OTHER_SPOTIFY)).spotify_id == OTHER_SPOTIFY
    assert with_ids_of_link(typed(url="https://example.com/blue")) == typed(url="https://example.com/blue")
