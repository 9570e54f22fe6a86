"""`sidetrack bus` and `sidetrack dead`: the queues, and what could not be handled."""

import asyncio

import typer
from rich.console import Console
from rich.table import Table

from chassis.bus import topology
from chassis.bus.dead import dead_letters
from chassis.bus.line import Line
from chassis.settings import Settings
from standalone.at_hand import settings_at_hand
from standalone.refusals import refusals
from standalone.transport import check_transport

bus_app = typer.Typer(no_args_is_help=True, help="The message bus.")
dead_app = typer.Typer(no_args_is_help=True, help="Deliveries that could not be handled.")
app = typer.Typer(add_completion=False)
app.add_typer(bus_app, name="bus")
app.add_typer(dead_app, name="dead")
console = Console()


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
        await check_transport(settings)
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
