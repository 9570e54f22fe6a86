"""The season as a table."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from rich.table import Table
from rich.text import Text

Json = dict[str, Any]

COLUMNS = ("week", "winner", "artist", "year", "nominated by", "points", "ballots", "average", "ratings", "decided by")
NUMBERS = frozenset({"year", "points", "ballots", "average", "ratings"})


class Line(NamedTuple):
    """One week; what is not known yet is a dash."""

    week: str
    winner: str = "-"
    artist: str = "-"
    year: str = "-"
    nominated_by: str = "-"
    points: str = "-"
    ballots: str = "-"
    average: str = "-"
    ratings: str = "-"
    decided_by: str = "-"


def season_table(weeks: Sequence[Json]) -> Table:
    table = Table(title="The season")
    for column in COLUMNS:
        number = column in NUMBERS
        # In a narrow terminal names are wrapped, numbers are not.
        table.add_column(column, justify="right" if number else "left", min_width=len(column) if number else None)
    for week in weeks:
        table.add_row(*map(Text, line(week)), style="bold" if week["votes"]["tie"] else None)
    return table


def line(week: Json) -> Line:
    """A row of the table, from a whole week's document."""
    won = [place for place in week["votes"]["items"] if place["album"]["id"] == week["winner_album_id"]]
    if not won:
        return Line(week["label"], ballots=str(week["votes"]["ballots"]))
    album, average = week["winner"], week["ratings"]["average"]
    return Line(
        week=week["label"],
        winner=album["title"],
        artist=album["artist"],
        year=str(album["year"] or "-"),
        nominated_by=week["nominator"]["display_name"],
        points=str(won[0]["points"]),
        ballots=str(week["votes"]["ballots"]),
        average="-" if average is None else f"{average:.2f}",
        ratings=str(week["ratings"]["count"]),
        decided_by=_decided_by(week["votes"], won[0]),
    )


def _decided_by(votes: Json, won: Json) -> str:
    if votes["tie"]:
        level = [place for place in votes["items"] if place["nomination_id"] in votes["tie"] and place != won]
        return "the hosts: TIE with " + ", ".join(place["album"]["title"] for place in level)
    if any(place["points"] == won["points"] for place in votes["items"] if place != won):
        return "most first votes"
    return "points"


def totals(weeks: Sequence[Json]) -> str:
    nominations = sum(len(week["nominations"]) for week in weeks)
    ballots = sum(week["votes"]["ballots"] for week in weeks)
    ratings = sum(week["ratings"]["count"] for week in weeks)
    return f"{len(weeks)} weeks, {nominations} nominations, {ballots} ballots, {ratings} ratings"
