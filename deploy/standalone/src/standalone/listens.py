"""`sidetrack import listens`: a file of somebody's listening history, read here and written to the database."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from chassis.db import Database, opened
from chassis.settings import Settings
from contracts.ids import UserId
from contracts.importing import ImportJob
from listening.imports import store
from listening.imports.api import shown
from listening.imports.files import kinds_in
from listening.imports.importing import Moved, Watch, digest_of, run
from listening.imports.rehearsing import Rehearsed, rehearse
from listening.imports.rules import ImportElsewhere, NoSuchListener
from listening.users.naming import person_said
from standalone.at_hand import settings_at_hand

T = TypeVar("T")

SUMS = ("inserted", "duplicate", "rejected", "quarantined")
WORDS = {
    "unreadable": "cannot be read",
    "no_time": "no moment is told",
    "no_names": "no title or artist, or far too long ones",
    "not_music": "podcasts and audiobooks",
    "too_short": "heard for less than 30 seconds",
    "private_session": "heard in a private session",
}


def import_listens(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="What the service sent you.")
    ],
    user: Annotated[str, typer.Option(help="Whose it is: a handle, an id or a Discord id.")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would come in.")] = False,
) -> None:
    """Read a listening history: of Spotify, Last.fm, ListenBrainz or Maloja. Again, it goes on or changes nothing."""
    with settings_at_hand() as settings:
        kinds = kinds_in(file)
        _say(f"{file.name} is {' and '.join(kinds)}.")
        if dry_run:
            _tell_rehearsed(_run(settings, lambda db, watch: _rehearsed(db, user, file, watch)))
        else:
            _tell(_run(settings, lambda db, watch: _imported(db, user, file, watch)))


async def _imported(db: Database, user: str, file: Path, watch: Watch) -> ImportJob:
    listener = await _listener(db, user)
    digest = await asyncio.to_thread(digest_of, file)
    async with db.transaction() as tx:
        asked = await store.ask_for(tx, listener, digest)
        job = await store.claim(tx, asked.id)
    if job is None:
        raise ImportElsewhere
    await run(db, job, file, watch)
    async with db.transaction() as tx:
        return shown(await store.ended(tx, job.id))


async def _rehearsed(db: Database, user: str, file: Path, watch: Watch) -> Rehearsed:
    return await rehearse(db, await _listener(db, user), file, watch)


async def _listener(db: Database, named: str) -> UserId:
    async with db.transaction() as tx:
        found = await person_said(tx, named)
    if found is None:
        raise NoSuchListener
    return found.id


def _tell(job: ImportJob) -> None:
    counts = {name: getattr(job, name) for name in SUMS}
    _show(job.read, counts, {str(why): number for why, number in job.rejected_because.items()})


def _tell_rehearsed(told: Rehearsed) -> None:
    counts = {name: told.outcomes[name] for name in SUMS} | {"rejected": told.rejected.total()}
    _show(sum(counts.values()), counts, told.rejected)
    if told.first and told.last:
        _say(f"From {told.first:%Y-%m-%d} to {told.last:%Y-%m-%d}.")
    _say("Nothing is written yet. Without --dry-run it is.")


def _show(read: int, counts: Mapping[str, int], rejected: Mapping[str, int]) -> None:
    table = Table("rows", "")
    table.add_row("read", f"{read:,}")
    for name, number in counts.items():
        table.add_row(name, f"{number:,}")
    Console().print(table)
    for why, number in sorted(rejected.items()):
        _say(f"{number:,} rejected: {WORDS[why]}.")
    _say(f"{read:,} = " + " + ".join(f"{number:,} {name}" for name, number in counts.items()))


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:,.0f}/s" if task.speed else "", style="dim")


@contextmanager
def _watched() -> Iterator[Watch]:
    """A bar with rate and remaining time, where somebody looks."""
    aside = Console(stderr=True)
    columns = (TextColumn("listens"), BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn())
    with Progress(*columns, console=aside, transient=True, disable=not aside.is_terminal) as bar:
        task = bar.add_task("listens", total=None)

        def moved(to: Moved) -> None:
            bar.update(task, completed=to.place, total=to.total)

        yield moved


def _run(settings: Settings, work: Callable[[Database, Watch], Awaitable[T]]) -> T:
    async def on_database() -> T:
        async with opened(settings, "listening") as db:
            with _watched() as watch:
                return await work(db, watch)

    return asyncio.run(on_database())


def _say(sentence: str) -> None:
    Console().print(sentence, markup=False, highlight=False, soft_wrap=True)
