"""`sidetrack reannounce`: what is so, told again to one handler."""

import asyncio
from importlib import import_module
from typing import Annotated

import typer
from rich.console import Console

from chassis.announcer import reannounce as tell_again
from chassis.db import opened
from chassis.errors import NotFound
from chassis.settings import Settings
from gateway.routes import SERVICES
from standalone.at_hand import settings_at_hand

console = Console()
app = typer.Typer(add_completion=False)


class NoSuchService(NotFound):
    sentence = "There is no such service."


class NoSuchNoun(NotFound):
    sentence = "This service announces no such noun."


class NoSuchHandler(NotFound):
    sentence = "No such handler hears of this."


@app.callback()
def _begin() -> None:
    """So that the command keeps its name, though it is alone."""


@app.command()
def reannounce(
    service: Annotated[str, typer.Argument(help="Who owns the noun.")],
    noun: Annotated[
        str, typer.Argument(help="What to state anew: user, album, week, roster, vote, result, rating, track, day.")
    ],
    to: Annotated[str, typer.Option(help="The one handler to tell.")],
) -> None:
    """State what is so to one handler: it fills a new copy, or mends one."""
    with settings_at_hand() as settings:
        number = asyncio.run(announce_again(settings, service, noun, to))
        console.print(f"Announced {number} to {to}.")


async def announce_again(settings: Settings, service: str, noun: str, to: str) -> int:
    """State every aggregate of the noun to one handler; how many. Raises NoSuchService, NoSuchNoun, NoSuchHandler."""
    if service not in SERVICES:
        raise NoSuchService(f"There is no service {service}; there are {', '.join(SERVICES)}.")
    # This one alone: to load all of them takes seconds.
    announcers = import_module(f"{service}.main").app.state.announcers
    if noun not in announcers:
        raise NoSuchNoun(f"{service} announces {', '.join(announcers) or 'nothing'}, not {noun}.")
    # Of one noun several things may be told, each to handlers of its own.
    of_noun = [each for each in announcers.values() if each.noun == announcers[noun].noun]
    hearers = {handler: each for each in of_noun for handler in each.event.consumers}
    if to not in hearers:
        topics = " and ".join(each.event.topic for each in of_noun)
        raise NoSuchHandler(f"{topics} is heard by {', '.join(hearers)}, not by {to}.")
    async with opened(settings, service) as db:
        return await tell_again(db, hearers[to], to)
