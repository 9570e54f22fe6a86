"""Starting and stopping the embedded server. It ends with the process that started it, even by kill -9."""

import secrets
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Self

from chassis.errors import Unavailable
from standalone.home import AlreadyRunning, locked, write_private
from standalone.postgres import postmaster
from standalone.postgres.account import account_for, require_way_to
from standalone.postgres.binaries import Binaries, reachable, server_binaries
from standalone.postgres.client import query
from standalone.postgres.cluster import ENVIRONMENT, SUPERUSER, make_cluster
from standalone.postgres.logs import Logs
from standalone.postgres.process import Process

DATABASE = "sidetrack"
CREATE = """SELECT 'CREATE DATABASE sidetrack'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'sidetrack') \\gexec"""
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "cluster_name": "sidetrack",
    # 5 services x (5 + 3) for requests, as many for the bus, 5 that LISTEN, and some for commands and the superuser.
    "max_connections": "100",
    "shared_buffers": "64MB",
    "fsync": "on",
    "max_logical_replication_workers": "0",  # nothing replicates from here: one process less
}
# A port that someone else took first; processes of a killed server that are still on their way out.
PASSING = ("could not create any TCP/IP sockets", "pre-existing shared memory block")
ATTEMPTS = 20


class DidNotStart(Unavailable):
    sentence = "PostgreSQL did not start."


class NotRunning(Unavailable):
    sentence = "PostgreSQL does not run on this home."


class Postgres:
    """The server of one home, to be started from the main thread and with the home locked.

    `options` are PostgreSQL's own settings, over those here. Everything lies in `<home>/postgres`.
    """

    def __init__(self, home: Path, options: Mapping[str, str] | None = None, binaries: Binaries | None = None) -> None:
        self._home, self._folder, self._data = home, home / "postgres", _data(home)
        self._logs = Logs(self._folder)
        self._settings = SETTINGS | self._logs.settings | dict(options or {})
        self._binaries = binaries or server_binaries()
        self._servers = self._binaries
        self._account = account_for(self._data)
        self._process: Process | None = None

    @property
    def url(self) -> str:
        """`postgresql://…/sidetrack`, as the superuser and with its password. Raises NotRunning."""
        return find_running(self._home)

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.running

    def start(self) -> None:
        """Returns when it accepts connections: after a crash, when it has recovered.

        Raises OtherMajorVersion, Unreachable, NotMade, StillThere, DidNotStart.
        """
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError("PostgreSQL would end with this thread; start it from the main one.")
        self.stop()
        self._prepare()
        try:
            self._bring_up()
            query(_address(self._home, "postgres"), CREATE, self._binaries.tool("psql"))
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Rolls back what is open; what was committed is on the disk."""
        if self._process:
            self._process.stop()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _prepare(self) -> None:
        require_way_to(self._home, self._account)
        # Root itself runs only what nobody else can write: the server's copy belongs to its account.
        self._servers = reachable(self._binaries, self._home, self._account)
        self._folder.mkdir(exist_ok=True)
        self._folder.chmod(0o711 if self._account else 0o700)
        self._logs.make(self._account)
        if not self._data.exists():
            write_private(_password(self._home), secrets.token_hex(32))
        make_cluster(self._data, self._servers, self._account, _password(self._home).read_text("ascii"))
        postmaster.stop_stray(self._data)

    def _bring_up(self) -> None:
        for _ in range(ATTEMPTS):
            said_before = self._logs.mark()
            self._process = self._spawn()
            if self._came_up(self._process):
                return
            self._process.bury()
            said = self._logs.since(said_before)
            if not any(reason in said for reason in PASSING):
                break
            time.sleep(0.5)
        raise DidNotStart(f"PostgreSQL did not start:\n{said}")

    def _spawn(self) -> Process:
        settings = self._settings | {"port": str(_free_port())}
        options = [f"--{name}={value}" for name, value in settings.items()]
        left_behind = postmaster.recorded(self._data)
        # The pid in the file of a crashed server may be another process by now. PostgreSQL passes over its own
        # "grandparent", and goes on to look whether the data are really free.
        passed_over = {"PG_GRANDPARENT_PID": str(left_behind.pid)} if left_behind else {}
        command: list[str | Path] = [self._servers.tool("postgres"), "-D", self._data, *options]
        return Process(command, ENVIRONMENT | passed_over, self._account, self._logs.start)

    def _came_up(self, process: Process) -> bool:
        while process.running:
            if (found := postmaster.recorded(self._data)) and found.ready and found.pid == process.pid:
                return True
            time.sleep(0.02)
        return False


def find_running(home: Path) -> str:
    """The address of the server that runs on this home, whoever started it. Raises NotRunning."""
    return _address(home, DATABASE)


@contextmanager
def reached(home: Path) -> Iterator[str]:
    """The address of this home's server: of the one that runs, else of one that runs as long as the block.

    Raises what `start` raises, and NotRunning while the process that holds the home starts or stops.
    """
    with ExitStack() as held:
        try:
            held.enter_context(locked(home))
        except AlreadyRunning:
            address = find_running(home)
        else:
            address = held.enter_context(Postgres(home)).url
        yield address


def _address(home: Path, database: str) -> str:
    server = postmaster.living(_data(home))
    if server is None or not server.ready:
        raise NotRunning(f"PostgreSQL does not run on {home}, or is just starting or stopping.")
    return f"postgresql://{SUPERUSER}:{_password(home).read_text('ascii')}@127.0.0.1:{server.port}/{database}"


def _data(home: Path) -> Path:
    return home / "postgres" / "data"


def _password(home: Path) -> Path:
    return home / "postgres" / "password"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
