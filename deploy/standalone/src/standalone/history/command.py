"""`sidetrack import`: reading the files, telling what would change, and doing it."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import stamina
import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from chassis.errors import Refusal
from club.threads.exports import Export
from club.threads.plan import Plan, make_plan
from club.threads.review import written
from standalone.demo.client import Bot, bot_at
from standalone.history import report
from standalone.history.reading import Unusable, check_guild, check_writable, decisions_in, files_in, read_files
from standalone.history.sending import Sent, send, source_of
from standalone.home import make_home, write_private
from standalone.keys import API_KEYS, make_keys

import_app = typer.Typer(no_args_is_help=True, help="What was before: a club's history, somebody's listens.")
# Wide enough for the tables where no terminal says how wide it is.
PAGE_WIDTH = 180
console, aside = Console(), Console(stderr=True)
PAGE = 100

Club = Annotated[str, typer.Option(help="The club's slug.")]
Port = Annotated[int, typer.Option(envvar="SIDETRACK_PORT", help="Where Sidetrack listens on this machine.")]
Files = Annotated[list[Path], typer.Argument(help="DiscordChatExporter's JSON, or folders of it.")]


@contextmanager
def refusals() -> Iterator[None]:
    """What cannot be used ends in 2, what Sidetrack refuses in 1; a sentence each, and no traceback."""
    try:
        yield
    except Refusal as refusal:
        aside.print(str(refusal), style="red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(2 if isinstance(refusal, Unusable) else 1) from refusal


def _entrance(port: int) -> tuple[str, str]:
    """Where Sidetrack is, and the key: both from the environment, or from this home."""
    stamina.instrumentation.set_on_retry_hooks(())
    name = API_KEYS[0]
    key = os.environ.get(name) or make_keys(make_home()).api[name]
    return os.environ.get("SIDETRACK_URL") or f"http://127.0.0.1:{port}", key


@import_app.command("discord-export")
def discord_export(  # noqa: PLR0913 — each is an option of the command
    files: Files,
    *,
    club: Club = "main",
    apply: Annotated[bool, typer.Option("--apply", help="Write it; without, it is only told.")] = False,
    review: Annotated[Path | None, typer.Option(help="Write what is doubtful here, a line of JSON each.")] = None,
    decisions: Annotated[Path | None, typer.Option(help="A review file with decisions: accept or drop.")] = None,
    any_guild: Annotated[bool, typer.Option("--any-guild", help="Also files of another server.")] = False,
    port: Port = 8000,
) -> None:
    """Read old threads, tell what they would add to the club, and with --apply add it."""
    with refusals():
        address, key = _entrance(port)
        check_writable(review, decisions)
        decided = decisions_in(decisions)
        exports, twice = read_files(_watched(files_in(files)))

        async def run() -> tuple[Plan, str | None, list[Sent]]:
            async with bot_at(address, key, f"import-{uuid4().hex[:8]}") as bot:
                of = await bot.get(f"/clubs/{club}")
                if not any_guild:
                    check_guild(exports, of["guild_id"])
                plan = make_plan(exports, decided, per_member=of["rules"]["nominations_per_member"])
                return plan, *await _sent(bot, club, exports, plan, apply=apply)

        plan, import_id, sent = asyncio.run(run())
        if review is not None:
            write_private(review, written(report.to_review(sent, plan.doubtful)))
    _tell(plan, sent, twice, import_id, apply=apply)
    if apply and any(each.fate == "refused" for each in sent):
        raise typer.Exit(1)


def _watched(files: list[Path]) -> Iterator[Path]:
    with Progress(console=aside, transient=True, disable=not aside.is_terminal) as progress:
        yield from progress.track(files, description="reading")


async def _sent(
    bot: Bot, club: str, exports: list[Export], plan: Plan, *, apply: bool
) -> tuple[str | None, list[Sent]]:
    name = f"{len(exports)} threads of {exports[0].guild.name or 'Discord'}"[:100]
    with Progress(console=aside, transient=True, disable=not aside.is_terminal) as progress:
        task = progress.add_task("writing" if apply else "comparing", total=len(plan.items))
        source = source_of(exports)
        return await send(
            bot, club, plan.items, source, name, apply=apply, done=lambda number: progress.advance(task, number)
        )


def _tell(plan: Plan, sent: list[Sent], twice: list[str], import_id: str | None, *, apply: bool) -> None:
    _show(report.difference(sent, plan.doubtful, applied=apply))
    unplaced = [f"{file} names no week, and is left out." for file in plan.unplaced]
    for line in [report.left_out(plan), *twice, *unplaced, *report.reasons(sent)]:
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    if not apply:
        console.print("Nothing is written yet. With --apply it is.")
    elif import_id is None or not {"made", "changed"} & {each.fate for each in sent}:
        console.print("There was nothing to write.")
    else:
        line = f"Written as import {import_id}. To take it back: sidetrack import undo {import_id}"
        console.print(line, highlight=False, soft_wrap=True)


def _show(table: Table) -> None:
    page = console if console.is_terminal else Console(width=PAGE_WIDTH)
    page.print(table)


@import_app.command("list")
def list_imports(club: Club = "main", port: Port = 8000) -> None:
    """The club's imports, newest first."""
    with refusals():
        address, key = _entrance(port)

        async def run() -> list[dict[str, Any]]:
            async with bot_at(address, key) as bot:
                found, cursor = [], ""
                while True:
                    page = await bot.get(f"/clubs/{club}/imports?limit={PAGE}{cursor}")
                    found += page["items"]
                    if page["next_cursor"] is None:
                        return found
                    cursor = f"&cursor={page['next_cursor']}"

        imports = asyncio.run(run())
    table = Table("import", "name", "written", "at", "undone")
    for each in imports:
        counts = ", ".join(f"{number} {kind}" for kind, number in each["written"].items())
        table.add_row(each["id"], each["name"], counts, each["created_at"][:16], (each["undone_at"] or "")[:16])
    _show(table)


@import_app.command("undo")
def undo(import_id: Annotated[str, typer.Argument(metavar="ID")], club: Club = "main", port: Port = 8000) -> None:
    """Take back what an import wrote; what was changed since stays."""
    with refusals():
        address, key = _entrance(port)

        async def run() -> dict[str, Any]:
            async with bot_at(address, key) as bot:
                while True:
                    undone: dict[str, Any] = await bot.delete(f"/clubs/{club}/imports/{import_id}")
                    if not undone["left"]:
                        return undone

        undone = asyncio.run(run())
    console.print(f"Taken back: {undone['removed']}.")
    for kept in undone["kept"]:
        line = f"Kept, the {kept['kind']} {kept['subject_id']} of week {kept['number']}: {kept['reason']}"
        console.print(line, markup=False, highlight=False, soft_wrap=True)
