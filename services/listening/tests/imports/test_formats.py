"""Every kind of file, as its service or its tool writes it."""

import json
from datetime import UTC, datetime

import pytest
from services.listening.tests.imports.examples import (
    ACCOUNT,
    BENJAMIN,
    EPISODE,
    EXTENDED,
    GHAN,
    LISTENBRAINZ,
    MALOJA,
    SCROBBLE,
)

from listening.imports.files import kinds_in, rows_of
from listening.imports.rows import Rejected, Row
from listening.names.store import Said


def at(*told):
    return datetime(*told, tzinfo=UTC)


URI = {"spotify_track_uri": EXTENDED["spotify_track_uri"]}
CASE = Row(at(2021, 11, 18, 20, 14, 3), Said("Joni Mitchell", "A Case of You", "Blue"), "spotify-export", 262_000, URI)
CAREY = Row(at(2021, 1, 31, 22, 10), Said("Joni Mitchell", "Carey", None), "spotify-account", 182_000)
RICK = Row(
    at(2015, 9, 29, 10, 19, 25),
    Said("Rick Astley", "Never Gonna Give You Up", "Whenever You Need Somebody", 212_000),
    "listenbrainz",
    None,
    {"recording_mbid": "98255a8c-017a-4bc7-8dd6-1fa36124572b"},
)
LONERISM = Row(
    at(2020, 10, 20, 10, 3, 58), Said("Tame Impala", "Feels Like We Only Go Backwards", "Lonerism"), "lastfm"
)
LETTER = Row(
    at(2022, 4, 15, 5, 20),
    Said("Robert Plant, Alison Krauss", "Please Read the Letter", "Raising Sand", 353_000),
    "maloja",
    200_000,
)
NOW = SCROBBLE | {"@attr": {"nowplaying": "true"}}
ONE = {key: told for key, told in SCROBBLE.items() if key != "image"}


@pytest.mark.parametrize(
    ("told", "kind", "rows"),
    [
        ([EXTENDED], "spotify_extended", [CASE]),
        ([ACCOUNT], "spotify_account", [CAREY]),
        ([LISTENBRAINZ], "listenbrainz", [RICK]),
        (json.dumps(LISTENBRAINZ) + "\n\n" + json.dumps(LISTENBRAINZ) + "\n", "listenbrainz", [RICK, RICK]),
        ({"maloja": {"export_time": 1_650_000_001}, "scrobbles": [MALOJA]}, "maloja", [LETTER]),
        ([{"track": [NOW, SCROBBLE]}, {"track": [SCROBBLE]}], "lastfm_json", [LONERISM, LONERISM]),
        ([{"track": ONE}], "lastfm_json", [LONERISM]),
        (
            GHAN,
            "lastfm_csv",
            [
                Row(at(2020, 10, 20, 10, 3, 58), Said("Tyler, The Creator", "EARFQUAKE", "IGOR"), "lastfm"),
                Row(at(2020, 10, 20, 10), Said("Tame Impala", "Elephant", None), "lastfm"),
            ],
        ),
        (
            BENJAMIN,
            "lastfm_csv",
            [
                Row(at(2020, 10, 20, 10, 3), Said("Sigur Rós", "Untitled 4", "( )"), "lastfm-export"),
                Row(at(2020, 10, 20, 10), Said("Tame Impala", '"Elephant"', "Lonerism"), "lastfm-export"),
            ],
        ),
    ],
    ids=["extended", "account", "listens", "listens by line", "maloja", "pages", "one on a page", "ghan", "benjamin"],
)
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "with a mark before it"])
def test_a_file_is_known_by_what_is_in_it(laid, told, kind, rows, mark):
    path = laid(mark + (told if isinstance(told, str) else json.dumps(told, indent=2)), name="of any name")
    assert kinds_in(path) == [kind]
    assert list(rows_of(path)) == rows


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"ms_played": 29_999}, "too_short"),
        (EPISODE, "not_music"),
        ({**EPISODE, "episode_name": None, "spotify_episode_uri": None, "audiobook_title": "Ulysses"}, "not_music"),
        ({"incognito_mode": True}, "private_session"),
        ({"ts": "yesterday"}, "no_time"),
        ({"ts": None}, "no_time"),
        ({"ms_played": None}, "unreadable"),
        ({"ms_played": "many"}, "unreadable"),
        ({"master_metadata_track_name": None}, "no_names"),
        ({"master_metadata_track_name": "x" * 501}, "no_names"),
        ({"master_metadata_album_artist_name": "a\0b"}, "no_names"),
        ({"master_metadata_album_artist_name": "\ud800"}, "no_names"),
    ],
)
def test_what_is_no_listen_is_told_with_its_reason(laid, changed, why):
    assert list(rows_of(laid([EXTENDED | changed, EXTENDED]))) == [Rejected(why), CASE]


@pytest.mark.parametrize(
    "changed", [{"ms_played": 30_000}, {"skipped": True}, {"skipped": None}, {"reason_end": "fwdbtn"}]
)
def test_what_was_heard_for_half_a_minute_counts_however_it_ended(laid, changed):
    [row] = rows_of(laid([EXTENDED | changed]))
    assert row.at == CASE.at


@pytest.mark.parametrize(
    ("told", "ended"),
    [
        (1_637_000_000, at(2021, 11, 15, 18, 17, 42)),
        (1_637_000_000_123, at(2021, 11, 15, 18, 17, 42)),
        (0, CASE.at),
        (None, CASE.at),
        (4_000_000_000, CASE.at),
    ],
    ids=["in seconds", "in milliseconds", "nought", "none", "after it was over"],
)
def test_what_was_played_offline_ended_when_it_was_played(laid, told, ended):
    offline = EXTENDED | {"offline": True, "offline_timestamp": told}
    online = offline | {"offline": False}
    assert [row.at for row in rows_of(laid([offline, online]))] == [ended, CASE.at]


def test_podcasts_of_the_account_data_are_no_music(laid):
    podcast = {
        "endTime": "2021-01-31 22:10",
        "podcastName": "Strong Songs",
        "episodeName": "Blue",
        "msPlayed": 9_000_000,
    }
    assert list(rows_of(laid([podcast, ACCOUNT]))) == [Rejected("not_music"), CAREY]


def test_a_line_with_a_quotation_mark_too_much_costs_itself_only(laid):
    broken = 'Tame Impala,Lonerism,"Elephant,20 Oct 2020 10:00\n'
    rows = list(rows_of(laid(BENJAMIN + broken + BENJAMIN)))
    assert [type(row) for row in rows] == [Row, Row, Rejected, Row, Row]


@pytest.mark.parametrize("duration", [{"duration": 212}, {"duration": "212.0"}, {"duration_ms": "212000"}])
def test_lengths_come_as_seconds_or_milliseconds_and_as_text(laid, duration):
    names = LISTENBRAINZ["track_metadata"] | {"additional_info": duration}
    [row] = rows_of(laid([LISTENBRAINZ | {"track_metadata": names}]))
    assert row.said.duration_ms == 212_000


@pytest.mark.parametrize("duration", ["NaN", "Infinity", -1, 0, 10**30, "long", [1], True])
def test_a_senseless_length_costs_nothing_but_itself(laid, duration):
    names = LISTENBRAINZ["track_metadata"] | {"additional_info": {"duration": duration, "duration_ms": duration}}
    [row] = rows_of(laid([LISTENBRAINZ | {"track_metadata": names}]))
    assert row.said.duration_ms is None
