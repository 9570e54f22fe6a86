"""How alike thousands are: a pair over HTTP, one beside all, all beside all; and a profile of 100,000 plays."""

import asyncio
import json
import random
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

import aiohttp
import asyncpg
from tests.system.deployments import Deployment

from bench.arrays import Arrays
from bench.lines import Line, at_least, at_most, beside, latencies, told
from bench.profiles import profile_of_many_plays
from bench.quick import QUICK
from contracts.ids import AlbumId, ArtistId, UserId
from standalone.postgres import find_running
from taste.compatibility.measured import prepare
from taste.matching.crowd import Crowd
from taste.matching.rules import Matchable
from taste.profiles.evidence import Evidence, Played, Traits
from taste.profiles.rules import profile_of
from taste.profiles.sounding import sounds
from taste.profiles.store import BESIDE

EVERYBODY, JOINED, PROFILES, ASKED = (300, 200, 2, 100) if QUICK else (5_000, 1_000, 5, 500)
CLUB, SLUG = UUID(int=99), "large"
ARTISTS, EACH, GENRES = 3000, 120, 40
LAST = date(2025, 11, 18)


def person(number: int) -> UserId:
    return UserId(UUID(int=(7 << 64) + number))


def evidence(count: int, seed: int = 5) -> Iterator[Evidence]:
    """Each plays 120 of 3000 artists, the first of them the most by far; of each an album, with two of 40 genres."""
    chance = random.Random(seed)
    albums = {}
    for place in range(ARTISTS):
        genres = {f"genre {chance.randrange(GENRES)}": 1.0 for _ in range(2)}
        mood = {"energy": chance.random(), "valence": 0.5, "electronic": 0.0, "density": 0.5, "coverage": 1.0}
        albums[AlbumId(UUID(int=place + 1))] = Traits(
            f"Album {place}", "Somebody", 1950 + place % 70, ("CA",), genres, {}, sounds(None, mood)
        )
    for number in range(count):
        chosen = sorted({int(ARTISTS * chance.random() ** 3) for _ in range(EACH)})
        plays = [
            Played(LAST, ArtistId(UUID(int=each + 1)), f"Artist {each}", AlbumId(UUID(int=each + 1)), None, count)
            for each, count in ((each, chance.randint(1, 60)) for each in chosen)
        ]
        known = {play.album_id: albums[play.album_id] for play in plays if play.album_id}
        yield Evidence(person(number), "UTC", plays, [], {}, known, [])


class Members:
    """A club in taste's tables, and the same people in memory."""

    def __init__(self, count: int) -> None:
        self.profiles = [profile_of(each) for each in evidence(count)]
        self.matchable = [
            Matchable(each.user_id, number, prepare(each), {}) for number, each in enumerate(self.profiles)
        ]

    async def join(self, database: asyncpg.Connection, members: int) -> None:
        """As the service would have written it: people, profiles, and a roster of so many of them."""
        await database.execute(
            "INSERT INTO taste.clubs (id, slug, roster_version) VALUES ($1, $2, 1) ON CONFLICT DO NOTHING", CLUB, SLUG
        )
        people = [(each.user_id, 1, f"Member {number}") for number, each in enumerate(self.profiles)]
        profiles = [
            (each.user_id, 1, each.inputs_hash, json.dumps(each.model_dump(mode="json", exclude=BESIDE)))
            for each in self.profiles
        ]
        await database.executemany(
            "INSERT INTO taste.users (id, version, display_name) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", people
        )
        await database.executemany(
            "INSERT INTO taste.profiles (user_id, formula_version, inputs_hash, document) VALUES ($1, $2, $3, $4) "
            "ON CONFLICT DO NOTHING",
            profiles,
        )
        await database.executemany(
            "INSERT INTO taste.roster (club_id, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            [(CLUB, each.user_id) for each in self.profiles[:members]],
        )
        await database.execute("ANALYZE")


async def pairs_over_http(deployment: Deployment, count: int, asked: int) -> Line:
    """Each pair is asked once, so that nothing of it is at hand."""
    chance, took = random.Random(3), []
    async with aiohttp.ClientSession(deployment.url, headers=deployment.bot) as bot:
        for _ in range(asked):
            one, other = chance.sample(range(count), 2)
            began = time.perf_counter()
            async with bot.get(f"/users/{person(one)}/compatibility/{person(other)}") as answer:
                answer.raise_for_status()
                found = await answer.json()
            took.append((time.perf_counter() - began) * 1000)
            assert found["score"] is not None
    return latencies("one pair, its evidence and sentences, over HTTP", took, [at_most(3, "p99")])


