"""What else a listener would run: Maloja, installed into an environment of its own."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from tests.servers import free_port, wait_for_port

RELEASE = "malojaserver==3.2.3"
# From 3.13 on a folder of resources is no context manager any more, which this release takes it for.
PYTHONS = ("3.12", "3.11")
ENVIRONMENT = Path(".venv") / "maloja"
KEY = "a key for the bench"
REPEATED = """
    INSERT OR IGNORE INTO scrobbles (timestamp, rawscrobble, origin, duration, track_id, extra)
    SELECT timestamp - ?, rawscrobble, origin, duration, track_id, extra FROM scrobbles WHERE timestamp > ?
"""


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

    def repeat(self, wanted: int, since: datetime, days: int) -> None:
        """The listens of these days again and again before, until there are so many; its own ways in take an hour."""
        with sqlite3.connect(self._folder / "malojadb.sqlite") as database:
            for times in range(1, wanted // self.rows() + 1):
                database.execute(REPEATED, (times * days * 86_400, int(since.timestamp())))
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
