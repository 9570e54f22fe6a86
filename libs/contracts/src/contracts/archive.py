"""A club as it is taken along: what its export says of the club itself, and what restoring one answers."""

from typing import Literal

from pydantic import Field

from contracts.clubs import Club, ClubRules, Zone
from contracts.event import Message, Request
from contracts.identity import UserToAdopt
from contracts.ids import Snowflake
from contracts.text import Name

FORMAT = "sidetrack.club"
ExportFormat = Literal["json", "csv"]


class ExportedClub(Request):
    """A club without its address and its times; of the rules, only what was decided."""

    name: Name
    guild_id: Snowflake | None
    timezone: Zone
    rules: ClubRules
    has_roster: bool


class ExportedPerson(UserToAdopt):
    """`former`: whose it was nobody knows any more, and identity never heard of them."""

    former: bool = False


class VerifiedResult(Message):
    """Whether the result of the week with this number is what its ballots and its draw make of it."""

    number: int
    faults: list[str] = Field(description="What does not fit, as `sidetrack verify` says it; none for an honest one.")


class Restored(Message):
    """What came back: rows by list of the export, and what was announced of them by noun."""

    club: Club
    rows: dict[str, int]
    announced: dict[str, int]
    verified: int = Field(description="How many results verify.")
    results: list[VerifiedResult]
