"""Which release group is meant, and which release stands for it."""

from uuid import UUID, uuid4

import pytest

from catalog.enrichment.rules import (
    Wanted,
    pick_group,
    pick_on_spotify,
    representative,
    weights,
    without_edition,
)
from catalog.sources.answers import Release, ReleaseGroup, SpotifyAlbum, TagTold
from catalog.sources.rules import exactness, phrase, year_of


def wanted(title="Blue", artist="Joni Mitchell", year=None):
    return Wanted(UUID(int=1), title, artist, year)


def group(title="Blue", artist="Joni Mitchell", date="1971-06-22", kind="Album", *secondary):
    who = {"name": artist, "joinphrase": "", "artist": {"id": str(uuid4()), "name": artist}}
    told = {"id": str(uuid4()), "title": title, "primary-type": kind, "secondary-types": list(secondary)}
    return ReleaseGroup.model_validate(told | {"first-release-date": date, "artist-credit": [who]})


def release(date="1973-03-01", tracks=10, told="", form="CD", status="Official", title="The Dark Side of the Moon"):
    medium = {"position": 1, "format": form, "track-count": tracks}
    about = {"id": str(uuid4()), "title": title, "disambiguation": told, "status": status, "date": date}
    return Release.model_validate(about | {"media": [medium]})


def test_the_same_names_are_it_and_a_beginning_is_not():
    blue = group()
    assert pick_group(wanted(), [group("Blue Lines", "Massive Attack"), blue, group("Blue", "Joni")]) is blue
    assert pick_group(wanted(), [group("Blue", "Joni Mitchell & Friends")]) is None


@pytest.mark.parametrize(("year", "found"), [(1971, True), (1972, True), (1970, True), (1973, False), (None, True)])
def test_a_year_apart_is_the_same_and_more_is_another(year, found):
    assert (pick_group(wanted(year=year), [group()]) is not None) == found


def test_where_two_would_do_none_does_and_the_year_tells_them_apart():
    blue, green = group("Weezer", "Weezer", "1994-05-10"), group("Weezer", "Weezer", "2001-05-15")
    assert pick_group(wanted("Weezer", "Weezer"), [blue, green]) is None
    assert pick_group(wanted("Weezer", "Weezer", 2001), [blue, green]) is green
    assert pick_group(wanted("Weezer", "Weezer", 2008), [blue, green]) is None


def test_the_album_goes_before_the_live_one_the_ep_and_the_single():
    single, live, album = group(kind="Single"), group(kind="Album", date="1971"), group()
    live = live.model_copy(update={"secondary_types": ["Live"]})
    assert pick_group(wanted(), [single, live, album]) is album
    assert pick_group(wanted(), [single, live]) is live
    assert pick_group(wanted(), [single]) is single


def test_an_edition_in_the_typed_title_does_not_matter_but_another_recording_does():
    assert pick_group(wanted("Blue (Deluxe Edition)"), [group()])
    assert pick_group(wanted("Blue (Live)"), [group()]) is None


def test_editions_are_not_searched_for():
    titles = ["Blue (2021 Remaster)", "Blue [Deluxe Edition] (Remastered)", "Blue - Deluxe", "Blue"]
    assert {without_edition(title) for title in titles} == {"Blue"}
    for title in ("Live at Leeds (Live)", "( )", "Jazz (We've Got)", "Ambient - Music"):
        assert without_edition(title) == title


def test_the_earliest_official_one_stands_for_the_album():
    first, again, promo = release(), release("1993"), release("1973-02-01", status="Promotion")
    assert representative([again, promo, first]) is first
    assert representative([promo]) is promo
    assert representative([]) is None
    assert representative([release(tracks=0)]) is None


@pytest.mark.parametrize(
    "other",
    [
        {"told": "5.1 surround mix"},
        {"title": "The Dark Side of the Moon (Deluxe Edition)", "tracks": 16},
        {"told": "30th anniversary edition"},
        {"form": "DVD-Audio"},
        {"form": "Hybrid SACD"},
        {"title": "The Dark Side of the Moon: Immersion Box Set"},
    ],
)
def test_an_enlarged_edition_stands_for_it_only_where_there_is_no_other(other):
    odd, plain = release("1973", **other), release("1994-08")
    assert representative([odd, plain]) is plain
    assert representative([odd]) is odd


def test_of_nine_and_ten_tracks_on_one_day_the_usual_number_stands_for_it():
    nine, ten = release(tracks=9), release(tracks=10)
    assert representative([nine, ten, release("1984", tracks=10)]) is ten
    assert representative([nine, ten, release("1984", tracks=9)]) is nine
    assert representative([ten, nine]) is nine


def test_a_day_goes_before_its_month_and_its_month_before_its_year():
    dates = ["1973-03-01", "1973-03", "1973-12-31", "1973", "1974-01-01", "", None, "soon"]
    assert sorted(["1974-01-01", "1973", None, "1973-03", "1973-12-31", "1973-03-01"], key=exactness)[:5] == dates[:5]
    assert [year_of(date) for date in dates] == [1973, 1973, 1973, 1973, 1974, None, None, None]


def test_weights_are_shares_of_the_most_given():
    told = [TagTold(name="folk", count=10), TagTold(name="Rock", count=5), TagTold(name="no", count=0)]
    assert weights(told) == {"folk": 1, "rock": 0.5}
    assert weights([TagTold(name="no", count=-1)]) == {}


def spotify(name="Blue", artists=("Joni Mitchell",), date="1971-06-22", tracks=10):
    told = {"id": "7D2NdGvBHIavgLhmcwhluK", "name": name, "artists": [{"name": each} for each in artists]}
    return SpotifyAlbum.model_validate(told | {"release_date": date, "total_tracks": tracks, "images": []})


def test_on_spotify_a_reissue_is_known_by_its_number_of_tracks():
    assert pick_on_spotify(wanted(), 1971, 10, [spotify()])
    assert pick_on_spotify(wanted(), 1971, 10, [spotify(date="2021")])
    assert pick_on_spotify(wanted(), 1971, 10, [spotify(date="2021", tracks=24)]) is None
    assert pick_on_spotify(wanted(), None, None, [spotify()]) is None
    assert pick_on_spotify(wanted(), 1971, 10, [spotify("Blue Lines"), spotify(artists=("Joni",))]) is None


def test_on_spotify_several_artists_are_those_of_the_line():
    line = wanted("Watch the Throne", "JAY-Z & Kanye West")
    assert pick_on_spotify(line, 2011, 12, [spotify("Watch the Throne", ("JAY-Z", "Kanye West"), "2011")])
    assert pick_on_spotify(line, 2011, 12, [spotify("Watch the Throne", ("JAY-Z",), "2011")]) is None


def test_nothing_in_a_name_is_an_operator():
    assert phrase('AC/DC: "Live" (!!!)') == '"AC\\/DC\\: \\"Live\\" \\(\\!\\!\\!\\)"'
