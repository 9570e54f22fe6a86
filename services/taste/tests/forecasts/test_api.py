"""Who is told what members will make of an album."""

from uuid import UUID

import pytest
from services.taste.tests.telling import (
    BEN,
    CLEO,
    IDA,
    album,
    named,
    nominated,
    rated,
    roster,
    user,
    voted,
    week,
)

from taste.forecasts.backtest import backtest

PEOPLE = {IDA: ("Ida", 5.0), BEN: ("Ben", 3.0), CLEO: ("Cleo", 2.0)}
AHEAD = 5


@pytest.fixture
async def club(deliver):
    """`await club(taste=…)`: four weeks that are rated and a fifth that is voted on; Ida shows so much."""

    async def make(**privacy):
        events = [user(each, name, privacy=privacy if each == IDA else {}) for each, (name, _) in PEOPLE.items()]
        events.append(roster(*PEOPLE))
        for number in range(1, AHEAD):
            events += [album(f"Folk {number}"), week(number, f"Folk {number}")]
            events += [
                rated(f"Folk {number}", rating, user_id=each, week=number) for each, (_, rating) in PEOPLE.items()
            ]
        events += [week(AHEAD, None, phase="voting"), album("Blue"), album("Dummy", "Portishead", genres=["trip hop"])]
        events += [nominated("Blue", IDA, number=AHEAD), nominated("Dummy", BEN, number=AHEAD)]
        events += [voted("Blue", "Dummy", user_id=CLEO, number=AHEAD)]
        for each in events:
            await deliver(each)

    return make


@pytest.fixture
def read(client, sign):
    async def answer(query="", number=AHEAD, kind="bot", sub=None):
        path = f"/taste/weeks/{UUID(int=number)}/forecast{query}"
        return await client.get(path, headers=sign(kind, sub=sub))

    return answer


async def test_before_an_album_won_one_asks_by_name_what_a_nomination_would_get(club, read):
    await club()
    refused = await read()
    assert (refused.status_code, refused.json()["code"]) == (409, "nothing_won_yet")
    told = (await read(f"?album_id={named('Blue')}")).json()
    assert (told["album"]["title"], told["weeks"], told["hidden"], told["calibration"]) == ("Blue", 4, 0, None)
    ratings = {each["user"]["display_name"]: each["rating"] for each in told["predictions"]}
    assert ratings["Ida"] > ratings["Ben"] > ratings["Cleo"]
    assert all(each["low"] <= each["rating"] <= each["high"] for each in told["predictions"])
    assert told["average"] == pytest.approx(sum(ratings.values()) / 3, abs=0.01)
    assert 0 < told["divisiveness"] < 1
    assert (await read(f"?album_id={named('Hejira')}")).json()["code"] == "not_nominated"


async def test_once_it_is_rated_it_is_told_how_well_that_was_foreseen(club, read, deliver):
    await club()
    await deliver(week(AHEAD, "Blue", version=2))
    foreseen = (await read()).json()
    await deliver(rated("Blue", 5.0, user_id=IDA, week=AHEAD))
    await deliver(rated("Blue", 2.0, user_id=CLEO, week=AHEAD, seen=False))
    told = (await read()).json()
    assert told["calibration"]["ratings"] == 1
    assert {each["user"]["display_name"]: each["rated"] for each in told["predictions"]} == {
        "Ida": 5.0,
        "Ben": None,
        "Cleo": None,
    }
    # The rating itself changed nothing of what was foreseen.
    assert [each["rating"] for each in told["predictions"]] == [each["rating"] for each in foreseen["predictions"]]
    off = abs(told["predictions"][0]["rating"] - 5.0)
    assert told["calibration"]["forecast"]["mae"] == pytest.approx(off, abs=0.01)


async def test_who_shows_no_ratings_takes_no_part_in_what_others_see(club, read):
    await club(ratings="private")
    query = f"?album_id={named('Blue')}"
    for sub in (str(BEN), str(CLEO)):
        told = (await read(query, kind="user", sub=sub)).json()
        assert ({each["user"]["display_name"] for each in told["predictions"]}, told["hidden"]) == ({"Ben", "Cleo"}, 1)
        assert "nominated" not in {each["name"] for one in told["predictions"] for each in one["reasons"]}
    own = (await read(query, kind="user", sub=str(IDA))).json()
    assert (len(own["predictions"]), own["hidden"]) == (3, 0)
    assert (await read(query)).json()["hidden"] == 0


async def test_strangers_are_asked_to_sign_in_and_what_is_not_there_is_not_found(club, read):
    await club()
    assert (await read(f"?album_id={named('Blue')}", kind="anonymous")).status_code == 401
    assert (await read(number=99)).status_code == 404
    assert (await read("?album_id=blue")).status_code == 422


async def test_past_weeks_are_foreseen_each_from_those_before_it(club, stage):
    await club()
    async with stage.db.transaction() as tx:
        told = await backtest(tx, "main")
    assert [each.number for each in told.weeks] == [4]
    assert told.whole == told.weeks[0].calibration
    assert told.whole.ratings == 3
    assert told.whole.forecast.mae < told.whole.club_mean.mae