async def one_beside_all(members: Members) -> Line:
    """Ours is what is kept: scores and confidences as each pair has them by itself."""
    crowd, arrays, count = Crowd(), Arrays(members.matchable), len(members.matchable)
    crowd.row_of(members.matchable[0], members.matchable, members.matchable)
    chance = random.Random(1)

    async def ours() -> float:
        one = members.matchable[chance.randrange(count)]
        began = time.perf_counter()
        row = crowd.row_of(one, members.matchable, members.matchable)
        took = (time.perf_counter() - began) * 1000
        points = arrays.scores(one.seat, one.seat + 1)[0]
        assert all(abs(points[seat] - each.score / 10) < 0.1 for seat, each in row.items()), "Scores differ."
        return took

    async def other() -> float:
        one = chance.randrange(count)
        began = time.perf_counter()
        arrays.scores(one, one + 1)
        return (time.perf_counter() - began) * 1000

    name = f"one beside {count:,}"
    return await beside(name, "ms", ours, other, "numpy, in memory", goals=[at_least(1 / 3)], inverse=True)


async def all_beside_all(members: Members, count: int) -> Line:
    """Each pair once."""
    people = members.matchable[:count]
    crowd, arrays = Crowd(), Arrays(people)

    async def ours() -> float:
        began = time.perf_counter()
        compared = sum(len(crowd.row_of(one, people[: one.seat], people)) for one in people)
        took = (time.perf_counter() - began) * 1000
        assert compared == count * (count - 1) / 2, "Pairs are missing."
        return took

    async def other() -> float:
        began = time.perf_counter()
        for first in range(0, count, 100):
            arrays.scores(first, first + 100)
        return (time.perf_counter() - began) * 1000

    name = f"all beside all of {count:,}"
    return await beside(name, "ms", ours, other, "numpy, in memory", goals=[at_least(1 / 3)], inverse=True)


async def whole_club(deployment: Deployment, database: asyncpg.Connection, count: int) -> list[Line]:
    """By the service itself, from all marked to all kept; and again one who changed."""
    marked = "INSERT INTO taste.unmatched (user_id, since) VALUES ($1, now() - interval '1 minute')"
    left = "SELECT count(*) FROM taste.unmatched"
    lines = []
    for name, people in (
        (f"club of {count:,}: everybody marked, kept", range(count)),
        (f"club of {count:,}: one who changed, kept", range(1)),
    ):
        await database.executemany(marked, [(person(each),) for each in people])
        began = time.perf_counter()
        while await database.fetchval(left):
            await asyncio.sleep(0.01)
        lines.append(Line(name, "s", time.perf_counter() - began))
    kept = await database.fetchval("SELECT sum(cardinality(seats)) FROM taste.matches")
    size = await database.fetchval("SELECT pg_total_relation_size('taste.matches') / 1048576.0")
    wrong = "" if kept >= count * (count - 1) / 2 else f"Only {kept} pairs are kept."
    detail = {"rows MiB": float(size), "pairs": float(kept), "process MiB": _most_memory(deployment)}
    lines[0] = Line(lines[0].name, "s", lines[0].ours, detail=detail, wrong=wrong)
    return [told(each) for each in lines]


def _most_memory(deployment: Deployment) -> float:
    """MiB that the process ever held."""
    status = Path(f"/proc/{deployment.processes['up'].process.pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


async def measure(deployment: Deployment) -> list[Line]:
    """One beside 5,000, and a club of 1,000; quickly, beside 300 and of 200."""
    database = await asyncpg.connect(find_running(deployment.home))
    members = Members(EVERYBODY)
    await members.join(database, JOINED)
    lines = [
        await profile_of_many_plays(database, PROFILES),
        await one_beside_all(members),
        await all_beside_all(members, JOINED),
        *await whole_club(deployment, database, JOINED),
        await pairs_over_http(deployment, EVERYBODY, ASKED),
    ]
    await database.close()
    return lines
