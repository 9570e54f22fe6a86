"""Which of Spotify's tracks are which recordings."""

from uuid import UUID, uuid4

from catalog.enrichment.pairing import paired
from catalog.sources.answers import Release, SpotifyAlbum


def release(*media):
    def track(position, title):
        return {"position": position, "title": title, "recording": {"id": str(uuid4()), "title": title}}

    told = [
        {"position": disc, "tracks": [track(place, title) for place, title in enumerate(titles, 1)]}
        for disc, titles in enumerate(media, 1)
    ]
    return Release.model_validate({"id": str(uuid4()), "title": "Blue", "media": told})


def album(*tracks):
    """Each by disc, number and name."""
    items = [
        {"id": f"{place:022d}", "name": name, "disc_number": disc, "track_number": number}
        for place, (disc, number, name) in enumerate(tracks)
    ]
    told = {"id": "7D2NdGvBHIavgLhmcwhluK", "name": "Blue", "artists": [], "tracks": {"items": items}}
    return SpotifyAlbum.model_validate(told)


def titles(of, there):
    recordings = {listed.recording.id: listed.title for medium in of.media for listed in medium.tracks}
    names = {track.id: track.name for track in there.tracks.items}
    return {recordings[recording]: names[track] for recording, track in paired(of, there).items()}


def test_a_remaster_at_the_same_place_is_the_recording():
    assert titles(release(["Carey"]), album((1, 1, "Carey - 2021 Remaster"))) == {"Carey": "Carey - 2021 Remaster"}


def test_another_title_at_the_same_place_is_another_track():
    assert titles(release(["Carey"]), album((1, 1, "California"))) == {}
    assert titles(release(["Carey"]), album((1, 1, "Carey (Live)"))) == {}


def test_sides_and_discs_may_be_counted_otherwise():
    assert (
        len(
            titles(
                release(["Carey", "Blue"], ["California"]), album((1, 1, "Carey"), (1, 2, "Blue"), (1, 3, "California"))
            )
        )
        == 3
    )


def test_of_one_title_twice_the_place_decides_and_no_track_is_two_recordings():
    twice = album((1, 1, "Intro"), (2, 1, "Intro"))
    both = release(["Intro"], ["Intro"])
    assert sorted(paired(both, twice).values()) == ["0" * 22, "0" * 21 + "1"]
    assert titles(release(["Blue", "Intro"]), twice) == {}
    assert len(paired(both, album((1, 1, "Intro")))) == 1


def test_an_album_without_tracks_has_no_pairs():
    assert paired(release(["Carey"]), album()) == {}
    assert UUID(int=0) not in paired(release(), album((1, 1, "Carey")))
