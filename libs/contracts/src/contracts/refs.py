"""Where things stand on Discord, what tags they have, and the days they are of."""

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from contracts.event import Request
from contracts.ids import Snowflake
from contracts.text import Tag

_TYPED_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ][0-9]{2}:[0-9]{2}.*)?")


def _day(value: Any) -> Any:
    if isinstance(value, date):
        return value
    # To Python, 0 is a day of 1970; to a member it is a mistake.
    if not isinstance(value, str) or not (found := _TYPED_DAY.fullmatch(value)):
        raise ValueError("A day is written as 2025-11-24.")
    # Bots send what they have: of a moment, the day it names in its own zone is kept.
    return found[1]


Day = Annotated[date, BeforeValidator(_day)]


class Ref(Request):
    """Where something stands on Discord."""

    provider: Literal["discord"] = "discord"
    kind: Literal["category", "nominations", "poll", "winner", "ratings", "message"]
    id: Snowflake
    guild_id: Snowflake | None = None


class Tags(Request):
    genre: Tag | None = None
    decade: Tag | None = None
    country: Tag | None = None
