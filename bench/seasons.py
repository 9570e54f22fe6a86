"""A club of many years: its members as a bot sends them, its weeks as old threads are brought in."""

import asyncio
from datetime import date, timedelta
from random import Random

import aiohttp
from tests.system.deployments import Deployment

from bench.quick import QUICK

MEMBERS, WEEKS = (200, 2) if QUICK else (5_000, 300)
RATED = 8
SNOWFLAKE, FIRST_DAY = 720_000_000_000_000_000, date(2020, 1, 6)
AT_ONCE, TOGETHER, TOO_BUSY = 1, 2, {503, 504}
Item = dict[str, object]


def _person(number: int) -> dict[str, str]:
    return {"discord_id": str(SNOWFLAKE + number), "display_name": f"Member {number}"}


def _week(number: int) -> list[Item]:
    """A week with its nominations, its winner, and ratings of it."""
    chance, day = Random(number), FIRST_DAY + timedelta(weeks=number)
    people = chance.sample(range(MEMBERS), RATED)
    messages = (
        {"file": "threads.json", "message_id": str(SNOWFLAKE + number * 1000 + each), "at": f"{day}T20:00:00Z"}
        for each in range(1000)
    )
    albums = [{"title": f"Album {number} {each}", "artist": f"Artist {chance.randrange(900)}"} for each in range(8)]

    def said(kind: str, **more: object) -> Item:
        return {"kind": kind, "number": number, "provenance": next(messages)} | more

    return [
        said("week", date_discussion=str(day)),
        *(
            said("nomination", user=_person(each), album=album, pitch="Listen to the second side first.")
            for each, album in zip(people, albums, strict=False)
        ),
        said("winner", album=albums[0]),
        *(said("rating", user=_person(each), rating=chance.randrange(2, 11) / 2) for each in people),
    ]


async def _imported(admin: aiohttp.ClientSession, body: object) -> dict[str, int]:
    """What became of the items; told again where there was too much to do."""
    while True:
        async with admin.post("/club/imports", json=body) as answer:
            if answer.status not in TOO_BUSY:
                answer.raise_for_status()
                return (await answer.json())["counts"]
        await asyncio.sleep(0.5)


async def bring(deployment: Deployment) -> None:
    """Everybody, then every week."""
    headers = {"Authorization": f"Bearer {deployment.admin_key}"}
    async with aiohttp.ClientSession(deployment.url, headers=headers) as admin:
        roster = {"members": [{"user": _person(each)} for each in range(MEMBERS)]}
        async with admin.put("/club/members", json=roster) as answer:
            answer.raise_for_status()
        slots = asyncio.Semaphore(AT_ONCE)

        async def some(numbers: range) -> None:
            items = [item for number in numbers for item in _week(number)]
            body = {"name": "Threads of years", "source": f"bench:{numbers.start}", "items": items}
            async with slots:
                counts = await _imported(admin, body)
            assert counts.get("refused", 0) + counts.get("conflict", 0) == 0, counts

        firsts = range(1, WEEKS + 1, TOGETHER)
        await asyncio.gather(*(some(range(first, min(first + TOGETHER, WEEKS + 1))) for first in firsts))
