"""How alike thousands are: a pair over HTTP, one beside all, all beside all; and a profile of 100,000 plays."""

import asyncio
import json
import random
import statistics
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import aiohttp
import asyncpg
import numpy as np
from numpy.typing import NDArray
from tests.system.deployments import Deployment

from bench.generator import MOST_OF_ONE, Track, history, music
from bench.lines import Line, at_least, at_most, beside, latencies, told
from contracts.ids import AlbumId, ArtistId, UserId
from contracts.naming import messy_track_id
from standalone.postgres import find_running
from taste.compatibility.measured import FAR, FAR_IN_TEMPO, HALF_SHRUNK, WEIGHTS, prepare
from taste.matching.crowd import Crowd
from taste.matching.rules import Matchable
from taste.matching.stacks import AXES
from taste.profiles.evidence import Evidence, Played, Traits
from taste.profiles.rules import profile_of
from taste.profiles.sounding import sounds
from taste.profiles.store import BESIDE

CLUB, SLUG = UUID(int=99), "large"
ARTISTS, EACH, GENRES = 3000, 120, 40
LAST = date(2025, 11, 18)
Matrix = NDArray[np.float64]


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

    async def join(self, database: asyncpg.Connection) -> None:
        """As the service would have written it: people, profiles, a roster."""
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
            [(CLUB, each.user_id) for each in self.profiles],
        )
        await database.execute("ANALYZE")


class Arrays:
    """The same people as whoever has numpy would keep them: a row each, a column for whatever anybody has."""

    def __init__(self, people: Sequence[Matchable]) -> None:
        self.artists = _rows([each.prepared.artists for each in people])
        self.genres = _rows([each.prepared.genres for each in people])
        self.families = _rows([each.prepared.families for each in people])
        self.decades = _rows([each.prepared.decades for each in people])
        mood = [[each.prepared.mood.get(axis) for axis in AXES] for each in people]
        self.mood = np.array([[axis.value if axis else 0.0 for axis in each] for each in mood])
        self.sure = np.array([[axis.confidence if axis else 0.0 for axis in each] for each in mood])
        self.has = (self.artists > 0).astype(np.float64)

    def scores(self, first: int, last: int) -> Matrix:
        """Of some, beside everybody: points, by the same formula, of people who have every part but ratings."""
        size = self.has[first:last] @ self.has.T
        shared = self.artists[first:last] @ self.has.T + self.has[first:last] @ self.artists.T
        half = HALF_SHRUNK["artists"]
        artists = shared / 2 * (1 - half / (size + half) * (1 - shared / 2))
        parts = {
            "artists": artists,
            "genres": (_alike(self.genres, first, last) + _alike(self.families, first, last)) / 2,
            "mood": self._moods(first, last),
            "decades": _alike(self.decades, first, last),
        }
        weighed = sum(WEIGHTS[name] for name in WEIGHTS if name in parts)
        points: Matrix = sum(100 * WEIGHTS[name] / weighed * parts[name] for name in WEIGHTS if name in parts)
        return points

    def _moods(self, first: int, last: int) -> Matrix:
        far = np.array([FAR_IN_TEMPO if axis == "tempo" else FAR for axis in AXES])
        found = []
        for each in range(first, last):
            sure = np.minimum(self.sure, self.sure[each])
            alike = 1 - np.minimum(1, np.abs(self.mood - self.mood[each]) / far)
            found.append((alike * sure).sum(axis=1) / sure.sum(axis=1))
        return np.array(found)


def _rows(parts: Sequence[dict[str, float]]) -> Matrix:
    columns = {thing: at for at, thing in enumerate(sorted({thing for each in parts for thing in each}))}
    rows = np.zeros((len(parts), max(1, len(columns))))
    for row, each in zip(rows, parts, strict=True):
        for thing, amount in each.items():
            row[columns[thing]] = amount
    return rows


def _alike(rows: Matrix, first: int, last: int) -> Matrix:
    found = []
    for p in rows[first:last]:
        both = (p > 0) & (rows > 0)
        q = np.where(both, rows, 1.0)
        mine = np.where(both, p, 1.0)
        told = np.where(both, mine * np.log2(mine / (mine + q)) + q * np.log2(q / (mine + q)), 0).sum(axis=1)
        found.append(1 - np.sqrt(np.clip(1 + told / 2, 0, 1)))
    return np.array(found)


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


