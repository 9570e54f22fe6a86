"""A club in one file: a zip of `manifest.json` and of `dump`, what pg_dump makes. No key and no password is in it."""

import os
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO, cast

from pydantic import BaseModel, ValidationError

from chassis.errors import Conflict, Invalid, Unavailable
from standalone.home import sync_folder
from standalone.postgres.binaries import tool
from standalone.postgres.client import command, environment, major_of, query

MANIFEST, DUMP = "manifest.json", "dump"
TABLES = """SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')"""


class NothingToBackUp(Conflict):
    sentence = "There is nothing to back up: this database holds no tables. Is SIDETRACK_HOME right?"


class NotEmpty(Conflict):
    sentence = "This database already holds tables. Restore into a new home: set SIDETRACK_HOME to a new folder."


class FromNewerRelease(Conflict):
    sentence = "A newer release of Sidetrack made this backup; restore it with that one."


class FromNewerServer(Conflict):
    sentence = "A newer PostgreSQL made this backup; restore it into one that is at least as new."


class NoBackup(Invalid):
    sentence = "This file is not a backup of Sidetrack, or not a whole one."


class BackupFailed(Unavailable):
    sentence = "The backup failed:"


class RestoreFailed(Unavailable):
    sentence = "The restore failed, and the database is as empty as before:"


class Manifest(BaseModel, frozen=True):
    version: str
    created_at: datetime
    postgres_major: int


def release() -> str:
    return version("sidetrack-standalone")


def backup(url: str, file: Path) -> Manifest:
    """Writes everything in the database, as it is at one moment, to `file`, which is whole when it appears.

    Raises NothingToBackUp, BackupFailed.
    """
    if query(url, TABLES) == "0":
        raise NothingToBackUp
    manifest = Manifest(version=release(), created_at=datetime.now(UTC), postgres_major=major_of(url))
    try:
        _write(url, manifest, file)
    except OSError as error:
        raise BackupFailed(f"The backup failed: {file}: {error.strerror}") from error
    return manifest


def restore(url: str, file: Path) -> Manifest:
    """Fills an empty database from `file`, wholly or not at all. The roles are there already; rights come with it.

    Raises NoBackup, FromNewerRelease, FromNewerServer, NotEmpty, RestoreFailed.
    """
    manifest = read_manifest(file)
    server = major_of(url)
    if _ordered(manifest.version) > _ordered(release()):
        raise FromNewerRelease(f"Sidetrack {manifest.version} made this backup, and this is {release()}: update first.")
    if manifest.postgres_major > server:
        raise FromNewerServer(f"This backup needs PostgreSQL {manifest.postgres_major} or newer, and this is {server}.")
    if query(url, TABLES) != "0":
        raise NotEmpty
    with zipfile.ZipFile(file) as archive, archive.open(DUMP) as dump:
        _load(url, server, dump)
    return manifest


def read_manifest(file: Path) -> Manifest:
    """Raises NoBackup, also for a file that was cut short."""
    try:
        with zipfile.ZipFile(file) as archive:
            if archive.testzip() is None and DUMP in archive.namelist():
                return Manifest.model_validate_json(archive.read(MANIFEST))
    except (OSError, zipfile.BadZipFile, KeyError, ValidationError) as error:
        raise NoBackup(f"{file} is not a backup of Sidetrack, or not a whole one.") from error
    raise NoBackup(f"{file} is not a backup of Sidetrack, or not a whole one.")


def _write(url: str, manifest: Manifest, file: Path) -> None:
    with appearing(file) as draft, zipfile.ZipFile(draft, "w") as archive:
        archive.writestr(MANIFEST, manifest.model_dump_json())
        with archive.open(DUMP, "w", force_zip64=True) as dump:
            _dump(url, manifest.postgres_major, dump)


def _dump(url: str, major: int, target: IO[bytes]) -> None:
    # Nothing of ours is in `public`, and not everybody who may restore owns it.
    pg_dump = command(tool("pg_dump", major), url, "--format=custom", "--exclude-schema=public")
    with _running(pg_dump, url, BackupFailed) as (_, dump):
        shutil.copyfileobj(dump, target)


def _load(url: str, major: int, source: IO[bytes]) -> None:
    # Provisioning may have made schemas and extensions already, all empty: they are dropped and come back as they were.
    whole = ("--clean", "--if-exists", "--single-transaction", "--exit-on-error")
    with _running(command(tool("pg_restore", major), url, *whole), url, RestoreFailed) as (dump, _):
        shutil.copyfileobj(source, dump)


@contextmanager
def _running(command: list[str], url: str, failure: type[Unavailable]) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """What the program reads and what it writes. Raises `failure`, with the program's own words."""
    pipe = subprocess.PIPE
    with tempfile.TemporaryFile() as errors:
        # A program that fails stops reading; its words then say why.
        with (
            suppress(BrokenPipeError),
            subprocess.Popen(  # noqa: S603 — our own program and arguments, no shell
                command, env=environment(url), stdin=pipe, stdout=pipe, stderr=errors
            ) as program,
        ):
            yield cast("IO[bytes]", program.stdin), cast("IO[bytes]", program.stdout)
        if program.returncode:
            errors.seek(0)
            raise failure(f"{failure.sentence} {errors.read().decode('utf-8', 'replace').strip()}")


@contextmanager
def appearing(file: Path) -> Iterator[IO[bytes]]:
    """A file that takes its name when it is whole."""
    descriptor, draft = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(descriptor, "wb") as opened:
            yield opened
            opened.flush()
            os.fsync(descriptor)
        Path(draft).replace(file)
        sync_folder(file.parent)
    finally:
        Path(draft).unlink(missing_ok=True)


def _ordered(release: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", release)[:3])
