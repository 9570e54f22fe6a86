"""`sidetrack taste`: how well a club's past weeks would have been foreseen."""

import asyncio
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from chassis.db import opened
from chassis.settings import Settings
from contracts.forecasts import Backtest, Calibration
from standalone.at_hand import settings_at_hand
from taste.forecasts.backtest import backtest as backtesting

taste_app = typer.Typer(no_args_is_help=True, help="What people like.")


# Else the only command would go without its name.
@taste_app.callback()
def about() -> None: ...


@taste_app.command()
def backtest(
    club: Annotated[str, typer.Option(help="The slug of the club.")] = "main",
    *,
    json: Annotated[bool, typer.Option("--json", help="The whole report, as JSON.")] = False,
) -> None:
    """Foresee each past week's ratings from the weeks before it, beside each member's mean and the club's."""
    with settings_at_hand() as settings:
        told = asyncio.run(_backtest(settings, club))
        if json:
            typer.echo(told.model_dump_json(indent=2))
        else:
            _show(told)


async def _backtest(settings: Settings, club: str) -> Backtest:
    async with opened(settings, "taste") as db, db.transaction() as tx:
        return await backtesting(tx, club)


def _show(told: Backtest) -> None:
    if told.whole is None:
        Console().print("Too little was rated yet: a week is foreseen from three before it.")
        return
    table = Table("week", "album", "ratings", "error", "member's mean", "club's mean", "within")
    for week in told.weeks:
        if week.calibration:
            table.add_row(str(week.number), week.album.title or "", *_figures(week.calibration))
    table.add_section()
    table.add_row("all", "", *_figures(told.whole))
    Console().print(table)
    Console().print("Errors are the mean of how far off, in points.")


def _figures(one: Calibration) -> list[str]:
    errors = (one.forecast, one.member_mean, one.club_mean)
    return [str(one.ratings), *(f"{each.mae:.2f}" for each in errors), f"{one.covered:.0%}"]
