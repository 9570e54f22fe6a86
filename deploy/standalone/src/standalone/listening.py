"""`sidetrack listening`: plays and their sums, made anew from what was seen."""

import asyncio
from typing import Annotated

import typer
from rich.console import Console

from chassis.db import opened
from chassis.settings import Settings
from listening.plays.rebuilding import rebuild_all
from standalone.at_hand import settings_at_hand

listening_app = typer.Typer(no_args_is_help=True, help="What people listened to.")
console = Console()


@listening_app.command()
def rebuild(user: Annotated[str | None, typer.Option(help="A user's id; all of them otherwise.")] = None) -> None:
    """Look at every listen again, and count plays and their sums anew. It can be broken off and run again."""
    with settings_at_hand() as settings:
        people, plays = asyncio.run(_rebuild(settings, user))
        console.print(f"Counted {plays} plays of {people} people anew.")


async def _rebuild(settings: Settings, user: str | None) -> tuple[int, int]:
    async with opened(settings, "listening") as db:
        counts = [plays async for plays in rebuild_all(db, user)]
    return len(counts), sum(counts)
