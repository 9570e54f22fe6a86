"""What a call of Last.fm's protocol says, what of it is signed, and in which forms it is answered."""

import pytest

from listening.lastfm.rules import Call, Failed, read_parameters
from listening.lastfm.scrobbles import read_scrobbles
from listening.lastfm.words import failure_in_json, failure_in_xml, in_xml


def test_parameters_are_signed_in_the_order_of_their_names_but_for_two():
    told = {f"artist[{n}]": f"{n}" for n in (0, 1, 2, 10)}
    told |= {"method": "track.scrobble", "format": "json", "callback": "x", "api_sig": "y", "api_key": "K"}
    assert Call("", told, writes=True).said == "api_keyKartist[0]0artist[10]10artist[1]1artist[2]2methodtrack.scrobble"


def test_what_the_protocols_own_page_signs_is_signed_here_so():
    told = {"token": "T", "method": "auth.getSession", "api_key": "K"}
    assert Call("", told, writes=True).said == "api_keyKmethodauth.getSessiontokenT"


@pytest.mark.parametrize(
    ("query", "form", "told"),
    [
        (b"", b"a=1&b=", {"a": "1", "b": ""}),
        (b"username=wren", b"a=%C3%A9", {"username": "wren", "a": "é"}),
        (b"a=1", b"a=2", {"a": "2"}),
        (b"", b"a=1&a=2", {"a": "1"}),
        (b"", "a=é+e".encode(), {"a": "é e"}),
    ],
)
def test_parameters_come_in_the_address_and_in_the_form(query, form, told):
    assert read_parameters(query, form) == told


@pytest.mark.parametrize("form", [b"a=%ff", b"\xff", b"&".join(b"a=1" for _ in range(1001))])
def test_what_is_no_form_fails(form):
    with pytest.raises(Failed) as failed:
        read_parameters(b"", form)
    assert failed.value.number == 6


def read(**parameters):
    return [(each.ignored, each.track and each.track.duration_ms) for each in read_scrobbles(parameters)]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({}, (0, None)),
        ({"duration": "262"}, (0, 262_000)),
        ({"duration": "262.9"}, (0, 262_000)),
        ({"duration": "-1"}, (0, None)),
        ({"duration": "long"}, (0, None)),
        ({"duration": "9" * 50}, (0, None)),
        ({"artist": " "}, (1, None)),
        ({"artist": "x" * 501}, (1, None)),
        ({"artist": "\0"}, (1, None)),
        ({"track": ""}, (2, None)),
        ({"artist": "", "track": ""}, (1, None)),
        ({"album": "x" * 501}, (0, None)),
        ({"timestamp": "yesterday"}, (3, None)),
        ({"timestamp": ""}, (3, None)),
        ({"context": "x" * 11_000}, (0, None)),
    ],
)
def test_what_of_a_scrobble_cannot_be_is_ignored_by_a_number(song, more, told):
    [(ignored, length)] = read(**song(**more))
    assert (ignored, length) == told


def test_scrobbles_are_told_apart_by_their_numbers():
    many = {f"{name}[{n}]": f"{n}" for n in range(50) for name in ("artist", "track", "timestamp")}
    assert [each.track.title for each in read_scrobbles(many)] == [str(n) for n in range(50)]
    for wrong in (many | {"artist": "x"} | {f"track[{50}]": "x"}, {}, {"timestamp[0]": "1"}):
        with pytest.raises(Failed):
            read_scrobbles(wrong)


def test_the_xml_is_made_of_the_json():
    told = {"a": {"@attr": {"n": 1}, "b": [{"c": "<"}, {"c": '"&'}], "d": {"code": "0", "#text": "\x0bx"}}}
    assert in_xml(told).decode().split("\n")[1] == (
        '<lfm status="ok"><a n="1"><b><c>&lt;</c></b><b><c>&quot;&amp;</c></b><d code="0">x</d></a></lfm>'
    )


def test_a_failure_has_both_forms():
    assert failure_in_json(9, "a < b") == b'{"error":9,"message":"a < b"}'
    assert b'<lfm status="failed"><error code="9">a &lt; b</error></lfm>' in failure_in_xml(9, "a < b")
