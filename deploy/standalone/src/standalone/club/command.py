"""`sidetrack club`: export and restore."""

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from standalone.club import archive
from standalone.home import make_home
from standalone.keys import API_KEYS, make_keys
from standalone.refusals import refusals

club_app = typer.Typer(no_args_is_help=True, help="A club in a file, from the running system and back into it.")

Slug = Annotated[str, typer.Option("--club", help="The club's slug.")]
Port = Annotated[int, typer.Option(envvar="SIDETRACK_PORT", help="Where Sidetrack listens on this machine.")]


@club_app.command("export")
def export(
    file: Path,
    *,
    club: Slug = "main",
    csv: Annotated[bool, typer.Option("--csv", help="Spreadsheets in a zip, to read; not to restore.")] = False,
    port: Port = 8000,
) -> None:
    """Write all that is the club's own to FILE. It holds the secrets of polls that run: keep it to yourself."""
    with refusals():
        size = archive.export(*_entrance(port), club, file, "csv" if csv else "json")
    _say(f"{file} holds the club {club} ({size:,} bytes). Whoever has it knows what every member chose.")


@club_app.command("restore")
def restore(file: Path, *, club: Slug = "main", port: Port = 8000) -> None:
    """Make the export in FILE the club of this slug, which must have no weeks yet."""
    with refusals():
        told = archive.restore(*_entrance(port), club, file)
    for result in told.results:
        for fault in result.faults:
            _say(f"Week {result.number}: {fault}", style="yellow")
    _say(f"Restored “{told.club.name}” as {club}: {told.rows['weeks']} weeks, {told.rows['people']} people.")
    _say(f"{told.verified} of {len(told.results)} results are what their ballots and their draw make of them.")


def _say(sentence: str, style: str | None = None) -> None:
    Console().print(sentence, style=style, markup=False, highlight=False, soft_wrap=True)


def _entrance(port: int) -> tuple[str, str]:
    """Where Sidetrack is, and an admin's key: both from the environment, or from this home."""
    name = API_KEYS[2]
    key = os.environ.get(name) or make_keys(make_home()).api[name]
    return os.environ.get("SIDETRACK_URL") or f"http://127.0.0.1:{port}", key
