"""Five hundred votes a second over RabbitMQ: how soon each is learned; and the close of a poll with 5,000 ballots."""

import asyncio
import statistics
import time
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import aiohttp
import asyncpg

from bench.deployed import six
from bench.lines import Line, at_most, slower, told
from standalone.postgres import find_running

POLLS, VOTERS, CONNECTIONS = 3, 5_000, 32
RATES, FEW = (500, 200), 250
FIRST_NUMBER = 910_001
LEARNED_WITHIN = 60
# When what a consumer did was committed, by PostgreSQL's own clock, which is the machine's.
LEARNED = """
    SELECT week_id, user_id, pg_xact_commit_timestamp(xmin) AS at FROM taste.votes WHERE week_id = ANY($1::uuid[])
"""
Vote = tuple[UUID, UUID]


class Poll:
    """An open week with two nominations."""

    def __init__(self, week: str, nominations: list[str]) -> None:
        self.here, self.week_id, self.nominations = f"/club/weeks/{week}", UUID(week), nominations


async def open_poll(bot: aiohttp.ClientSession, number: int) -> Poll:
    async with bot.post("/club/weeks", json={"number": number}) as answer:
        answer.raise_for_status()
        week = (await answer.json())["id"]
    nominations = []
    for discord_id, title in (("803511102246789101", "Blue"), ("803511102246789102", "Hejira")):
        body = {"user": {"discord_id": discord_id}, "album": {"title": title, "artist": "Joni Mitchell"}}
        async with bot.post(f"/club/weeks/{week}/nominations", json=body) as answer:
            answer.raise_for_status()
            nominations.append((await answer.json())["id"])
    return Poll(week, nominations)


async def meet(bot: aiohttp.ClientSession, count: int) -> list[str]:
    slots = asyncio.Semaphore(CONNECTIONS)

    async def one(number: int) -> str:
        async with slots, bot.put(f"/users/discord/{710_000_000_000_000_000 + number}", json={}) as answer:
            answer.raise_for_status()
            return (await answer.json())["id"]

    return await asyncio.gather(*map(one, range(count)))


async def cast(
    bot: aiohttp.ClientSession, polls: list[Poll], people: list[str], rate: int
) -> tuple[dict[Vote, float], float]:
    """Everybody's first vote in every poll, so many a second; when each was answered, and how long all of it took."""
    answered: dict[Vote, float] = {}
    slots = asyncio.Semaphore(CONNECTIONS)

    async def vote(number: int, poll: Poll, person: str) -> None:
        body = {"user": {"user_id": person}, "nomination_id": poll.nominations[number % 2], "rank": 1}
        async with slots, bot.post(f"{poll.here}/votes", json=body) as answer:
            answer.raise_for_status()
            answered[poll.week_id, UUID(person)] = time.time()

    started = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number, (poll, person) in enumerate((poll, person) for poll in polls for person in people):
            await asyncio.sleep(max(0.0, started + number / rate - time.perf_counter()))
            group.create_task(vote(number, poll, person))
    return answered, time.perf_counter() - started


async def learned(database: asyncpg.Connection, answered: Mapping[Vote, float]) -> dict[Vote, datetime]:
    weeks, deadline = [*{week for week, _ in answered}], time.monotonic() + LEARNED_WITHIN
    while True:
        rows = await database.fetch(LEARNED, weeks)
        if len(rows) >= len(answered) or time.monotonic() > deadline:
            return {(row["week_id"], row["user_id"]): row["at"] for row in rows}
        await asyncio.sleep(0.2)


async def at_rate(
    bot: aiohttp.ClientSession, database: asyncpg.Connection, people: list[str], rate: int
) -> tuple[Line, list[Poll], list[tuple[float, float]]]:
    """The line, its polls, and of each vote the second and the milliseconds."""
    polls = [await open_poll(bot, FIRST_NUMBER + rate * 10 + number) for number in range(POLLS)]
    answered, took = await cast(bot, polls, people, rate)
    found = await learned(database, answered)
    first = min(answered.values())
    series = [
        (at - first, max(0.0, (found[vote].timestamp() - at) * 1000)) for vote, at in answered.items() if vote in found
    ]
    lost = len(answered) - len(series)
    wrong = f"{lost} votes were lost." if lost else "" if len(found) == len(answered) else "Votes were doubled."
    goals = [at_most(8, "p50"), at_most(30, "p99")] if rate == max(RATES) else []
    waited = [each for _, each in series]
    detail = {"votes/s": len(answered) / took, **slower(waited)}
    name = f"vote answered to learned over RabbitMQ, {rate} votes/s wanted"
    return told(Line(name, "ms", statistics.median(waited), goals=goals, detail=detail, wrong=wrong)), polls, series


async def close(bot: aiohttp.ClientSession, polls: list[Poll], voters: int) -> Line:
    """Each poll once; its result counts every ballot."""
    took, wrong = [], ""
    for poll in polls:
        started = time.perf_counter()
        async with bot.post(f"{poll.here}/advance", json={"to": "discussing"}) as answer:
            answer.raise_for_status()
        took.append((time.perf_counter() - started) * 1000)
        async with bot.get(f"{poll.here}/result") as answer:
            ballots = (await answer.json())["ballots"]
        wrong = wrong or ("" if ballots == voters else f"{ballots} ballots were counted.")
    detail = {"least": min(took), "most": max(took)}
    name = f"close of a poll with {voters:,} ballots, over HTTP"
    return told(Line(name, "ms", statistics.median(took), goals=[at_most(150, "median")], detail=detail, wrong=wrong))


async def measure(*, quick: bool = False) -> tuple[list[Line], dict[int, list[tuple[float, float]]]]:
    """Six processes over RabbitMQ, durable; lines, and of each rate the second and milliseconds of each vote."""
    voters, rates = (FEW, RATES[:1]) if quick else (VOTERS, RATES)
    with six({"track_commit_timestamp": "on"}) as deployment:
        database = await asyncpg.connect(find_running(deployment.home))
        lines, series = [], {}
        async with aiohttp.ClientSession(deployment.url, headers=deployment.bot) as bot:
            people = await meet(bot, voters)
            for rate in rates:
                asked = people[:: max(RATES) // rate]
                line, polls, series[rate] = await at_rate(bot, database, asked, rate)
                lines.append(line)
                if asked == people:
                    lines.append(await close(bot, polls, voters))
        await database.close()
        return lines, series
