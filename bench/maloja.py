"""What else a listener would run: Maloja, installed into an environment of its own, and the same listens for both."""

import asyncio
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path

import aiohttp
import httpx2
from tests.servers import free_port, wait_for_port
from tests.system.deployments import Deployment

from bench.generator import Heard, Track, music, sessions
from bench.lines import PAIRS, Line, at_least, at_most, beside, told
from bench.measure import family, postmaster, proportional
from bench.quick import QUICK

RELEASE = "malojaserver==3.2.3"
# From 3.13 on a folder of resources is no context manager any more, which this release takes it for.
PYTHONS = ("3.12", "3.11")
ENVIRONMENT = Path(".venv") / "maloja"
SETTLES = 2 if QUICK else 10
KEY, CONNECTIONS = "a key for the bench", 4
# By the size of a batch: what a turn takes, and how many times as fast is hoped for.
TURNS, TIMES = {1: 250, 100: 2_000, 1000: 3_000}, {1: 10, 100: 100, 1000: 200}
FILE, OTHER_FILE, KEPT = 200_000, 5_000, 100_000
PATIENCE = 600
if QUICK:
    TURNS, FILE, OTHER_FILE = {1: 100, 100: 500, 1000: 1_000}, 1_000, 500
LONG_AGO, SINCE, DAYS = datetime(2016, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC), 270
REPEATED = """
    INSERT OR IGNORE INTO scrobbles (timestamp, rawscrobble, origin, duration, track_id, extra)
    SELECT timestamp - ?, rawscrobble, origin, duration, track_id, extra FROM scrobbles WHERE timestamp > 1767225600
"""
ADDRESS = "/apis/listenbrainz/1/submit-listens"


class NotThere(Exception):
    """Why it cannot be measured here."""


def installed() -> tuple[Path, str]:
    """Its interpreter, and what it is called; installed first, if it is not there. Raises NotThere."""
    python = ENVIRONMENT / "bin" / "python"
    try:
        if not python.exists():
            subprocess.run([_newest(), "-m", "venv", ENVIRONMENT], check=True, capture_output=True)
            install = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", RELEASE]
            subprocess.run(install, check=True, capture_output=True)
        version = subprocess.run([python, "--version"], check=True, capture_output=True, text=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError) as error:
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
        raise NotThere(f"{RELEASE} could not be installed: {error}") from error
    return python.absolute(), f"{RELEASE.replace('==', ' ')} on {version}"


def _newest() -> str:
    """The newest interpreter that it runs on."""
    managed = Path.home() / ".pyenv" / "versions"
    for version in PYTHONS:
        for candidate in (shutil.which(f"python{version}"), *managed.glob(f"{version}.*/bin/python")):
            if candidate and subprocess.run([candidate, "-c", ""], check=False, capture_output=True).returncode == 0:
                return str(candidate)
    return sys.executable


class Maloja:
    """Its server on a folder of its own."""

    def __init__(self, python: Path, folder: Path) -> None:
        self._python, self._folder, self.port = python, folder, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        (folder / "apikeys.yml").write_text(f"bench: {KEY}\n")
        settings = {"DATA_DIRECTORY": str(folder), "SKIP_SETUP": "true", "FORCE_PASSWORD": "bench", "PORT": self.port}
        alone = {"HOST": "127.0.0.1", "SEND_STATS": "false", "LOGGING": "false"}
        self._environment = os.environ | {f"MALOJA_{name}": str(value) for name, value in (settings | alone).items()}

    def start(self) -> None:
        command = [self._python, "-m", "maloja", "run"]
        with (self._folder / "server.out").open("ab") as output:
            self.process = subprocess.Popen(command, env=self._environment, stdout=output, stderr=output)
        wait_for_port(self.port, 120)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def read(self, file: Path) -> None:
        """Its own command to import a file."""
        command = [self._python, "-m", "maloja", "import", file]
        subprocess.run(command, env=self._environment, check=True, capture_output=True, input=b"")

    def repeat(self, wanted: int) -> None:
        """The same listens years and years before, until there are so many; its own ways in would take an hour."""
        with sqlite3.connect(self._folder / "malojadb.sqlite") as database:
            for times in range(1, wanted // self.rows() + 1):
                database.execute(REPEATED, (times * DAYS * 86_400,))
        database.close()

    def rows(self) -> int:
        with sqlite3.connect(self._folder / "malojadb.sqlite") as database:
            return database.execute("SELECT count(*) FROM scrobbles").fetchone()[0]


@contextmanager
def running(python: Path) -> Iterator[Maloja]:
    with tempfile.TemporaryDirectory(prefix="sidetrack-maloja-") as folder:
        server = Maloja(python, Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.stop()


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
        maloja.repeat(KEPT)
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
