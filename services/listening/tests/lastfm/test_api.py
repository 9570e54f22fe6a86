"""Calls of Last.fm's protocol over HTTP."""

import json

import pytest
from sqlalchemy import func, select, update

from chassis.errors import Unavailable
from contracts.leaving import UserDeleted
from listening.models import NowPlaying, Play, Quarantined, Sighting, User


async def all_of(stage, table):
    async with stage.db.transaction() as tx:
        return (await tx.scalars(select(table))).all()


async def test_one_scrobble_is_a_listen_and_answered_as_an_object(stage, ask, song, wren):
    told = await ask("track.scrobble", **song(duration="262", albumArtist="Joni", trackNumber="9"))
    echo = {"corrected": "0", "#text": "Joni Mitchell"}
    assert told["scrobbles"]["@attr"] == {"accepted": 1, "ignored": 0}
    assert told["scrobbles"]["scrobble"] == {
        "track": {"corrected": "0", "#text": "A Case of You"},
        "artist": echo,
        "album": {"corrected": "0", "#text": "Blue"},
        "albumArtist": {"corrected": "0", "#text": "Joni"},
        "timestamp": "1763496000",
        "ignoredMessage": {"code": "0", "#text": ""},
    }
    [seen] = await all_of(stage, Sighting)
    assert (seen.user_id, seen.source, seen.length_ms) == (wren.user_id, "audioscrobbler", 262_000)
    assert (seen.raw, int(seen.listened_at.timestamp())) == ({"albumartist": "Joni", "tracknumber": "9"}, 1_763_496_000)


async def test_fifty_are_taken_and_told_again_change_nothing(stage, ask, song):
    fifty = {name: text for n in range(50) for name, text in song(n, at=1_763_496_000 + 240 * n).items()}
    for _ in range(2):
        told = await ask("track.scrobble", **fifty)
        assert told["scrobbles"]["@attr"] == {"accepted": 50, "ignored": 0}
        assert len(told["scrobbles"]["scrobble"]) == 50
    assert len(await all_of(stage, Play)) == 50


async def test_fifty_one_are_too_many(stage, send, song):
    many = {name: text for n in range(51) for name, text in song(n, at=1_763_496_000 + 240 * n).items()}
    answer = await send("track.scrobble", format="json", **many)
    assert (answer.status_code, answer.json()["error"]) == (400, 6)
    assert await all_of(stage, Sighting) == []


async def test_what_cannot_be_is_ignored_and_costs_the_others_nothing(stage, ask, song):
    async with stage.db.transaction() as tx:
        now = int(await tx.scalar(select(func.extract("epoch", func.clock_timestamp()))))
    batch = song(0) | song(1, artist="") | song(2, track="") | song(3, at=now + 7200) | song(4, at=1) | song(5, at="x")
    told = (await ask("track.scrobble", **batch))["scrobbles"]
    assert told["@attr"] == {"accepted": 1, "ignored": 5}
    assert [each["ignoredMessage"]["code"] for each in told["scrobble"]] == ["0", "1", "2", "4", "3", "3"]
    assert (len(await all_of(stage, Sighting)), len(await all_of(stage, Quarantined))) == (1, 2)


async def test_without_a_wish_the_answer_is_xml(send, song, read_xml):
    status, scrobbles = read_xml(await send("track.scrobble", **song(track="A & B <C>")))
    assert (status, scrobbles.getAttribute("accepted"), scrobbles.getAttribute("ignored")) == ("ok", "1", "0")
    [track] = scrobbles.getElementsByTagName("track")
    assert (track.firstChild.data, track.getAttribute("corrected")) == ("A & B <C>", "0")
    [message] = scrobbles.getElementsByTagName("ignoredMessage")
    assert message.getAttribute("code") == "0"


async def test_what_plays_now_is_kept_and_a_scrobble_of_it_ends_it(stage, ask, song):
    playing = song(duration="200")
    del playing["timestamp"]
    told = await ask("track.updateNowPlaying", **playing)
    assert told["nowplaying"]["ignoredMessage"] == {"code": "0", "#text": ""}
    [row] = await all_of(stage, NowPlaying)
    assert (row.source, (row.expires_at - row.started_at).total_seconds()) == ("audioscrobbler", 200)
    assert "sk" not in (row.said or {})
    ignored = await ask("track.updateNowPlaying", **song(artist=""))
    assert ignored["nowplaying"]["ignoredMessage"]["code"] == "1"
    await ask("track.scrobble", **song())
    assert await all_of(stage, NowPlaying) == []


