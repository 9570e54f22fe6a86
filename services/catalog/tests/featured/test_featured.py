"""Where albums were featured, and that it counts when one searches."""

from uuid import uuid4

import pytest

from contracts.phases import WeekChanged

NOBODY = dict.fromkeys(("nominating", "voting", "discussing", "rating"))


@pytest.fixture
def ensure(client, sign):
    async def made(title, artist="Joni Mitchell"):
        return (await client.post("/music/albums", json={"title": title, "artist": artist}, headers=sign())).json()[
            "id"
        ]

    return made


@pytest.fixture
def won(deliver):
    """`await won(album_id, number)`: a week as it is announced once it has a winner."""

    async def announce(album_id, number, version=1, week_id=None):
        told = {
            "week_id": week_id or uuid4(),
            "club_id": uuid4(),
            "version": version,
            "number": number,
            "label": f"WEEK {number:03}",
            "kind": "album",
            "phase": "closed",
            "date_discussion": None,
            "deadlines": NOBODY,
            "winner_album_id": album_id,
            "winner_nomination_id": None,
        }
        await deliver(WeekChanged.model_validate(told), "catalog.note_week")
        return told["week_id"]

    return announce


async def test_an_album_tells_the_weeks_it_won(ensure, won, client, sign):
    blue, hejira = await ensure("Blue"), await ensure("Hejira")
    week = await won(blue, 13)
    await won(hejira, 14)

    async def featured(album_id):
        answer = (await client.get(f"/music/albums/{album_id}", headers=sign("anonymous"))).json()
        return [(each["number"], each["label"]) for each in answer["featured"]]

    assert (await featured(blue), await featured(hejira)) == ([(13, "WEEK 013")], [(14, "WEEK 014")])
    # Another was meant; and what was told before comes once more, late.
    await won(hejira, 13, version=2, week_id=week)
    await won(blue, 13, version=1, week_id=week)
    assert await featured(blue) == []
    assert {number for number, _ in await featured(hejira)} == {13, 14}


async def test_of_two_that_match_alike_the_one_that_was_featured_comes_first(ensure, won, client, sign):
    first, second = await ensure("Hits", "Ann Peebles"), await ensure("Hits", "Ann Sexton")

    async def found():
        answer = await client.get("/music/search", params={"q": "hits ann"}, headers=sign("anonymous"))
        return [each["id"] for each in answer.json()["items"]]

    before = await found()
    assert set(before) == {first, second}
    await won(before[1], 20)
    assert await found() == before[::-1]
