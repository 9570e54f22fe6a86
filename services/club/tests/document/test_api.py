"""A whole week over HTTP."""

from uuid import uuid4

import pytest


@pytest.fixture
def season(ask, club_of, record, a_week, rules):
    """`await season(2)`: a decided week with so many members, who each nominated, voted for Blue and rated it."""

    async def play(members, number=3):
        await rules(nominations_per_member=2, self_votes=True)
        week, blue = await a_week(number), await record("Blue")
        path = f"/club/weeks/{week}"
        people = await club_of(*(f"Member {each}" for each in range(members)))
        for person in people:
            whose = {"user": {"user_id": str(person.user_id)}, "album": {"album_id": str(blue.album_id)}}
            await ask("POST", f"{path}/nominations", whose | {"tags": {"genre": "folk"}})
            await ask("POST", f"{path}/votes", whose | {"rank": 1})
            own = await record(f"Album of {person.display_name}", "Various Artists")
            mine = whose | {"album": {"album_id": str(own.album_id)}}
            await ask("POST", f"{path}/nominations", mine)
            await ask("POST", f"{path}/votes", mine | {"rank": 2})
        await ask("POST", f"{path}/winner", {"album": {"album_id": str(blue.album_id)}})
        for nth, person in enumerate(people):
            await ask("POST", f"{path}/ratings", {"user": {"user_id": str(person.user_id)}, "rating": 4 + nth % 3 / 2})
        return week

    return play


async def test_a_week_is_told_whole(ask, season):
    week = await season(3)
    await ask("PATCH", f"/club/weeks/{week}", {"refs": [{"kind": "poll", "id": "7"}], "date_discussion": "2025-11-24"})
    told = (await ask("GET", f"/club/weeks/{week}")).json()
    assert (told["id"], told["number"], told["label"]) == (str(week), 3, "WEEK 003 [2025-11-24]")
    assert [ref["id"] for ref in told["refs"]] == ["7"]
    assert told["winner"]["title"] == "Blue"
    assert told["winner"]["id"] == told["winner_album_id"]
    assert (told["nominator"]["display_name"], len(told["nominations"])) == ("Member 0", 4)
    beside = (told["co_nominators"], told["votes"]["items"][0]["co_nominators"])
    assert [[each["display_name"] for each in people] for people in beside] == [["Member 1", "Member 2"]] * 2
    assert (told["votes"]["ballots"], told["votes"]["winner"]) == (3, told["nominations"][0]["id"])
    assert (told["ratings"]["average"], told["ratings"]["count"], told["ratings"]["median"]) == (4.5, 3, 4.5)


async def test_the_parts_of_a_week_are_what_they_are_alone(ask, season):
    path = f"/club/weeks/{await season(2)}"
    whole = (await ask("GET", path)).json()
    assert whole["nominations"] == (await ask("GET", f"{path}/nominations")).json()["items"]
    assert whole["votes"] == (await ask("GET", f"{path}/votes/summary")).json()
    assert whole["ratings"] == (await ask("GET", f"{path}/ratings/summary")).json()


async def test_a_week_without_anything_is_told_too(ask, a_week):
    told = (await ask("GET", f"/club/weeks/{await a_week()}")).json()
    assert (told["winner"], told["winner_album_id"], told["nominator"], told["nominations"]) == (None, None, None, [])
    assert told["votes"] == {"ballots": 0, "items": [], "winner": None, "tie": []}
    assert (told["ratings"]["average"], told["ratings"]["count"], len(told["ratings"]["histogram"])) == (None, 0, 9)


async def test_a_week_is_found_by_number_and_the_current_one_is_the_highest(ask, a_week):
    weeks = {number: await a_week(number) for number in (3, 12, 7)}
    for path, number in (("number/7", 7), ("number/3", 3), ("current", 12), (weeks[12], 12)):
        told = (await ask("GET", f"/club/weeks/{path}")).json()
        assert (told["id"], told["number"]) == (str(weeks[number]), number)


async def test_where_there_is_no_week_there_is_no_document(ask, refusal):
    for path in ("current", "number/3", str(uuid4())):
        assert refusal(await ask("GET", f"/club/weeks/{path}")) == (404, "no_such_week")


@pytest.mark.parametrize("path", ["number/x", "number/-1", "number/99999999999999999999", "number/3.5", "next", "%00"])
async def test_what_names_no_week_is_refused(ask, refusal, path):
    assert refusal(await ask("GET", f"/club/weeks/{path}")) == (422, "invalid")


async def test_strangers_read_it_without_discord_ids(ask, sign, season):
    path = f"/club/weeks/{await season(1)}"
    told = (await ask("GET", path, by=sign("anonymous"))).json()
    people = [told["nominator"], told["nominations"][0]["nominator"], told["votes"]["items"][0]["nominator"]]
    assert [person["discord_id"] for person in people] == [None] * 3
    assert (await ask("GET", path)).json()["nominator"]["discord_id"]


async def test_it_is_read_in_one_statement(ask, season, sign, queries):
    week = await season(3, 7)
    for path in (str(week), "number/7", "current"):
        for by in (None, sign("user"), sign("anonymous")):
            queries.clear()
            assert (await ask("GET", f"/club/weeks/{path}", by=by)).json()["id"] == str(week)
            assert [each.split()[0] for each in queries] == ["SAVEPOINT", "SELECT", "RELEASE"]


async def test_a_week_that_did_not_change_is_not_sent_again(client, ask, sign, season):
    path = f"/club/weeks/{await season(1)}"
    etag = (await ask("GET", path)).headers["etag"]
    assert (await client.get(path, headers=sign() | {"If-None-Match": etag})).status_code == 304
    await ask("PATCH", path, {"label": "Blue"})
    assert (await client.get(path, headers=sign() | {"If-None-Match": etag})).status_code == 200
