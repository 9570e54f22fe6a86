"""The season, played through the public API: to play it again changes nothing, to be interrupted loses nothing."""

from typing import Any

import stamina
from rich.console import Console

from chassis.errors import Conflict
from standalone.demo import bodies
from standalone.demo.client import Bot, NothingThere, bot_at, together
from standalone.demo.season import Member, Season, Week, read_season
from standalone.demo.table import season_table, totals

Json = dict[str, Any]

# Wide enough for the table where no terminal says how wide it is.
PAGE_WIDTH = 180


class WeekIsReal(Conflict):
    sentence = "This club has weeks of its own; play the demo in an empty one."


class Undecided(Conflict):
    sentence = "A poll of the demo ended level where it should not; somebody else voted in it."


async def play(base_url: str, bot_key: str, weeks: int | None = None) -> None:
    """Play the season, or its first weeks, and print it. Raises NobodyAnswers, NotTaken, WeekIsReal or Undecided."""
    # Whoever watches is told once, at the end, and not at every attempt of every call.
    stamina.instrumentation.set_on_retry_hooks(())
    async with bot_at(base_url, bot_key) as bot:
        played = await play_season(bot, read_season(weeks))
    console = Console()
    if not console.is_terminal:
        console = Console(width=PAGE_WIDTH)
    console.print(season_table(played))
    console.print(f"{totals(played)}.")


async def play_season(bot: Bot, season: Season) -> list[Json]:
    """The season's weeks as whole documents, in order."""
    await together(*(_check_free(bot, week) for week in season.weeks))
    await together(*(_introduce(bot, member) for member in season.members.values()))
    return await together(*(_play_week(bot, season, week) for week in season.weeks))


async def _check_free(bot: Bot, week: Week) -> None:
    """A week of this number must be ours, or not be there: nobody's real week is ever written over."""
    try:
        there = await bot.get(f"/club/weeks/number/{week.number}")
    except NothingThere:
        return
    if bodies.ref(week, "category") not in there["refs"]:
        raise WeekIsReal


async def _introduce(bot: Bot, member: Member) -> None:
    await bot.put(f"/users/discord/{member.discord_id}", {"display_name": member.name})


async def _play_week(bot: Bot, season: Season, week: Week) -> Json:
    opened = await bot.post("/club/weeks", bodies.opening(week))
    path = f"/club/weeks/{opened['id']}"
    # One after another: their order is the order they are listed in, this time and after any interruption.
    made = [await bot.post(f"{path}/nominations", body) for body in bodies.nominations(season, week)]
    ids = {nominated["album"]["title"]: nominated["id"] for nominated in made}
    await bot.patch(path, {"refs": [bodies.ref(week, "poll")]})
    await together(*(bot.post(f"{path}/votes", body) for body in bodies.votes(season, week, ids)))
    await bot.post(f"{path}/winner", {"nomination_id": await winner_of(bot, path, ids, week)})
    await bot.patch(path, {"refs": [bodies.ref(week, "winner"), bodies.ref(week, "ratings")]})
    for given in week.ratings:
        await bot.post(f"{path}/ratings", bodies.rating(season, given))
    whole: Json = await bot.get(path)
    return whole


async def winner_of(bot: Bot, path: str, ids: dict[str, str], week: Week) -> str:
    """Whom the poll names, or of those who are level the one that the hosts chose."""
    summary = await bot.get(f"{path}/votes/summary")
    chosen = summary["winner"] or ids.get(week.hosts_chose or "")
    if chosen is None or chosen not in {summary["winner"], *summary["tie"]}:
        raise Undecided
    return str(chosen)
