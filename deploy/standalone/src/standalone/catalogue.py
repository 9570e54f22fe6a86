"""`sidetrack catalog`: what the sources are still to be asked, and asking them at once."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, TypeVar
from uuid import UUID

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from catalog.enrichment import overview
from catalog.enrichment.findings import Sources
from catalog.enrichment.work import enrich_next
from catalog.rekeying import rekey as rekeying
from catalog.sources.settings import SourceSettings
from chassis.db import Database, opened
from chassis.errors import Conflict, NotFound
from chassis.settings import Settings
from standalone.at_hand import settings_at_hand

catalog_app = typer.Typer(
    no_args_is_help=True, help="What MusicBrainz, the Cover Art Archive and Spotify know of albums and artists."
)
T = TypeVar("T")


class ProvidersOff(Conflict):
    sentence = "SIDETRACK_PROVIDERS is off: nobody may be asked."


class NothingOfThisId(NotFound):
    sentence = "There is no album of this id, and no artist whom MusicBrainz knows."


@catalog_app.command("status")
def status() -> None:
    """How many albums and artists wait, are done or have failed, and which sources are not to be asked now."""
    with settings_at_hand() as settings:
        _show(_run(settings, overview.overview))
        if names := _run(settings, rekeying.behind):
            _say(f"{names:,} names are folded as an older release did: `sidetrack catalog rekey`.")


@catalog_app.command("enrich")
def enrich() -> None:
    """Ask about all albums and artists that were never asked about or have failed, and work until none is due."""
    with settings_at_hand() as settings:
        _check_on()
        asked = _run(settings, overview.ask_for_missing)
        _say(f"{asked['album']} albums were asked for, and {asked['artist']} artists.")
        _work(settings)


@catalog_app.command("refresh")
def refresh(
    piece: Annotated[UUID | None, typer.Argument(help="Only this album or artist.", show_default="all")] = None,
    older_than: Annotated[float, typer.Option(help="Only what sources told longer ago than so many days.")] = 0,
) -> None:
    """Ask anew about albums and artists that are done, until none is due. What is still so is not sent again."""
    with settings_at_hand() as settings:
        _check_on()
        asked = _run(settings, lambda db: overview.ask_again(db, piece, older_than))
        if piece is not None and not any(asked.values()):
            raise NothingOfThisId
        _say(f"{asked['album']} albums are asked about again, and {asked['artist']} artists.")
        _work(settings)


@catalog_app.command("rekey")
def rekey() -> None:
    """Fold names anew that an older release folded, and tell which of them are alike since; nothing is merged."""
    with settings_at_hand() as settings:
        _say(f"{_run(settings, _rekey)} names were folded anew.")


async def _rekey(db: Database) -> int:
    names = 0
    async for done in rekeying.rekey(db):
        names += done.names
        for alike in done.alike:
            pieces = ", ".join(f"{name} ({piece})" for piece, name in alike.pieces.items())
            _say(f"Of one name now, and perhaps one {alike.kind}: {pieces}.")
    return names


def _check_on() -> None:
    if SourceSettings().providers == "off":
        raise ProvidersOff


def _work(settings: Settings) -> None:
    """Beside whatever else works on the queue: every source is still asked in turn."""
    with _progress() as moved:
        _run(settings, lambda db: _until_none_is_due(db, moved))
    _show(_run(settings, overview.overview))


async def _until_none_is_due(db: Database, moved: Callable[[int, int], None]) -> None:
    sources, worked = Sources(db, settings := SourceSettings()), 0
    moved(0, await overview.due(db))
    while await enrich_next(db, sources, settings):
        worked += 1
        moved(worked, worked + await overview.due(db))


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    with Progress(console=Console(), transient=True) as bar:
        task = bar.add_task("asking", total=None)
        yield lambda worked, total: bar.update(task, completed=worked, total=total)


def _show(told: overview.Overview) -> None:
    table = Table("", *(f"{kind}s" for kind in told.jobs))
    for state in overview.STATES:
        table.add_row(state, *(str(jobs[state]) for jobs in told.jobs.values()))
    Console().print(table)
    for source, seconds in told.closed.items():
        _say(f"{source} is not asked for another {seconds:,.0f} s.")
    for why, number in told.errors.items():
        _say(f"{number} × {why}")  # noqa: RUF001 — times
    _say(f"{told.answers:,} answers of sources are kept.")


def _say(sentence: str) -> None:
    Console().print(sentence, markup=False, highlight=False, soft_wrap=True)


def _run(settings: Settings, work: Callable[[Database], Awaitable[T]]) -> T:
    async def on_database() -> T:
        async with opened(settings, "catalog") as db:
            return await work(db)

    return asyncio.run(on_database())
