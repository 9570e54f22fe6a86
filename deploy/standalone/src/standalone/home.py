"""The home folder: everything standalone keeps, used by one process at a time."""

import fcntl
import os
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from chassis.errors import Conflict, Unavailable

ROOTS_HOME, OWN_HOME = Path("/var/lib/sidetrack"), Path("~/.local/share/sidetrack")


class AlreadyRunning(Conflict):
    sentence = "Sidetrack already runs on this home."


class HomeUnusable(Unavailable):
    sentence = "Sidetrack cannot use its home folder."


def default_home() -> Path:
    """`SIDETRACK_HOME`, else the place that fits who runs us."""
    chosen = os.environ.get("SIDETRACK_HOME")
    return Path(chosen) if chosen else ROOTS_HOME if os.geteuid() == 0 else OWN_HOME


def make_home(path: Path | None = None) -> Path:
    """The home, absolute, made if it is not there. One that exists keeps its mode: it may be someone's own folder.

    Raises HomeUnusable.
    """
    home = (path or default_home()).expanduser().resolve()
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            home.mkdir()
            # Root's PostgreSQL runs as someone else, who must get through; the secrets inside are files of mode 0600.
            home.chmod(0o711 if os.geteuid() == 0 else 0o700)
    except OSError as error:
        raise HomeUnusable(f"Sidetrack cannot make its home {home} ({error.strerror}); set SIDETRACK_HOME.") from error
    if not (home.is_dir() and os.access(home, os.R_OK | os.W_OK | os.X_OK)):
        raise HomeUnusable(
            f"Sidetrack cannot write to its home {home}; use its owner's account, or set SIDETRACK_HOME."
        )
    return home


@contextmanager
def locked(home: Path) -> Iterator[None]:
    """The home is this process's until the block ends. The kernel frees the lock of a process that was killed.

    Raises AlreadyRunning.
    """
    with os.fdopen(os.open(home / "lock", os.O_RDWR | os.O_CREAT, 0o600), "r+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(f"Sidetrack already runs on this home (pid {lock.read().strip()}).") from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


def end_holder(home: Path) -> bool:
    """Ask the process that holds the home to end, and wait for it; False when nobody does."""
    asked = False
    while True:
        try:
            with locked(home):
                return asked
        except AlreadyRunning:
            if not asked:
                os.kill(int((home / "lock").read_text().strip()), signal.SIGTERM)
            asked = True
            time.sleep(0.1)


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Waits its turn: for what several commands may do at the same moment, as making the keys."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def write_private(path: Path, content: str) -> None:
    """Whole or not at all, even through a power cut, and readable by its owner only."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    Path(draft).replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """A rename survives a power cut only once its folder is on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
