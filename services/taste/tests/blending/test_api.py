"""Who is given a blend, and in which formats."""

import json

import pytest
from services.taste.tests.telling import BEN, IDA, user


@pytest.fixture
def read(client, sign):
    async def answer(query="users=@ida,@ben", kind="anonymous", sub=None):
        return await client.get(f"/taste/blend?{query}", headers=sign(kind, sub=sub))

    return answer


async def test_tracks_of_all_come_in_turns_with_their_reasons(club, read):
    await club()
    told = (await read()).json()
    assert [each["whose"]["display_name"] for each in told["tracks"]] == ["Ida", "Ben", "Ida", "Ben"]
    assert {each["title"] for each in told["tracks"][:2]} == {"Joni Mitchell", "Nick Drake"}
    assert told["tracks"][0]["why"] == "Ida and Ben play it."
    assert told["silent"] == []
    assert len((await read(f"users={IDA},{BEN},@cleo&size=2")).json()["tracks"]) == 2


async def test_players_read_it_as_jspf_and_m3u(club, read):
    await club()
    told = (await read()).json()["tracks"]
    jspf = await read("users=@ida,@ben&format=jspf")
    assert jspf.headers["content-type"] == "application/jspf+json"
    playlist = json.loads(jspf.content)["playlist"]
    assert playlist["title"] == "A blend of Ida, Ben"
    assert [each["identifier"] for each in playlist["track"]] == [[f"urn:uuid:{each['id']}"] for each in told]
    m3u = await read("users=@ida,@ben&format=m3u")
    assert m3u.headers["content-type"].startswith("audio/x-mpegurl")
    lines = m3u.text.splitlines()
    assert lines[:2] == ["#EXTM3U", "#PLAYLIST:A blend of Ida, Ben"]
    assert lines[2:4] == [f"#EXTINF:-1,{told[0]['artist']} - {told[0]['title']}", f"urn:uuid:{told[0]['id']}"]
    assert len(lines) == 2 + 2 * len(told)


async def test_who_hides_their_listening_is_silent_and_who_hides_their_taste_is_not_asked(club, tell, read):
    await club(listening="members")
    assert [each["display_name"] for each in (await read()).json()["silent"]] == ["Ida"]
    assert (await read(kind="user", sub=str(BEN))).json()["silent"] == []
    await tell(user(version=2, privacy={"taste": "private"}))
    assert (await read()).status_code == 403


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("users=@ida,@nobody", 404),
        ("users=@ida", 422),
        (f"users=@ida,{IDA}", 422),
        ("users=@ida,@ben&size=101", 422),
        ("users=@ida,@ben&format=pls", 422),
        ("users=", 422),
        ("users=" + ",".join(["@ida"] * 11), 422),
        ("users=me,@ben", 401),
    ],
    ids=["nobody", "one", "the same", "too many tracks", "no format", "blank", "too many people", "a stranger's me"],
)
async def test_what_is_no_blend_is_refused(club, read, query, status):
    await club()
    answer = await read(query)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
