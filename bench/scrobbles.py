"""The same listens for both: for Sidetrack, and for Maloja beside it."""

import asyncio
import json
import re
import tempfile
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path

import aiohttp
import httpx2
from tests.system.deployments import Deployment

from bench.generator import Heard, Track, music, sessions
from bench.lines import PAIRS, Line, at_least, at_most, beside, told
from bench.maloja import KEY, Maloja, NotThere, installed, running
from bench.measure import family, postmaster, proportional
from bench.quick import QUICK

SETTLES = 2 if QUICK else 10
CONNECTIONS = 4
# By the size of a batch: what a turn takes, and how many times as fast is hoped for.
TURNS, TIMES = {1: 250, 100: 1_500, 1000: 2_000}, {1: 10, 100: 100, 1000: 200}
FILE, OTHER_FILE, KEPT = 200_000, 5_000, 100_000
PATIENCE = 600
if QUICK:
    TURNS, FILE, OTHER_FILE = {1: 100, 100: 500, 1000: 1_000}, 1_000, 500
LONG_AGO, SINCE, DAYS = datetime(2016, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC), 270
ADDRESS = "/apis/listenbrainz/1/submit-listens"


class Scrobbled:
    """Both, and one listener's listens, new ones each turn, as ListenBrainz has them."""

    def __init__(self, deployment: Deployment, maloja: Maloja) -> None:
        self.deployment, self.maloja = deployment, maloja
        self._tracks, self._seeds = music(), count(50_000)
        self._taken: set[int] = set()
        own = {"Origin": deployment.url, "Sec-Fetch-Site": "same-origin"}
        with httpx2.Client(base_url=deployment.url, headers=own) as browser:
            person = {"handle": "listener", "password": "four words of one's own"}
            self.user = browser.post("/auth/register", json=person).raise_for_status().json()["user"]["id"]
            made = browser.post("/users/me/keys", json={"name": "A scrobbler"}).raise_for_status().json()
        self._keys = {deployment.url: made["key"], maloja.url: KEY}

    def heard(self, wanted: int, *, years: bool = False) -> list[dict[str, object]]:
        """Of this year, or of ten `years` before it.

        No two at one second: there Maloja breaks the batch off.
        """
        since, days = (LONG_AGO, 3652) if years else (SINCE, DAYS)
        made = sessions(self._tracks, wanted, next(self._seeds), since, days, by=range(1))
        by_second = {int(each.at.timestamp()): self._listen(each) for each in made}
        new = {second: listen for second, listen in by_second.items() if second not in self._taken}
        self._taken |= new.keys()
        return [*new.values()]

    def _listen(self, heard: Heard) -> dict[str, object]:
        track: Track = self._tracks[heard.track]
        names = {"artist_name": track.artist, "track_name": track.title, "release_name": track.album}
        return {"listened_at": int(heard.at.timestamp()), "track_metadata": names}

    async def rate(self, url: str, batch: int, wanted: int) -> float:
        """Listens a second over four connections; each is there afterwards."""
        listens = self.heard(wanted)
        kind = "single" if batch == 1 else "import"
        sent = [listens[first : first + batch] for first in range(0, len(listens), batch)]
        waiting = iter([json.dumps({"listen_type": kind, "payload": each}).encode() for each in sent])
        headers = {"Authorization": f"Token {self._keys[url]}", "Content-Type": "application/json"}
        before = await self.rows(url)

        async def send(session: aiohttp.ClientSession) -> None:
            for body in waiting:
                async with session.post(ADDRESS, data=body) as answer:
                    assert answer.ok, f"{'Maloja' if url == self.maloja.url else 'Sidetrack'}: {await answer.text()}"

        async with aiohttp.ClientSession(url, headers=headers, timeout=aiohttp.ClientTimeout(600)) as session:
            started = time.perf_counter()
            await asyncio.gather(*(send(session) for _ in range(CONNECTIONS)))
            took = time.perf_counter() - started
        await self._all_came(url, before, len(listens))
        return len(listens) / took

    async def file_rate(self, url: str, wanted: int) -> float:
        """Listens a second of each one's own command, its start included."""
        listens, before = self.heard(wanted, years=True), await self.rows(url)
        with tempfile.TemporaryDirectory(prefix="sidetrack-bench-") as folder:
            if url == self.maloja.url:
                file = Path(folder) / "listener_lb-2026-01-01.json"
                file.write_text(json.dumps(listens))
                read = partial(self.maloja.read, file)
            else:
                file = Path(folder) / "listens.jsonl"
                file.write_text("".join(f"{json.dumps(each)}\n" for each in listens))
                words = "import", "listens", str(file), "--user", self.user
                read = partial(self.deployment.command, *words, within=PATIENCE)
            started = time.perf_counter()
            await asyncio.to_thread(read)
            took = time.perf_counter() - started
        await self._all_came(url, before, len(listens))
        return len(listens) / took

    async def _all_came(self, url: str, before: int, sent: int) -> None:
        came = await self.rows(url) - before
        # A few seconds were listened in before.
        assert came > 0.95 * sent, f"Of {sent:,} listens {came:,} came."

    async def rows(self, url: str) -> int:
        if url == self.maloja.url:
            return self.maloja.rows()
        headers = {"Authorization": f"Token {self._keys[url]}"}
        async with (
            aiohttp.ClientSession(url, headers=headers) as session,
            session.get("/1/user/listener/listen-count") as answer,
        ):
            return (await answer.json())["payload"]["count"] if answer.status == 200 else 0


