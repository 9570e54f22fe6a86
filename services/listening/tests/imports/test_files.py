"""Archives: as Spotify and ListenBrainz send them, and as somebody sends who means no good."""

import io
import json
import zipfile

import pytest
from services.listening.tests.imports.examples import ACCOUNT, EXTENDED, LISTENBRAINZ

from chassis.errors import Refusal
from listening.imports.files import kinds_in, rows_of
from listening.imports.ordering import InOrder
from listening.imports.rows import Rejected, Row
from listening.imports.rules import MEMBERS, DamagedArchive, TooMuchInside, UnknownFormat


def test_the_archive_that_spotify_sends_is_read_whole(packed):
    path = packed(
        {
            "Spotify Extended Streaming History/Streaming_History_Audio_2021_0.json": [EXTENDED],
            "Spotify Extended Streaming History/endsong_1.json": [EXTENDED | {"ts": "2019-01-01T00:00:00Z"}],
            "Spotify Extended Streaming History/Streaming_History_Video_2021.json": [EXTENDED],
            "Spotify Extended Streaming History/ReadMeFirst_ExtendedStreamingHistory.pdf": b"%PDF-1.4",
            "Spotify Account Data/StreamingHistory_music_0.json": [ACCOUNT],
            "Spotify Account Data/Userdata.json": {"username": "wren"},
            "Spotify Account Data/Playlist1.json": {"playlists": [{"items": [{"track": {"trackName": "Blue"}}]}]},
        }
    )
    assert kinds_in(path) == ["spotify_account", "spotify_extended"]
    assert sorted(row.at.year for row in rows_of(path)) == [2019, 2021, 2021]


def test_the_archive_that_listenbrainz_sends_is_read_whole(packed):
    line = json.dumps(LISTENBRAINZ) + "\n"
    members = {"user.json": {"user_name": "wren"}, "listens/2015/9.jsonl": line * 3, "listens/2016/1.jsonl": line}
    path = packed({**members, "feedback.jsonl": json.dumps({"recording_msid": "x", "score": 1}) + "\n"})
    assert kinds_in(path) == ["listenbrainz"]
    assert len(list(rows_of(path))) == 4


@pytest.mark.parametrize(
    "told",
    ["", "   ", "<html>", "{}", "[]", "[1, 2, 3]", '{"a": 1}', "a,b,c,d\n1,2,3,4\n", b"\x00\xff" * 100, "[" * 9999],
)
def test_what_is_no_history_is_refused(laid, told):
    with pytest.raises(UnknownFormat):
        kinds_in(laid(told))


def test_an_archive_without_any_history_is_refused(packed):
    with pytest.raises(UnknownFormat):
        kinds_in(packed({"Userdata.json": {"username": "wren"}}))


def test_an_archive_that_is_broken_off_is_refused(packed):
    path = packed({"endsong_0.json": [EXTENDED]})
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(DamagedArchive):
        kinds_in(path)


def test_a_damaged_member_costs_the_others_nothing(packed):
    members = {
        f"endsong_{number}.json": [EXTENDED | {"ms_played": 30_000 + n} for n in range(5000)] for number in (0, 1)
    }
    path = packed(members)
    content = bytearray(path.read_bytes())
    middle = content.index(b"endsong_1.json") - 20_000
    content[middle : middle + 64] = bytes(64)
    path.write_bytes(bytes(content))
    rows = list(rows_of(path))
    assert Rejected("unreadable") in rows
    assert sum(isinstance(row, Row) for row in rows) >= 5000


def test_a_bomb_is_noticed_before_it_is_unpacked(packed):
    row = json.dumps(EXTENDED)
    path = packed({"endsong_0.json": "[" + row + "," + " " * 60_000_000 + row + "]"})
    assert path.stat().st_size < 100_000
    with pytest.raises(TooMuchInside):
        list(rows_of(path))


def test_an_archive_of_a_hundred_thousand_files_is_refused(tmp_path):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for number in range(MEMBERS + 1):
            archive.writestr(str(number), b"")
    path = tmp_path / "many.zip"
    path.write_bytes(held.getvalue())
    with pytest.raises(TooMuchInside):
        kinds_in(path)


def test_every_prefix_of_an_archive_is_read_or_refused(packed):
    whole = packed({"endsong_0.json": [EXTENDED]})
    content = whole.read_bytes()
    for end in range(0, len(content), 7):
        whole.write_bytes(content[:end])
        with pytest.raises(Refusal):
            kinds_in(whole)


def test_rows_come_in_order_of_time_however_many_lie_on_the_disk(laid, monkeypatch):
    monkeypatch.setattr("listening.imports.ordering.RUN", 7)
    told = [
        EXTENDED | {"ts": f"2021-11-18T20:{(number * 37) % 60:02}:00Z", "ms_played": 30_000 + number}
        for number in range(60)
    ]
    path = laid([*told, EXTENDED | {"ms_played": 1}])
    with InOrder(rows_of(path)) as rows:
        rows.sort()
        first, again = list(rows), rows.total
    assert [row.at.minute for row in first] == list(range(60))
    assert sorted(first, key=lambda row: row.listened_ms) == [row for row in rows_of(path) if isinstance(row, Row)]
    assert (again, rows.rejected) == (60, {"too_short": 1})
