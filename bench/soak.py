"""`python -m bench.soak`: minutes of mixed load while one part after another is killed; and what became of it.

MINUTES=10 and EVERY=15 seconds, unless the environment says otherwise. Ends with 1 when anything is wrong.
"""

import asyncio
import os
import signal
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from random import Random

import aiohttp
import asyncpg
from tests import beneath
from tests.brokers import Broker, new_broker
from tests.homes import new_home
from tests.system.deployments import SERVICES, UNBOUND, Deployment, distributed

from bench.deployed import DURABLE
from bench.lines import console
from bench.measure import proportional
from chassis.bus.dead import dead_letters
from chassis.settings import Settings
from standalone.postgres import find_running

MINUTES, EVERY = float(os.environ.get("MINUTES", "10")), float(os.environ.get("EVERY", "15"))
MEMBERS, PAUSE, PATIENCE = 200, 0.05, 180
# More than this, and it is no noise: a process that grows from its first third to its last.
GROWTH = 1.15
QUICKER = UNBOUND | {"SIDETRACK_LADDER": "[1, 5, 30]"}
BACKEND = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() LIMIT 1"
COUNTED = {
    "votes in the club": "SELECT count(*) FROM club.ballot_links",
    "votes in taste": "SELECT count(*) FROM taste.votes",
    "ratings in the club": "SELECT count(*) FROM club.ratings",
    "ratings in taste": "SELECT count(*) FROM taste.ratings",
    "listens": "SELECT count(*) FROM listening.sightings",
    "people in identity": "SELECT count(*) FROM identity.users",
    "people in the club": "SELECT count(*) FROM club.members",
}


@dataclass
class Ledger:
    """What was answered to whoever asked: so much must be there."""

    votes: set[tuple[str, str]] = field(default_factory=set)
    ratings: set[tuple[str, str]] = field(default_factory=set)
    listens: int = 0
    refused: int = 0
    killed: dict[str, int] = field(default_factory=dict)

    def expected(self) -> dict[str, int]:
        votes, ratings = len(self.votes), len(self.ratings)
        return {
            "votes in the club": votes,
            "votes in taste": votes,
            "ratings in the club": ratings,
            "ratings in taste": ratings,
            "listens": self.listens,
            "people in identity": MEMBERS,
            "people in the club": MEMBERS,
        }


class Club:
    """Members who vote, rate and listen, each saying it again until it is answered."""

    def __init__(self, client: aiohttp.ClientSession, listener: str, ledger: Ledger) -> None:
        self._client, self._listener, self._ledger, self._chance = client, listener, ledger, Random(8)
        self._numbers, self.over = iter(range(1, 100_000)), False

    async def until_answered(self, method: str, path: str, body: object, **more: object) -> dict[str, object]:
        while True:
            try:
                async with self._client.request(method, path, json=body, **more) as answer:
                    if answer.ok:
                        return await answer.json()
                    if answer.status < 500 and answer.status != 429:
                        raise AssertionError(f"{method} {path}: {answer.status} {await answer.text()}")
            except (aiohttp.ClientError, TimeoutError):
                pass
            self._ledger.refused += 1
            await asyncio.sleep(0.2)

    async def a_week(self) -> None:
        """Two albums, everybody's vote in turns, the winner, and ratings of it."""
        number = next(self._numbers)
        here = f"/club/weeks/{(await self.until_answered('POST', '/club/weeks', {'number': number}))['id']}"
        choices = []
        for member, title in ((0, f"Blue {number}"), (1, f"Hejira {number}")):
            body = {"user": _person(member), "album": {"title": title, "artist": "Joni Mitchell"}}
            choices.append((await self.until_answered("POST", f"{here}/nominations", body))["id"])
        # Nobody votes for their own.
        for member in self._chance.sample(range(2, MEMBERS), 40):
            body = {"user": _person(member), "nomination_id": choices[member % 2], "rank": 1}
            await self.until_answered("POST", f"{here}/votes", body)
            self._ledger.votes.add((here, str(member)))
            await asyncio.sleep(PAUSE)
        await self.until_answered("POST", f"{here}/advance", {"to": "rating"})
        for member in self._chance.sample(range(MEMBERS), 40):
            await self.until_answered("POST", f"{here}/ratings", {"user": _person(member), "rating": 4.5})
            self._ledger.ratings.add((here, str(member)))
            await asyncio.sleep(PAUSE)

    async def listens(self) -> None:
        """Twenty at a time, told twice: what is told again is there already."""
        start, turn = 1_700_000_000, 0
        while not self.over:
            track = {"artist": "Joni Mitchell", "album": "Blue"}
            told = [
                {
                    "user": _person(self._chance.randrange(MEMBERS)),
                    "listened_at": start + 400 * (20 * turn + each),
                    "source": "soak",
                    "track": track | {"title": f"Song {each}"},
                }
                for each in range(20)
            ]
            headers = {"Authorization": f"Bearer {self._listener}"}
            for _ in range(2):
                await self.until_answered("POST", "/listens/bulk", {"listens": told}, headers=headers)
            self._ledger.listens += len(told)
            turn += 1
            await asyncio.sleep(PAUSE)

    async def weeks(self) -> None:
        while not self.over:
            await self.a_week()


