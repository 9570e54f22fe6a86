"""The season's facts: real albums, invented members, and what these said, as `members.toml` and `weeks/` hold them."""

import datetime as dt
import tomllib
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from pydantic import BaseModel, ConfigDict


class Fact(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Member(Fact):
    name: str
    discord_id: str


class Nomination(Fact):
    by: str
    title: str
    artist: str
    year: int
    genre: str
    country: str
    pitch: str

    @property
    def decade(self) -> str:
        return f"{self.year // 10 * 10}s"


class Rating(Fact):
    by: str
    rating: float
    favorite_track: str
    review: str | None = None


class Week(Fact):
    """`votes` are the titles each member put first and second; `hosts_chose` settles a poll that ends level."""

    number: int
    date: dt.date
    hosts_chose: str | None = None
    nominations: tuple[Nomination, ...]
    votes: dict[str, tuple[str, str]]
    ratings: tuple[Rating, ...]


class Season(Fact):
    """Members by the short name that nominations, votes and ratings call them by."""

    members: dict[str, Member]
    weeks: tuple[Week, ...]


def read_season(first: int | None = None) -> Season:
    """All of it, or its first weeks."""
    folder = files("standalone.demo")
    weeks = [_read(file) for file in (folder / "weeks").iterdir()]
    weeks.sort(key=lambda week: int(week["number"]))
    return Season.model_validate({"members": _read(folder / "members.toml"), "weeks": weeks[:first]})


def _read(file: Traversable) -> dict[str, Any]:
    return tomllib.loads(file.read_text("utf-8"))
