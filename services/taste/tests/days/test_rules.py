"""A day is known by artists and albums, in whatever order its tracks are told."""

from services.taste.tests.telling import named, track

from taste.days.rules import by_album


def test_tracks_of_an_album_are_summed_up_and_those_without_one_apart():
    tracks = [track(plays=2), track(title="Carey"), track(album=None, title="Urge for Going")]
    heard = by_album(tracks)
    assert {(each.artist_id, each.album_id): each.plays for each in heard} == {
        (named("Joni Mitchell"), named("Blue")): 3,
        (named("Joni Mitchell"), None): 1,
    }
    assert by_album(tracks[::-1]) == heard


def test_tracks_are_kept_with_their_plays_whatever_order_they_are_told_in():
    tracks = [track(plays=2), track(title="Carey"), track(plays=3)]
    (heard,) = by_album(tracks)
    assert {(each.title, each.plays) for each in heard.tracks} == {("River", 5), ("Carey", 1)}
    assert by_album(tracks[::-1]) == [heard]


def test_of_several_spellings_one_is_taken_whatever_comes_first():
    spelt = [track(), track(title="Carey").model_copy(update={"artist": "joni mitchell"})]
    assert by_album(spelt)[0].artist == by_album(spelt[::-1])[0].artist == "Joni Mitchell"
