"""The `sidetrack` command."""

import asyncio
import os
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from chassis.provision import provision
from identity.vault.cipher import vault_of
from standalone import admins, launcher, proof, system
from standalone import backup as backups
from standalone.announcing import reannounce
from standalone.at_hand import settings_at_hand
from standalone.catalogue import catalog_app
from standalone.club.command import club_app
from standalone.demo.play import play
from standalone.history.command import import_app
from standalone.home import end_holder, make_home
from standalone.keys import API_KEY_FILE, API_KEYS, VAULT_KEY_FILE, VAULT_KEYS, add_vault_key, make_keys
from standalone.listening import listening_app
from standalone.listens import import_listens
from standalone.messages import bus_app, dead_app
from standalone.refusals import refusals
from standalone.serving import Host, Port, serve
from standalone.taste import taste_app

app = typer.Typer(no_args_is_help=True, add_completion=False, help="An album club's backend.")
keys_app = typer.Typer(no_args_is_help=True, help="The secrets of this home.")
admin_app = typer.Typer(no_args_is_help=True, help="People who may do everything.")
app.command()(serve)
app.command()(reannounce)
app.add_typer(admin_app, name="admin")
app.add_typer(keys_app, name="keys")
import_app.command("listens")(import_listens)
app.add_typer(import_app, name="import")
app.add_typer(club_app, name="club")
app.add_typer(bus_app, name="bus")
app.add_typer(dead_app, name="dead")
app.add_typer(catalog_app, name="catalog")
app.add_typer(listening_app, name="listening")
app.add_typer(taste_app, name="taste")

console = Console()


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
def demo(
    port: Port = 8000,
    weeks: Annotated[int | None, typer.Option(min=1, help="Only so many, from the first.", show_default="all")] = None,
) -> None:
    """Play a club's season through the API, as a bot would; again, it changes nothing."""
    with refusals():
        started = time.monotonic()
        asyncio.run(play(f"http://127.0.0.1:{port}", make_keys(make_home()).api[API_KEYS[0]], weeks))
        console.print(f"It took {time.monotonic() - started:.1f} s.")


@app.command()
def migrate() -> None:
    """Make roles, schemas and rights, and run the migrations that are missing."""
    with settings_at_hand() as settings:
        asyncio.run(system.prepare(settings))
        console.print("The database is ready for this release.")


@admin_app.command("create")
def create_admin(
    handle: Annotated[str, typer.Argument(help="What they sign in with.")],
    password: Annotated[
        str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True, help="Asked for, unless it is given.")
    ],
) -> None:
    """Make an account that may do everything, and signs in with a password."""
    with settings_at_hand() as settings:
        made = asyncio.run(admins.create(settings, handle, password))
        console.print(f"{made} may sign in, and do everything.")


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


@keys_app.command("add-vault-key")
def keys_add_vault_key() -> None:
    """Put a new vault key before the others of this home: restart, and then `keys rotate`."""
    with refusals():
        home = make_home()
        made = add_vault_key(home)
        console.print(f"{home / VAULT_KEY_FILE} begins with the key {made.id}. Restart Sidetrack, then: keys rotate.")


@keys_app.command("rotate")
def keys_rotate() -> None:
    """Encrypt every provider token with the current vault key; it can be broken off and run again."""
    with settings_at_hand() as settings:
        given = os.environ.get(VAULT_KEYS) or make_keys(make_home()).identitys[VAULT_KEYS]
        vault = vault_of(given)
        sealed, unreadable = asyncio.run(system.rotate_vault(settings, vault))
        console.print(f"Encrypted {sealed} anew with the key {vault.current}.")
        if unreadable:
            console.print(f"[red]{unreadable} could not be read: their key is missing, or they were changed.[/red]")
            raise typer.Exit(1)
