"""Imports that come at once."""

import asyncio

import pytest
from sqlalchemy import func, select

from club.models import Import, ImportItem, Nomination, Rating, Week


@pytest.fixture
async def items(club_of, record):
    (ida, ben), blue, hejira = await club_of("Ida", "Ben"), await record("Blue"), await record("Hejira")
    said = {"provenance": {"file": "week.json", "at": "2025-11-24T00:00:00Z"}}
    users = [{"user": {"user_id": str(each.user_id)}} for each in (ida, ben)]
    albums = [{"album": {"album_id": str(each.album_id)}} for each in (blue, hejira)]
    return [
        said | {"number": number} | item
        for number in range(1, 6)
        for item in (
            {"kind": "week"},
            {"kind": "nomination"} | users[0] | albums[0],
            {"kind": "nomination"} | users[1] | albums[1],
            {"kind": "winner"} | albums[0],
            {"kind": "rating", "rating": 4} | users[1],
        )
    ]


@pytest.mark.parametrize("sources", [["x"] * 6, list("abcdef")], ids=["one import", "six imports"])
async def test_six_times_the_same_history_at_once_is_there_once(stage, ask, items, sources):
    bodies = [
        {"name": "Old", "source": source, "items": items[:: 1 if at % 2 else -1]} for at, source in enumerate(sources)
    ]
    answers = await asyncio.gather(*(ask("POST", "/club/imports", body) for body in bodies))
    assert [answer.status_code for answer in answers] == [200] * 6
    counts = [answer.json()["counts"] for answer in answers]
    assert sum(each.get("made", 0) for each in counts) == 25
    assert sum(each.get("same", 0) for each in counts) == 125
    async with stage.db.transaction() as tx:
        tables = (Week, Nomination, Rating, Import, ImportItem)
        rows = [await tx.scalar(select(func.count()).select_from(table)) for table in tables]
    assert rows == [5, 10, 5, 1, 25]


async def test_two_imports_that_bring_the_same_people_in_other_orders_are_both_taken(ask, club_of, record):
    people, blue = await club_of(*(f"Member {number}" for number in range(20))), await record("Blue")
    said = {"provenance": {"file": "week.json", "at": "2025-11-24T00:00:00Z"}}
    album = {"album": {"album_id": str(blue.album_id)}}

    def body(number, raters):
        users = [{"user": {"user_id": str(each.user_id)}} for each in raters]
        whole = [{"kind": "week"}, {"kind": "nomination"} | users[0] | album, {"kind": "winner"} | album]
        ratings = [{"kind": "rating", "rating": 4} | user for user in users]
        items = [said | {"number": number} | item for item in whole + ratings]
        return {"name": "Old", "source": f"week {number}", "items": items}

    bodies = [body(1, people), body(2, people[::-1]), body(3, people[7:] + people[:7])]
    answers = await asyncio.gather(*(ask("POST", "/club/imports", each) for each in bodies))
    assert [(answer.status_code, answer.json().get("counts")) for answer in answers] == [(200, {"made": 23})] * 3


async def test_an_import_and_its_undoing_at_once_end_in_all_or_nothing(ask, items):
    body = {"name": "Old", "source": "x", "items": items}
    made = (await ask("POST", "/club/imports", body)).json()
    await asyncio.gather(ask("DELETE", f"/club/imports/{made['id']}"), ask("POST", "/club/imports", body))
    weeks = (await ask("GET", "/club/weeks")).json()["items"]
    assert {(each["kind"], each["ratings"]) for each in weeks} in ({("album", 1)}, {("skipped", 0)})
