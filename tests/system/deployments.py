"""The whole system, started as an operator would: in one process, or in six over RabbitMQ."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx2

from standalone.keys import Keys, make_keys
from standalone.postgres import Postgres
from tests.brokers import Broker, own_vhost
from tests.homes import FAST
from tests.servers import free_port

SIDETRACK = [str(Path(sys.executable).with_name("sidetrack"))]
SERVICES = ("identity", "catalog", "club", "listening", "taste")
# A test asks more often than anybody would.
UNBOUND = {f"SIDETRACK_RATE_{budget}": "0" for budget in ("READS", "WRITES", "INGEST", "AUTH")}
# And reaches nobody outside: who stands in for the sources says so.
UNBOUND["SIDETRACK_PROVIDERS"] = "off"
QUICK = {
    "SIDETRACK_POLL": "1",
    "SIDETRACK_LADDER": json.dumps([0.5, 1, 2]),
    "SIDETRACK_QUEUE_CHECK": "1",
} | UNBOUND


class Process:
    """A `sidetrack` command that stays, ended by its own pid."""

    def __init__(self, log: Path, environment: Mapping[str, str], *command: str) -> None:
        self._log = log
        with log.open("ab") as output:
            clean = {name: setting for name, setting in os.environ.items() if not name.startswith("SIDETRACK_")}
            self.process = subprocess.Popen(
                [*SIDETRACK, *command], env=clean | environment, stdout=output, stderr=output
            )

    @property
    def log(self) -> str:
        return self._log.read_text()

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=60)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


class Deployment:
    """Where the gateway is, the keys to it, and the processes behind it."""

    def __init__(self, home: Path, keys: Keys, port: int) -> None:
        self.home, self.keys, self.port = home, keys, port
        self.url = f"http://127.0.0.1:{port}"
        kinds = ("bot", "worker", "admin")
        self.api_keys = {kind: keys.api[f"SIDETRACK_{kind.upper()}_KEY"] for kind in kinds}
        self.bot_key, self.admin_key = self.api_keys["bot"], self.api_keys["admin"]
        self.environment: dict[str, str] = {}
        self.parts: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {}
        self.processes: dict[str, Process] = {}

    @property
    def bot(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.bot_key}"}

    def client(self, **options) -> httpx2.Client:
        return httpx2.Client(base_url=self.url, timeout=30, **options)

    def command(self, *words: str, check: bool = True, within: float = 120) -> str:
        """What a `sidetrack` command on this deployment prints."""
        clean = {name: setting for name, setting in os.environ.items() if not name.startswith("SIDETRACK_")}
        told = subprocess.run(
            [*SIDETRACK, *words],
            env=clean | self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=within,
        )
        assert told.returncode == 0 or not check, told.stderr + told.stdout
        return told.stdout + told.stderr

    def wait_until_ready(self, within: float = 180) -> None:
        deadline = time.monotonic() + within
        while True:
            with self.client() as client:
                try:
                    if client.get("/health").json()["status"] == "ok":
                        return
                except (httpx2.TransportError, ValueError, KeyError):
                    pass
            dead = {name: each.log[-2000:] for name, each in self.processes.items() if each.process.poll() is not None}
            assert not dead, dead
            assert time.monotonic() < deadline, {name: each.log[-2000:] for name, each in self.processes.items()}
            time.sleep(0.1)

    def start(self) -> None:
        """Every part that does not run, each with its own environment."""
        for name, (environment, command) in self.parts.items():
            if name not in self.processes or self.processes[name].process.poll() is not None:
                self.processes[name] = Process(self.home / f"{name}.log", environment, *command)
        self.wait_until_ready()

    def stop(self) -> None:
        for process in reversed(self.processes.values()):
            process.process.send_signal(signal.SIGINT) if process.process.poll() is None else None
        for process in self.processes.values():
            process.stop()


@contextmanager
def standalone(home: Path, settings: Mapping[str, str] = QUICK) -> Iterator[Deployment]:
    deployment = Deployment(home, make_keys(home, {}), free_port())
    place = {"SIDETRACK_HOME": str(home), "SIDETRACK_PORT": str(deployment.port)}
    deployment.environment = {**settings, **place}
    deployment.parts["up"] = (deployment.environment, ("up",))
    try:
        deployment.start()
        yield deployment
    finally:
        deployment.stop()


@contextmanager
def distributed(
    home: Path, broker: Broker, settings: Mapping[str, str] = QUICK, database: Mapping[str, str] = FAST
) -> Iterator[Deployment]:
    """Six processes, each with its own key and no secret but its own role's; `database` is how PostgreSQL is set."""
    keys, ports = make_keys(home, {}), {name: free_port() for name in (*SERVICES, "gateway")}
    deployment = Deployment(home, keys, ports["gateway"])
    door = {"SIDETRACK_PORT": str(ports["gateway"])}
    with ExitStack() as stack:
        bus_url = stack.enter_context(own_vhost(broker))
        postgres = stack.enter_context(Postgres(home, database))
        urls = {f"SIDETRACK_{name.upper()}_URL": f"http://127.0.0.1:{ports[name]}" for name in SERVICES}
        shared = {**settings, **urls, "SIDETRACK_BUS_URL": bus_url, "SIDETRACK_PUBLIC_URL": deployment.url}
        operator = {"SIDETRACK_DATABASE_URL": postgres.url, "SIDETRACK_ROLE_SECRET": keys.role_secret}
        operator["SIDETRACK_HOME"] = str(home)
        deployment.environment = {**shared, **operator, **door}
        deployment.command("migrate")
        deployment.command("bus", "declare")
        stack.callback(deployment.stop)
        for name, port in ports.items():
            deployment.parts[name] = (
                {**shared, **keys.environment(name, postgres.url)},
                ("serve", name, "--port", str(port)),
            )
        deployment.start()
        yield deployment