def resident(pids: Iterable[int]) -> float:
    """MiB."""
    texts = [Path(f"/proc/{pid}/status").read_text() for pid in pids]
    return sum(int(re.search(r"VmRSS:\s+(\d+)", text)[1]) for text in texts) / 1024


def held(deployment: Deployment) -> float:
    """MiB of the one process and its PostgreSQL, what they share counted in parts."""
    pids = [each.process.pid for each in deployment.processes.values()]
    return proportional([*pids, *family(postmaster(deployment.home))])


async def measure(deployment: Deployment) -> list[Line]:
    """ListenBrainz's protocol, a file, and memory; one line that says why, where Maloja is not to be had."""
    try:
        python, called = installed()
    except NotThere as why:
        return [told(Line("beside Maloja", "", 0.0, wrong=f"skipped: {why}"))]
    lines, idle = [], held(deployment)
    with running(python) as maloja:
        both = Scrobbled(deployment, maloja)
        ours, theirs = deployment.url, maloja.url
        for batch, times in TIMES.items():
            name = f"ListenBrainz's protocol, {'single listens' if batch == 1 else f'{batch} a batch'}"
            arms = [partial(both.rate, url, batch, TURNS[batch]) for url in (ours, theirs)]
            lines.append(await beside(name, "listens/s", *arms, called, goals=[at_least(times)]))
        arms = [partial(both.file_rate, ours, FILE), partial(both.file_rate, theirs, OTHER_FILE)]
        # What a command reads it has not read before, and it starts anew each time: there is nothing to warm up.
        name, few = f"a file of {FILE:,}", min(PAIRS, 2)
        line = await beside(name, "listens/s", *arms, called, goals=[at_least(40)], pairs=few, warm_up=0)
        lines.append(line)
        maloja.repeat(KEPT, SINCE, DAYS)
        lines.append(_footprint(deployment, maloja, idle, called))
    return lines


def _footprint(deployment: Deployment, maloja: Maloja, idle: float, called: str) -> Line:
    """Both started anew, and asked nothing since."""
    deployment.stop()
    deployment.start()
    maloja.stop()
    maloja.start()
    time.sleep(SETTLES)
    kept, other = held(deployment), resident([maloja.process.pid])
    name = f"memory with its PostgreSQL, {maloja.rows():,} scrobbles beside"
    detail = {"idle and empty": idle}
    return told(Line(name, "MiB", kept, other, called, [kept / other], [at_most(0.75)], detail))