async def one_beside_all(members: Members, pairs: int) -> Line:
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
    return await beside(name, "ms", ours, other, "numpy, in memory", goals=[at_least(1 / 3)], pairs=pairs, inverse=True)


async def all_beside_all(members: Members, count: int, pairs: int) -> Line:
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
    return await beside(name, "ms", ours, other, "numpy, in memory", goals=[at_least(1 / 3)], pairs=pairs, inverse=True)


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


async def profile_of_many_plays(database: asyncpg.Connection, times: int) -> Line:
    """Of who played a hundred thousand tracks in ten years: from the mark to the profile that is kept."""
    listener, tracks = person(1_000_000), music()
    days: dict[date, dict[int, int]] = {}
    moved = LAST - date(2025, 12, 31)
    for each in history(tracks, MOST_OF_ONE, 1):
        heard = days.setdefault(each.at.date() + moved, {})
        heard[each.track] = heard.get(each.track, 0) + 1
    rows = [(listener, day, json.dumps(plays), albums, [0] * 24) for day, plays, albums in _days(tracks, days)]
    insert = "INSERT INTO taste.users (id, version, display_name) VALUES ($1, 1, 'Listener') ON CONFLICT DO NOTHING"
    await database.execute(insert, listener)
    await database.executemany(
        "INSERT INTO taste.days (user_id, day, version, plays, album_ids, hours) VALUES ($1, $2, 1, $3, $4, $5)", rows
    )
    await database.execute("ANALYZE taste.days")
    took = []
    for no in range(times):
        await database.execute(
            "UPDATE taste.days SET hours[1] = $2 WHERE user_id = $1 AND day = (SELECT max(day) FROM taste.days "
            "WHERE user_id = $1)",
            listener,
            no + 1,
        )
        before = datetime.now(UTC)
        began = time.perf_counter()
        await database.execute(
            "INSERT INTO taste.stale_profiles (user_id, since) VALUES ($1, now() - interval '1 minute')", listener
        )
        computed = "SELECT max(computed_at) FROM taste.profiles WHERE user_id = $1"
        while ((await database.fetchval(computed, listener)) or datetime.min.replace(tzinfo=UTC)) <= before:
            await asyncio.sleep(0.005)
        took.append((time.perf_counter() - began) * 1000)
        await asyncio.sleep(0.1)
    return told(
        Line(
            f"profile of {MOST_OF_ONE:,} plays, from the mark on (up to a second of it waiting)",
            "ms",
            statistics.median(took),
            detail={"least": min(took), "most": max(took), "days": len(rows)},
        )
    )


def _days(
    tracks: Sequence[Track], days: dict[date, dict[int, int]]
) -> Iterator[tuple[date, list[dict[str, object]], list[UUID]]]:
    for day, heard in sorted(days.items()):
        plays, albums = [], set()
        for at, count in heard.items():
            track = tracks[at]
            album = UUID(int=at // 5 + 1)
            albums.add(album)
            each = {
                "id": str(messy_track_id(track.artist, track.title, track.album)),
                "title": track.title,
                "plays": count,
            }
            plays.append(
                {
                    "artist_id": str(UUID(int=at // 10 + 1)),
                    "artist": track.artist,
                    "album_id": str(album),
                    "album": track.album,
                    "plays": count,
                    "tracks": [each],
                }
            )
        yield day, plays, sorted(albums)


async def measure(deployment: Deployment, pairs: int, *, quick: bool) -> list[Line]:
    """All of it, for a club of 5,000; quickly, of 300."""
    count, some = (300, 200) if quick else (5_000, 1_000)
    database = await asyncpg.connect(find_running(deployment.home))
    members = Members(count)
    await members.join(database)
    lines = [
        await profile_of_many_plays(database, 3 if quick else 10),
        await one_beside_all(members, pairs),
        await all_beside_all(members, some, pairs),
        *await whole_club(deployment, database, count),
        await pairs_over_http(deployment, count, 100 if quick else 500),
    ]
    await database.close()
    return lines
