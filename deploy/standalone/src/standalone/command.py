"""The `sidetrack` command."""

import asyncio
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from chassis.bus import topology
from chassis.bus.dead import dead_letters
from chassis.bus.line import Line
from chassis.provision import provision
from chassis.settings import Settings
from standalone import backup as backups
from standalone import launcher, proof, system
from standalone.club.command import club_app
from standalone.demo.play import play
from standalone.history.command import import_app
from standalone.home import end_holder, make_home
from standalone.keys import API_KEY_FILE, API_KEYS, make_keys
from standalone.postgres import reached
from standalone.refusals import refusals

app = typer.Typer(no_args_is_help=True, add_completion=False, help="An album club's backend.")
keys_app = typer.Typer(no_args_is_help=True, help="The secrets of this home.")
bus_app = typer.Typer(no_args_is_help=True, help="The message bus.")
dead_app = typer.Typer(no_args_is_help=True, help="Deliveries that could not be handled.")
app.add_typer(keys_app, name="keys")
app.add_typer(import_app, name="import")
app.add_typer(club_app, name="club")
app.add_typer(bus_app, name="bus")
app.add_typer(dead_app, name="dead")

Port = Annotated[int, typer.Option(envvar="SIDETRACK_PORT", help="Where to listen.")]
Host = Annotated[str, typer.Option(envvar="SIDETRACK_HOST", help="On which address to listen.")]
console = Console()


@contextmanager
def settings_at_hand() -> Iterator[Settings]:
    """From the environment where it says where the database is and how to enter it, else from the home."""
    with refusals():
        if os.environ.get("SIDETRACK_DATABASE_URL") and os.environ.get("SIDETRACK_ROLE_SECRET"):
            yield Settings()
            return
        home = make_home()
        with reached(home) as address:
            yield launcher.settings_of(make_keys(home), os.environ.get("SIDETRACK_DATABASE_URL") or address)


@app.command()
def up(host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """Run the whole system in this process, with a PostgreSQL of its own."""
    with refusals():
        launcher.up(None, host, port)


@app.command()
def down() -> None:
    """End the system that runs on this home, and wait until it has."""
    with refusals():
        ended = end_holder(make_home())
        console.print("Sidetrack has stopped." if ended else "Sidetrack does not run on this home.")


@app.command()
def demo(port: Port = 8000) -> None:
    """Play a club's season through the API, as a bot would; again, it changes nothing."""
    with refusals():
        started = time.monotonic()
        asyncio.run(play(f"http://127.0.0.1:{port}", make_keys(make_home()).api[API_KEYS[0]]))
        console.print(f"It took {time.monotonic() - started:.1f} s.")


@app.command()
def serve(
    part: Annotated[str, typer.Argument(help="identity, catalog, club, listening, taste or gateway.")],
    host: Host = "127.0.0.1",
    port: Port = 8000,
) -> None:
    """Run one part in this process; its settings come from the environment."""
    with refusals():
        if part not in {*system.SERVICES, "gateway"}:
            raise system.NoSuchService(f"There is no part {part}.")
    # In place of this process, which has loaded all the others.
    public = ["--public"] if part == "gateway" else []
    told = ["-m", "chassis.serve", f"{part}.main:app", "--host", host, "--port", str(port), *public]
    os.execv(sys.executable, [sys.executable, *told])  # noqa: S606 — our own program, no shell


@app.command()
def migrate() -> None:
    """Make roles, schemas and rights, and run the migrations that are missing."""
    with settings_at_hand() as settings:
        asyncio.run(system.prepare(settings))
        console.print("The database is ready for this release.")


@app.command()
def reannounce(
    service: Annotated[str, typer.Argument(help="Who owns the noun.")],
    noun: Annotated[str, typer.Argument(help="What to state anew: user, album, week, roster, vote, result, rating.")],
    to: Annotated[str, typer.Option(help="The one handler to tell.")],
) -> None:
    """State what is so to one handler: it fills a new copy, or mends one."""
    with settings_at_hand() as settings:
        number = asyncio.run(system.announce_again(settings, service, noun, to))
        console.print(f"Announced {number} to {to}.")


@app.command()
def backup(file: Path) -> None:
    """Write everything in the database to FILE. The keys are not in it."""
    with settings_at_hand() as settings:
        manifest = backups.backup(settings.database_url, file)
        console.print(f"{file} holds the club as it was at {manifest.created_at:%Y-%m-%d %H:%M:%S} UTC.")


@app.command()
def restore(file: Path) -> None:
    """Fill an empty database from FILE, and state everything in it anew."""
    with settings_at_hand() as settings:
        backups.read_manifest(file)
        asyncio.run(provision(settings, settings.database_url, list(system.SERVICES)))
        backups.restore(settings.database_url, file)
        asyncio.run(system.prepare(settings))
        number = asyncio.run(system.overrule(settings))
        console.print(f"Restored {file}, and announced {number} things as they are now.")


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="A week's result, as GET /club/weeks/{id}/result answers it.")],
    head: Annotated[list[str] | None, typer.Option(help="N:HEX, a head that was handed out with a vote.")] = None,
    receipt: Annotated[Path | None, typer.Option(help="A voter's receipt, as the API answers it.")] = None,
) -> None:
    """Prove a result from the file alone: the chain, the root, the count and the draw."""
    with refusals():
        result, faults = proof.verify(file, head or (), receipt)
    for fault in faults:
        console.print(f"[red]{fault}[/red]", soft_wrap=True)
    if faults:
        raise typer.Exit(1)
    console.print(f"The result is what its {result.ballots} ballots and its draw make of it.")


@keys_app.command("init")
def keys_init() -> None:
    """Make the keys that are missing, and print all of them as an `.env` for processes of their own."""
    with refusals():
        home = make_home()
        typer.echo(make_keys(home).dotenv(), nl=False)
        Console(stderr=True).print(f"Kept in {home}. The vault key there is in no backup: keep a copy elsewhere.")


@keys_app.command("where")
def keys_where() -> None:
    """Say where the keys for bots and workers are."""
    typer.echo(make_home() / API_KEY_FILE)


@bus_app.command("declare")
def bus_declare() -> None:
    """Tell the broker of every queue there is, before anyone publishes. Harmless to repeat."""
    settings = Settings()
    with refusals():
        if settings.local:
            console.print("PostgreSQL is the bus: nothing to declare.")
            return
        asyncio.run(_declare(settings))
        console.print(f"Declared {len(topology.handlers())} queues, their dead and their ladder.")


async def _declare(settings: Settings) -> None:
    if settings.role_secret is not None:
        await system.check_transport(settings)
    line = Line(settings)
    try:
        async with line.channel() as channel:
            await topology.declare(channel, settings.ladder)
    finally:
        await line.close()


@dead_app.command("list")
def dead_list() -> None:
    """How many dead each handler has."""
    with settings_at_hand() as settings:
        table = Table("handler", "dead")
        for handler, number in asyncio.run(dead_letters(settings).count()).items():
            table.add_row(handler, str(number))
        console.print(table)


@dead_app.command("show")
def dead_show(handler: str) -> None:
    """The dead of one handler, each a line of JSON: what it was, and why it died."""
    with settings_at_hand() as settings:
        for letter in asyncio.run(dead_letters(settings).show(handler)):
            typer.echo(letter.model_dump_json())


@dead_app.command("replay")
def dead_replay(handler: str) -> None:
    """Deliver the dead of one handler once more."""
    with settings_at_hand() as settings:
        console.print(f"Replayed {asyncio.run(dead_letters(settings).replay(handler))} to {handler}.")
