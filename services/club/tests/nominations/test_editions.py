"""One album, named by its editions and links."""

import pytest

SPOTIFY, REMASTER = "1vz94WpXDVYIEGja8cjFNa", "4Wwrq6lZ1zJ7wzYpLLfBOL"


@pytest.mark.parametrize(
    "named",
    [
        {"title": "Hejira (Deluxe Edition)", "artist": "Joni Mitchell"},
        {"title": "Hejira [2021 Remaster]", "artist": "Joni Mitchell", "year": 1976},
        {"title": "The road album", "artist": "J. Mitchell", "url": f"https://open.spotify.com/album/{SPOTIFY}?si=1"},
        {"title": "Hejira", "artist": "Joni Mitchell", "url": f"https://open.spotify.com/album/{REMASTER}"},
        {"title": "Hejira", "artist": "Joni Mitchell", "url": "https://music.apple.com/us/album/hejira/1440857781"},
    ],
    ids=["deluxe", "remaster", "its link", "the link of a remaster", "a link to elsewhere"],
)
async def test_another_edition_or_link_of_an_album_is_the_same_nomination(ask, nominate, listed, scene, record, named):
    week, ida, ben, _ = scene
    first = await nominate(week, ida, await record("Hejira", year=1976, spotify_id=SPOTIFY))
    body = {"user": {"user_id": str(ben.user_id)}, "album": named}
    second = await ask("POST", f"/club/weeks/{week}/nominations", body)
    assert (second.status_code, second.json()["id"]) == (201, first.json()["id"])
    (nomination,) = await listed(week)
    assert [each["user"]["display_name"] for each in nomination["co_nominators"]] == ["Ben"]
