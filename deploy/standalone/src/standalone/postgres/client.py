"""PostgreSQL's own client programs, given an address without showing its password in the list of processes."""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from chassis.errors import Unavailable
from standalone.postgres.binaries import MAJORS, tool
from standalone.postgres.programs import run


class DatabaseRefused(Unavailable):
    sentence = "The database did not do what was asked."


def command(program: Path, url: str, *arguments: str) -> list[str]:
    address = urlsplit(url)
    _, _, place = address.netloc.rpartition("@")
    shown = address._replace(scheme="postgresql", netloc=f"{address.username}@{place}" if address.username else place)
    return [str(program), "--no-password", f"--dbname={shown.geturl()}", *arguments]


def environment(url: str) -> dict[str, str]:
    password = urlsplit(url).password
    return os.environ | ({"PGPASSWORD": unquote(password)} if password else {})


def query(url: str, sql: str, psql: Path | None = None) -> str:
    """The answer as bare text. Raises DatabaseRefused."""
    options = ("--no-psqlrc", "--tuples-only", "--no-align", "--quiet", "--set=ON_ERROR_STOP=1")
    told = run(*command(psql or tool("psql", MAJORS[0]), url, *options), says=sql, env=environment(url))
    if told.returncode:
        raise DatabaseRefused(told.stderr.strip())
    return told.stdout.strip()


def major_of(url: str) -> int:
    """The server's major version."""
    return int(query(url, "SHOW server_version_num")) // 10_000
