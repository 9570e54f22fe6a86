"""The server's own record of itself, `postmaster.pid`: read, checked against the living process, never deleted."""

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from chassis.errors import Unavailable
from standalone.postgres.programs import run

PATIENCE = 60


class StillThere(Unavailable):
    sentence = "An earlier PostgreSQL of this home does not stop."


@dataclass(frozen=True)
class Postmaster:
    pid: int
    port: int
    ready: bool


def recorded(data: Path) -> Postmaster | None:
    """What `postmaster.pid` says, be it true or left behind by a crash."""
    try:
        lines = (data / "postmaster.pid").read_text("utf-8").splitlines()
    except FileNotFoundError:
        return None
    lines += [""] * 8  # the server adds a line at a time while it starts
    return Postmaster(int(lines[0] or 0), int(lines[3] or 0), lines[7].strip() == "ready") if lines[0] else None


def living(data: Path) -> Postmaster | None:
    """The recorded one, if that process lives and is PostgreSQL on this data: ids of processes are used again."""
    found = recorded(data)
    return found if found and _serves(found.pid, data) else None


def stop_stray(data: Path) -> None:
    """Ends the server of a process that was killed. Raises StillThere."""
    for how in (signal.SIGINT, signal.SIGQUIT):  # fast, then at once
        if (stray := living(data)) is None:
            return
        os.kill(stray.pid, how)
        deadline = time.monotonic() + PATIENCE
        while _serves(stray.pid, data) and time.monotonic() < deadline:
            time.sleep(0.05)
    if stray := living(data):
        raise StillThere(f"An earlier PostgreSQL of this home (pid {stray.pid}) does not stop.")


def _serves(pid: int, data: Path) -> bool:
    arguments = _command_line(pid)
    return bool(arguments) and Path(arguments[0]).name == "postgres" and str(data) in arguments


def _command_line(pid: int) -> list[str]:
    if Path("/proc/self").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_text("utf-8", "replace").split("\0")
        except OSError:
            return []
    return run("/bin/ps", "-o", "args=", "-p", str(pid)).stdout.split()
