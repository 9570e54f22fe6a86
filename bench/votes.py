"""Votes over RabbitMQ for half a minute: how soon each is learned; and the close of a poll with 5,000 ballots."""

import asyncio
import math
import statistics
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import count
from uuid import UUID

import aiohttp
import asyncpg
from tests.beneath import WAITING
from tests.system.deployments import Deployment

from bench.lines import Line, at_most, slower, told
from bench.quick import QUICK
from standalone.postgres import find_running

POLLS, CONNECTIONS = 3, 32
# Wanted a second, for so many seconds: what is not taken then is not asked any more.
RATES, SECONDS = (500, 40), 3.0 if QUICK else 30.0
FIRST_NUMBER = 910_001
LEARNED_WITHIN, QUIET = 60, 1 if QUICK else 5
COPIED = """
    SELECT (SELECT count(*) FROM club.audit) + (SELECT count(*) FROM club.members)
        + (SELECT count(*) FROM taste.users) + (SELECT count(*) FROM listening.users)
"""
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


async def members(bot: aiohttp.ClientSession) -> list[str]:
    """Everybody's ids."""
    ids: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        async with bot.get("/club/members", params={"limit": "100", **cursor}) as answer:
            page = await answer.json()
        ids += [each["user"]["id"] for each in page["items"]]
        if page["next_cursor"] is None:
            return ids
        cursor = {"cursor": page["next_cursor"]}


async def rest(deployment: Deployment) -> None:
    """Until every service has heard of everybody: nothing waits, and for some seconds nothing more was copied."""
    database = await asyncpg.connect(find_running(deployment.home))
    before, since = -1, time.monotonic()
    while time.monotonic() - since < QUIET:
        copied = await database.fetchval(COPIED)
        if copied != before or await database.fetchval(f"SELECT {WAITING}"):
            before, since = copied, time.monotonic()
        await asyncio.sleep(0.5)
    await database.close()


async def cast(
    bot: aiohttp.ClientSession, polls: Sequence[Poll], people: Sequence[str], rate: float, seconds: float
) -> tuple[dict[Vote, float], float]:
    """First votes, so many a second, until the time is over; when each was answered, and how long all of it took."""
    answered: dict[Vote, float] = {}
    slots = asyncio.Semaphore(CONNECTIONS)
    started = time.perf_counter()
    over = started + seconds

    async def vote(number: int, poll: Poll, person: str) -> None:
        body = {"user": {"user_id": person}, "nomination_id": poll.nominations[number % 2], "rank": 1}
        async with slots:
            if time.perf_counter() > over:
                return
            async with bot.post(f"{poll.here}/votes", json=body) as answer:
                answer.raise_for_status()
                answered[poll.week_id, UUID(person)] = time.time()

    async with asyncio.TaskGroup() as group:
        for number, (poll, person) in enumerate((poll, person) for poll in polls for person in people):
            if time.perf_counter() > over:
                break
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
    bot: aiohttp.ClientSession,
    database: asyncpg.Connection,
    polls: Sequence[Poll],
    people: Sequence[str],
    rate: int,
) -> tuple[Line, list[tuple[float, float]]]:
    """The line, and of each vote the second and the milliseconds."""
    answered, took = await cast(bot, polls, people, rate, SECONDS)
    found = await learned(database, answered)
    first = min(answered.values())
    series = [
        (at - first, max(0.0, (found[vote].timestamp() - at) * 1000)) for vote, at in answered.items() if vote in found
    ]
    lost = len(answered) - len(series)
    wrong = f"{lost} votes were lost." if lost else "" if len(found) == len(answered) else "Votes were doubled."
    goals = [at_most(8, "p50"), at_most(30, "p99")]
    waited = [each for _, each in series]
    detail = {"votes/s": len(answered) / took, **slower(waited)}
    name = f"vote answered to learned over RabbitMQ, {rate} votes/s wanted"
    return told(Line(name, "ms", statistics.median(waited), goals=goals, detail=detail, wrong=wrong)), series


async def close(bot: aiohttp.ClientSession, poll: Poll, people: Sequence[str], voted: int) -> Line:
    """A poll in which everybody votes, as the first `voted` have done; its result counts every ballot."""
    await cast(bot, [poll], people[voted:], rate=math.inf, seconds=math.inf)
    started = time.perf_counter()
    async with bot.post(f"{poll.here}/advance", json={"to": "discussing"}) as answer:
        answer.raise_for_status()
    took = (time.perf_counter() - started) * 1000
    async with bot.get(f"{poll.here}/result") as answer:
        ballots = (await answer.json())["ballots"]
    wrong = "" if ballots == len(people) else f"{ballots} ballots were counted."
    name = f"close of a poll with {len(people):,} ballots, over HTTP"
    return told(Line(name, "ms", took, goals=[at_most(150, "median")], wrong=wrong))


async def measure(deployment: Deployment) -> tuple[list[Line], dict[int, list[tuple[float, float]]]]:
    """Lines, and of each rate the second and milliseconds of each vote. PostgreSQL must track when it commits."""
    database = await asyncpg.connect(find_running(deployment.home))
    lines, series = [], {}
    async with aiohttp.ClientSession(deployment.url, headers=deployment.bot) as bot:
        people = await members(bot)
        numbers = count(FIRST_NUMBER)
        for rate in RATES:
            polls = [await open_poll(bot, next(numbers)) for _ in range(POLLS)]
            await rest(deployment)
            line, series[rate] = await at_rate(bot, database, polls, people, rate)
            lines.append(line)
        lines.append(await close(bot, polls[0], people, len(series[rate])))
    await database.close()
    return lines, series
