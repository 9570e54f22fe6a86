"""What of one listen is read, and in which words another is skipped."""

from datetime import UTC, datetime

import pytest

from listening.listenbrainz.listens import Unfit, read_listen

AT = datetime(2025, 11, 18, 20, 0, tzinfo=UTC)
UUID = "98255a8c-017a-4bc7-8dd6-1fa36124572b"
LONG_AGO = "Value for {} is too large, max permitted value is {}"
NOT_POSITIVE = "Value for {} is invalid, should be a positive integer."


@pytest.mark.parametrize(
    "spelled",
    [
        1_763_496_000,
        1_763_496_000.9,
        "1763496000",
        "1763496000.25",
        1_763_496_000_000,
        1_763_496_000_000_000_000,
        "2025-11-18T21:00:00+01:00",
    ],
)
def test_a_time_is_read_whatever_the_client_writes_and_is_of_whole_seconds(item, spelled):
    assert read_listen(item(at=spelled), "import").listened_at == AT


@pytest.mark.parametrize(
    ("info", "length"),
    [
        ({"duration": 222}, 222_000),
        ({"duration_ms": 222_000}, 222_000),
        ({"duration": "222"}, 222_000),
        ({"duration_ms": "222000.7"}, 222_000),
        ({"duration": 2_073_600}, 2_073_600_000),
        ({"duration": None, "duration_ms": 5}, 5),
        ({}, None),
        (None, None),
        ("nothing", None),
    ],
)
def test_a_length_may_come_in_seconds_or_in_milliseconds_or_as_text(item, info, length):
    assert read_listen(item(info=info), "single").track.duration_ms == length


def test_what_is_blank_is_left_aside(item):
    told = read_listen(
        item(release=" ", info={"release_mbid": "", "artist_mbids": ["", UUID], "work_mbids": None}), "single"
    )
    assert (told.track.album, told.info) == (None, {"artist_mbids": [UUID]})


def test_an_album_nobody_has_costs_the_listen_nothing(item):
    assert read_listen(item(release="x" * 501), "single").track.album is None


def test_names_are_trimmed_and_composed(item):
    told = read_listen(item(" Jo\u0301ga ", "Bjo\u0308rk"), "single")
    assert (told.track.title, told.track.artist) == ("Jóga", "Björk")


@pytest.mark.parametrize(
    ("info", "client"),
    [
        ({"submission_client": "navidrome", "media_player": "x"}, "navidrome"),
        ({"media_player": "Rhythmbox"}, "Rhythmbox"),
        ({"media_player": "x" * 300}, "x" * 100),
        ({"media_player": 7}, None),
        ({}, None),
    ],
)
def test_the_client_is_who_submits_or_else_what_plays(item, info, client):
    assert read_listen(item(info=info), "single").client == client


def test_what_is_too_much_to_be_kept_costs_the_listen_nothing(item):
    assert read_listen(item(info={"lyrics": "x" * 10_300}), "import").info == {}


def metadata(item, **changes):
    told = item()
    kept = {name: value for name, value in (told["track_metadata"] | changes).items() if value is not ...}
    return told | {"track_metadata": kept}


REFUSED = {
    "Listen is empty and cannot be validated.": lambda _: None,
    "JSON document must contain the key listened_at at the top level.": lambda item: item(at=None),
    "JSON document must contain an int value for listened_at.": lambda item: item(at="yesterday"),
    "JSON document must contain the key track_metadata at the top level.": lambda _: {"listened_at": 1_763_496_000},
    "JSON document may only contain listened_at and track_metadata top level keys": lambda item: item(extra=1),
    "JSON document may not have track_metadata with null value.": lambda item: item() | {"track_metadata": None},
    "track_metadata.artist_name must be a single string.": lambda item: metadata(item, artist_name=["a", "b"]),
    "field track_metadata.track_name is empty.": lambda item: item(" "),
    "field track_metadata.artist_name is empty.": lambda item: item(artist=""),
    "field track_metadata.track_name is too long.": lambda item: item("x" * 501),
    "field track_metadata.artist_name is too long.": lambda item: item(artist="x" * 501),
    "track_metadata.release_name must be a single string.": lambda item: item(release=7),
    "JSON document does not contain required field track_metadata.track_name.": lambda item: metadata(
        item, track_name=...
    ),
    "JSON document may not contain more than 50 items in track_metadata.additional_info.tags.": lambda item: item(
        info={"tags": ["x"] * 51}
    ),
    "JSON document may not contain track_metadata.additional_info.tags longer than 64 characters.": lambda item: item(
        info={"tags": ["x" * 65]}
    ),
    "JSON document should not contain both duration and duration_ms.": lambda item: item(
        info={"duration": 1, "duration_ms": 1000}
    ),
    NOT_POSITIVE.format("duration"): lambda item: item(info={"duration": 0}),
    NOT_POSITIVE.format("duration_ms"): lambda item: item(info={"duration_ms": "long"}),
    LONG_AGO.format("duration", 2_073_600): lambda item: item(info={"duration": 2_073_601}),
    LONG_AGO.format("duration_ms", 2_073_600_000): lambda item: item(info={"duration_ms": 2_073_600_001}),
    "recording_mbid MBID format invalid.": lambda item: item(info={"recording_mbid": "7"}),
    "artist_mbids MBID format invalid.": lambda item: item(info={"artist_mbids": [UUID, "7"]}),
    "work_mbids MBID format invalid.": lambda item: item(info={"work_mbids": "7"}),
    "A Case\0 of You contains a unicode null": lambda item: item("A Case\0 of You"),
    "\0 contains a unicode null": lambda item: item(info={"deep": [{"\0": 1}]}),
}


@pytest.mark.parametrize("sentence", REFUSED)
def test_a_listen_is_skipped_in_the_words_of_listenbrainz(item, sentence):
    with pytest.raises(Unfit) as told:
        read_listen(REFUSED[sentence](item), "import")
    assert str(told.value) == sentence


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"at": 1}, "JSON document must not contain listened_at while submitting playing_now."),
        (
            {"at": None, "extra": 1},
            "JSON document may only contain track_metadata as top level key when submitting playing_now.",
        ),
    ],
)
def test_what_plays_just_now_has_no_time(item, more, sentence):
    with pytest.raises(Unfit) as told:
        read_listen(item(**more), "playing_now")
    assert str(told.value) == sentence


def test_as_many_tags_as_long_as_they_may_be_are_taken(item):
    tags = ["x" * 64] * 50
    assert read_listen(item(info={"tags": tags}), "single").info == {"tags": tags}
