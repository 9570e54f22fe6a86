"""RabbitMQ of the suite's own, on free loopback ports: in Docker, or native, installed first where that is possible."""

import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol
from uuid import uuid4

from testcontainers.core.container import DockerContainer

from tests.servers import free_port, wait_for_port

IMAGE = "rabbitmq:4"
# Debian's own: the wrapper in /usr/sbin would change the user.
NATIVE = Path("/usr/lib/rabbitmq/bin")
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


class Broker(Protocol):
    url: str

    def kill(self) -> None: ...
    def terminate(self) -> None: ...
    def start(self) -> None: ...
    def ctl(self, *command: str) -> None: ...
    def stop(self) -> None: ...


@contextmanager
def own_vhost(broker: Broker) -> Iterator[str]:
    """The address of a virtual host for one system: of two that share one, each would take the other's events."""
    name = f"system-{uuid4().hex[:12]}"
    broker.ctl("add_vhost", name)
    broker.ctl("set_permissions", "-p", name, "guest", ".*", ".*", ".*")
    yield broker.url + name
    broker.ctl("delete_vhost", name)


def new_broker() -> Broker:
    """Docker if an engine answers, else RabbitMQ as it is installed, else as Debian's root may install it."""
    if _docker_answers():
        return DockerBroker()
    with _alone():
        if _native() is None:
            _install()
    return NativeBroker()


@contextmanager
def _alone() -> Iterator[None]:
    """Of several workers that want the same installed, one installs it."""
    with (Path(tempfile.gettempdir()) / "sidetrack-tests.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _docker_answers() -> bool:
    engine = ["docker", "version", "--format", "{{.Server.Version}}"]
    return shutil.which("docker") is not None and subprocess.run(engine, check=False, **QUIET).returncode == 0


def _native() -> Path | None:
    if (NATIVE / "rabbitmq-server").exists():
        return NATIVE
    found = shutil.which("rabbitmq-server")
    return Path(found).parent if found else None


def _install() -> None:
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise RuntimeError("The tests need RabbitMQ: start Docker, or install rabbitmq-server (3.10 or newer).")
    quietly = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    # The package would start a server of its own; this tells it not to, for as long as the installation takes.
    policy = Path("/usr/sbin/policy-rc.d")
    ours = not policy.exists()
    if ours:
        policy.write_text("#!/bin/sh\nexit 101\n")
        policy.chmod(0o755)
    try:
        for command in (["update"], ["install", "--yes", "--no-install-recommends", "rabbitmq-server"]):
            subprocess.run(["apt-get", "-q", *command], env=quietly, check=True, **QUIET)
    finally:
        if ours:
            policy.unlink()


class NativeBroker:
    def __init__(self) -> None:
        self._programs = _native()
        self.port = free_port()
        self.url = f"amqp://guest:guest@127.0.0.1:{self.port}/"
        self._home = Path(tempfile.mkdtemp(prefix="sidetrack-rabbit-"))
        (self._home / "plugins").write_text("[].\n")
        (self._home / "rabbit.conf").write_text(f"listeners.tcp.1 = 127.0.0.1:{self.port}\n")
        epmd = str(free_port())
        self._environment = os.environ | {
            "HOME": str(self._home),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": epmd,
            "RABBITMQ_NODENAME": f"sidetrack{self.port}@localhost",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_MNESIA_BASE": str(self._home / "mnesia"),
            "RABBITMQ_LOG_BASE": str(self._home / "log"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self._home / "plugins"),
            "RABBITMQ_CONFIG_FILE": str(self._home / "rabbit.conf"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        }
        self._epmd = subprocess.Popen(["epmd", "-address", "127.0.0.1", "-port", epmd], **QUIET)
        wait_for_port(int(epmd))
        self.start()

    def start(self) -> None:
        server = [self._programs / "rabbitmq-server"]
        self._process = subprocess.Popen(server, env=self._environment, start_new_session=True, **QUIET)
        wait_for_port(self.port)
        self.ctl("await_startup")

    def kill(self) -> None:
        """As a power cut would. The server runs below a shell, so its whole group goes."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def terminate(self) -> None:
        """As an administrator would, and the server ends by itself."""
        os.kill(self._machine(), signal.SIGTERM)
        self._process.wait(timeout=60)

    def ctl(self, *command: str) -> None:
        """`rabbitmqctl` on this node."""
        program = [self._programs / "rabbitmqctl", *command]
        subprocess.run(program, env=self._environment, check=True, timeout=60, **QUIET)

    def _machine(self) -> int:
        """The Erlang machine below the shell that starts it."""
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        machines = [int(pid) for pid in children if "beam" in Path(f"/proc/{pid}/comm").read_text()]
        return machines[0] if machines else self._process.pid

    def pids(self) -> list[int]:
        """The processes that the broker is made of."""
        return [self._process.pid, self._machine(), self._epmd.pid]

    def stop(self) -> None:
        self.kill()
        self._epmd.terminate()
        self._epmd.wait()
        shutil.rmtree(self._home, ignore_errors=True)


class DockerBroker:
    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"amqp://guest:guest@127.0.0.1:{self.port}/"
        self._container = DockerContainer(IMAGE).with_bind_ports(5672, self.port)
        self._container.start()
        wait_for_port(self.port)
        self.ctl("await_startup")

    def start(self) -> None:
        self._container.get_wrapped_container().start()
        wait_for_port(self.port)
        self.ctl("await_startup")

    def kill(self) -> None:
        self._container.get_wrapped_container().kill()

    def terminate(self) -> None:
        self._container.get_wrapped_container().stop()

    def ctl(self, *command: str) -> None:
        self._container.get_wrapped_container().exec_run(["rabbitmqctl", *command])

    def stop(self) -> None:
        self._container.stop()
