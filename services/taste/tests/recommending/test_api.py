"""Recommendations are for whose they are."""

import pytest
from services.taste.tests.telling import BEN, CLEO, IDA, album, named, rated, user, week


@pytest.fixture
def read(client, sign):
    async def answer(who=IDA, kind="bot", sub=None, query=""):
        return await client.get(f"/users/{who}/recommendations{query}", headers=sign(kind, sub=sub))

    return answer


async def test_albums_of_neighbours_and_missed_picks_come_with_their_reasons(club, tell, read):
    await club()
    await tell(
        rated("Hejira", 5.0, user_id=BEN, week=2), album("Hejira"), week(3, "Dummy"), album("Dummy", "Portishead")
    )
    told = (await read()).json()
    assert told["neighbours"] == 2
    found = {each["album"]["title"]: each for each in told["items"]}
    assert (found["Hejira"]["kind"], found["Hejira"]["by"][0]["display_name"]) == ("neighbours", "Ben")
    assert found["Dummy"]["sentence"] == "It won WEEK 003, and you have not heard it."
    # What she played or rated herself is nothing new to her.
    assert "Joni Mitchell" not in found
    assert "Blue" not in found
    assert len((await read(query="?limit=1")).json()["items"]) == 1


async def test_what_a_neighbour_does_not_show_recommends_nothing(club, tell, read):
    await club()
    await tell(rated("Hejira", 5.0, user_id=IDA, week=2), album("Hejira"))
    assert str(named("Hejira")) in (await read(BEN)).text
    await tell(user(version=2, privacy={"ratings": "private"}))
    assert str(named("Hejira")) not in (await read(BEN)).text


async def test_they_are_told_to_nobody_else(club, read):
    await club()
    assert (await read("me", "user", str(IDA))).status_code == 200
    assert (await read(kind="user", sub=str(CLEO))).status_code == 403
    assert (await read(kind="anonymous")).status_code == 403
    assert (await read("@nobody")).status_code == 404
    assert (await read(query="?limit=51")).status_code == 422