def _person(number: int) -> dict[str, str]:
    return {"discord_id": str(730_000_000_000_000_000 + number), "display_name": f"Member {number}"}


class Killer:
    """One of the parts at a time, by chance, and started again."""

    def __init__(self, deployment: Deployment, broker: Broker, ledger: Ledger) -> None:
        self._deployment, self._broker, self._ledger, self._chance = deployment, broker, ledger, Random(15)
        names = (*SERVICES, "gateway")
        self._parts: dict[str, Callable[[], None]] = {each: lambda each=each: self._restart(each) for each in names}
        self._parts |= {"broker": self._cut_broker, "database": self._crash_database}

    def one(self) -> None:
        part = self._chance.choice([*self._parts])
        self._ledger.killed[part] = self._ledger.killed.get(part, 0) + 1
        self._parts[part]()

    def _restart(self, name: str) -> None:
        self._deployment.processes[name].kill()
        self._deployment.start()

    def _cut_broker(self) -> None:
        self._broker.kill()
        self._broker.start()
        self._deployment.wait_until_ready()

    def _crash_database(self) -> None:
        """A backend that dies takes the others with it, and the server recovers as after a power cut."""
        os.kill(beneath.value(self._deployment.home, BACKEND), signal.SIGKILL)
        self._deployment.wait_until_ready()


def memory(deployment: Deployment) -> dict[str, float]:
    return {name: proportional([each.process.pid]) for name, each in deployment.processes.items()}


async def load(deployment: Deployment, killer: Killer, ledger: Ledger) -> list[dict[str, float]]:
    """What each part held in memory, just before each kill."""
    held, stop = [], time.monotonic() + MINUTES * 60
    wait = aiohttp.ClientTimeout(total=30)
    async with aiohttp.ClientSession(deployment.url, headers=deployment.bot, timeout=wait) as bot:
        club = Club(bot, deployment.api_keys["worker"], ledger)
        for member in range(MEMBERS):
            named = _person(member)
            await club.until_answered("PUT", f"/users/discord/{named.pop('discord_id')}", named)
        async with asyncio.TaskGroup() as group:
            for work in (club.weeks, club.weeks, club.listens):
                group.create_task(work())
            while time.monotonic() < stop:
                await asyncio.sleep(EVERY)
                held.append(memory(deployment))
                await asyncio.to_thread(killer.one)
                told = f"{len(ledger.votes):,} votes, {len(ledger.ratings):,} ratings, {ledger.listens:,} listens"
                console.print(f"{told}; killed: {ledger.killed}", highlight=False)
            club.over = True
    return held


async def counts(deployment: Deployment, expected: dict[str, int]) -> dict[str, int]:
    """Once they are as expected and nothing waits, or patience ends."""
    database, deadline = await asyncpg.connect(find_running(deployment.home)), time.monotonic() + PATIENCE
    while True:
        found = {name: await database.fetchval(counted) for name, counted in COUNTED.items()}
        found["waiting"] = await database.fetchval(f"SELECT {beneath.WAITING}")
        if (found["waiting"] == 0 and found | expected == found) or time.monotonic() > deadline:
            await database.close()
            return found
        await asyncio.sleep(1)


def grown(held: list[dict[str, float]]) -> dict[str, str]:
    """Which part holds more in the last third than in the first."""
    third = max(1, len(held) // 3)
    told = {}
    for name in held[0]:
        first, last = (statistics.median(each[name] for each in part) for part in (held[:third], held[-third:]))
        if last > first * GROWTH:
            told[name] = f"{first:.0f} MiB, then {last:.0f}"
    return told


def main() -> int:
    ledger, broker = Ledger(), new_broker()
    with ExitStack() as stack:
        stack.callback(broker.stop)
        deployment = stack.enter_context(distributed(stack.enter_context(new_home()), broker, QUICKER, DURABLE))
        held = asyncio.run(load(deployment, Killer(deployment, broker, ledger), ledger))
        expected = ledger.expected() | {"waiting": 0}
        found = asyncio.run(counts(deployment, expected))
        bus = Settings(bus_url=deployment.environment["SIDETRACK_BUS_URL"])
        dead = asyncio.run(dead_letters(bus).count())
    console.print(f"killed: {ledger.killed}; told again after no answer: {ledger.refused:,}", highlight=False)
    for name, number in expected.items():
        console.print(f"{name}: {found[name]:,}" + ("" if found[name] == number else f", WRONG: expected {number:,}"))
    more = grown(held)
    console.print(f"dead letters: {dead or 'none'}; grown: {more or 'none'}", highlight=False)
    return int(found != expected or bool(dead) or bool(more))


if __name__ == "__main__":
    sys.exit(main())