FAULTS = {
    "invalid_api_key": (403, 10, "Invalid API key - You must be granted a valid key by last.fm"),
    "invalid_signature": (403, 13, "Invalid method signature supplied"),
    "invalid_session": (403, 9, "Invalid session key - Please re-authenticate"),
    "authentication_failed": (
        403,
        4,
        "Authentication Failed - You do not have permissions to access the service",
    ),
    "token_not_approved": (403, 14, "Unauthorized Token - This token has not been authorized"),
    "token_expired": (403, 15, "This token has expired"),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("method", ["track.scrobble", "user.getInfo", "auth.getSession"])
async def test_a_fault_is_told_by_its_number_in_either_form(stage, send, identity, song, read_xml, fault, method):
    identity.fault = fault
    status, number, message = FAULTS[fault]
    told = song() | {"token": "7" * 32}
    answer = await send(method, format="json", **told)
    assert (answer.status_code, answer.json()) == (status, {"error": number, "message": message})
    failed, error = read_xml(await send(method, **told))
    assert (failed, error.getAttribute("code"), error.firstChild.data) == ("failed", str(number), message)
    assert await all_of(stage, Sighting) == []


@pytest.mark.parametrize(
    ("method", "verb", "number"),
    [
        ("", "POST", 3),
        ("album.getInfo", "GET", 3),
        ("track.scrobble", "GET", 3),
        ("track.updateNowPlaying", "GET", 3),
        ("auth.getMobileSession", "GET", 3),
        ("track.scrobble", "POST", 6),
        ("auth.getSession", "POST", 6),
        ("auth.getMobileSession", "POST", 6),
        ("user.getRecentTracks", "GET", 6),
    ],
)
async def test_what_cannot_be_understood_is_told_by_its_number(send, method, verb, number):
    answer = await send(method, verb, format="json", limit="many")
    assert (answer.status_code, answer.json()["error"]) == (400, number)


async def test_without_an_api_key_there_is_no_call(send, song):
    answer = await send("track.scrobble", format="json", **song() | {"api_key": ""})
    assert answer.json()["error"] == 10


async def test_with_identity_away_clients_are_to_come_again(stage, send, song):
    stage.app.state.neighbours["identity"].answers["POST /internal/lastfm/calls"] = Unavailable()
    answer = await send("track.scrobble", format="json", **song())
    assert (answer.status_code, answer.json()["error"]) == (503, 16)


async def test_a_body_that_is_no_form_is_told_in_xml(client, sign, identity, read_xml):
    answer = await client.post("/2.0", content=b"\xff\xfe", headers=sign("anonymous"))
    status, error = read_xml(answer)
    assert (answer.status_code, status, error.getAttribute("code")) == (400, "failed", "6")


async def test_what_was_signed_is_what_identity_is_told(ask, identity, song):
    await ask("track.scrobble", **song(albumArtist="Ö"))
    [told] = identity.calls
    assert (told["api_key"], told["signature"], told["session"]) == ("1" * 32, "2" * 32, "5" * 32)
    assert told["said"] == (
        "albumBluealbumArtistÖapi_key"
        + "1" * 32
        + "artistJoni Mitchellmethodtrack.scrobblesk"
        + "5" * 32
        + "timestamp1763496000trackA Case of You"
    )


async def test_what_is_far_too_long_to_be_ours_is_cut_short(ask, send, identity, song):
    await send("track.scrobble", **song() | {"sk": "5" * 5000, "api_sig": "2" * 5000})
    assert {len(identity.calls[0][name]) for name in ("session", "signature")} == {100}
    answer = await send("auth.getMobileSession", format="json", username="wren", password="x" * 5000)
    assert answer.json()["error"] == 4


async def test_a_scrobbler_signs_in_and_its_session_is_kept_nowhere(ask, send, identity, read_xml):
    told = await ask("auth.getMobileSession", username="wren", password="sdt_x", sk=None)
    assert told == {"session": {"subscriber": 0, "name": "wren", "key": "5" * 32}}
    assert {"username": "wren", "password": "sdt_x"}.items() <= identity.calls[0].items()
    await ask("auth.getMobileSession", username="wren", authToken="3" * 32)
    assert {"username": "wren", "auth_token": "3" * 32}.items() <= identity.calls[1].items()
    answer = await send("auth.getToken")
    assert read_xml(answer)[1].firstChild.data == "7" * 32
    assert answer.headers["cache-control"] == "no-store"
    assert (await ask("auth.getSession", token="7" * 32))["session"]["key"] == "5" * 32


@pytest.fixture
async def ten(ask, song):
    batch = {k: v for n in range(10) for k, v in song(n, track=f"Song {n}", at=1_700_000_000 + 100 * n).items()}
    await ask("track.scrobble", **batch)


@pytest.mark.usefixtures("ten")
@pytest.mark.parametrize(
    ("wished", "told", "total"),
    [
        ({}, "9876543210", 10),
        ({"limit": "3"}, "987", 10),
        ({"limit": "3", "page": "4"}, "0", 10),
        ({"limit": "3", "page": "5"}, "", 10),
        ({"from": "1700000300", "to": "1700000600"}, "543", 3),
        ({"from": "0"}, "9876543210", 10),
    ],
)
async def test_recent_tracks_are_read_by_pages(ask, wished, told, total):
    recent = (await ask("user.getRecentTracks", user="wren", **wished))["recenttracks"]
    assert [each["name"][5:] for each in recent["track"]] == [*told]
    limit = int(wished.get("limit", 50))
    pages = {"page": wished.get("page", "1"), "perPage": str(limit), "totalPages": str(-(-total // limit))}
    assert recent["@attr"] == pages | {"user": "wren", "total": str(total)}
    for each in recent["track"]:
        assert each["artist"] == {"mbid": "", "#text": "Joni Mitchell"}
        assert each["date"]["#text"].startswith("14 Nov 2023, 22:")


@pytest.mark.usefixtures("ten")
async def test_what_plays_now_comes_first_and_without_a_date(ask, send, song, read_xml):
    await ask("track.updateNowPlaying", **song())
    first, second, *_ = (await ask("user.getRecentTracks", user="wren", extended="1"))["recenttracks"]["track"]
    assert (first["name"], first["@attr"], "date" in first) == ("A Case of You", {"nowplaying": "true"}, False)
    assert (second["artist"]["name"], second["date"]["uts"]) == ("Joni Mitchell", "1700000900")
    _, recent = read_xml(await send("user.getRecentTracks", user="wren"))
    assert [each.getAttribute("nowplaying") for each in recent.getElementsByTagName("track")[:2]] == ["true", ""]
    assert recent.getElementsByTagName("date")[0].getAttribute("uts") == "1700000900"


@pytest.mark.usefixtures("ten")
async def test_somebody_is_told_of_with_how_much_they_played(ask, wren):
    told = (await ask("user.getInfo", user=""))["user"]
    assert (told["name"], told["playcount"], told["realname"]) == ("wren", "10", "Wren")
    assert int(told["registered"]["unixtime"]) * 1000 // 10_000 <= (wren.user_id.int >> 80) // 10_000


@pytest.mark.parametrize("method", ["user.getInfo", "user.getRecentTracks"])
async def test_who_keeps_it_private_is_read_by_themself_alone(stage, send, listener_of, method):
    await listener_of("Ida")
    numbers = {}
    for audience in ("public", "members", "private"):
        async with stage.db.transaction() as tx:
            await tx.execute(update(User).values(privacy={"listening": audience}))
        for whose, sk in (("ida", None), ("ida", "5" * 32), ("wren", "5" * 32), ("nobody", None)):
            answer = await send(method, "GET", user=whose, sk=sk, api_sig=sk and "2" * 32, format="json")
            numbers[audience, whose, sk is None] = json.loads(answer.content).get("error")
    assert numbers == {
        (audience, whose, unsigned): 6 if whose == "nobody" else 17 if whose == "ida" and audience != "public" else None
        for audience in ("public", "members", "private")
        for whose, unsigned in (("ida", True), ("ida", False), ("wren", False), ("nobody", True))
    }


async def test_who_left_scrobbles_no_more(stage, send, song, wren, deliver):
    left = {"user_id": wren.user_id, "aliases": [], "former_id": wren.user_id, "deleted_at": "2025-11-24T12:00:00Z"}
    await deliver(UserDeleted(version=2, **left))
    answer = await send("track.scrobble", format="json", **song())
    assert answer.json()["error"] == 9
    assert await all_of(stage, Sighting) == []
