"""Clubs: their rules, each with its default, and their rosters."""

from datetime import datetime
from typing import Annotated, ClassVar, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field

from contracts.batches import ItemOutcome
from contracts.event import Event, Message, Request
from contracts.identity import STRANGER, WREN, Person, UserIn
from contracts.ids import ClubId, Snowflake, UserId
from contracts.text import Name, Reason

Slug = Annotated[str, Field(pattern=r"^[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?$", examples=["main"])]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Role = Literal["member", "host"]
RatingVisibility = Literal["after_rating", "always", "at_close"]
Act = Literal["nominate", "vote", "rate"]


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("A time zone is named as in the IANA database: Europe/Berlin.")
    return name


Zone = Annotated[str, Field(max_length=64), AfterValidator(_zone)]
Days = Annotated[int, Field(strict=True, ge=1, le=60)]
Weeks = Annotated[int, Field(strict=True, ge=0, le=1000)]


class Rhythm(Request):
    """How long phases last when a week asks for default deadlines: all end at `time`, local, on their day."""

    weekday: Weekday = Field(default="monday", description="The day of the discussion.")
    time: Annotated[str, Field(pattern=r"^(?:[01][0-9]|2[0-3]):[0-5][0-9]$")] = "20:00"
    nominating_days: Days = Field(default=3, description="Before the poll opens; finds the day when none is given.")
    voting_days: Days = Field(default=2, description="From the end of nominating to the end of the poll.")
    discussing_days: Days = Field(default=2, description="From the end of the poll to the discussion.")
    rating_days: Days = Field(default=7, description="From the discussion to the end of rating.")


class ClubRules(Request):
    """What a club has decided. Everything has a default, with which a club works without settings."""

    self_votes: Annotated[bool, Field(strict=True, description="Whether members may vote for what they nominated.")] = (
        False
    )
    nominations_per_member: Annotated[int, Field(strict=True, ge=1, le=25)] = 1
    album_rest: Weeks | None = Field(
        default=0, description="Weeks that an album that won is not nominated again; null: it never is."
    )
    nominator_cooldown: Weeks = Field(default=0, description="Weeks that whoever won does not nominate.")
    same_album: Literal["merge", "first"] = Field(
        default="merge", description="Two members with one album: they nominate it together, or only the first does."
    )
    poll_visibility: Literal["public_after_close", "counts_only"] = Field(
        default="public_after_close", description="Who chose what, for members; before the close nobody sees it."
    )
    late_ratings: Literal["flagged", "refused"] = Field(default="flagged", description="Ratings of a closed week.")
    rating_visibility: RatingVisibility = Field(
        default="after_rating", description="When members see what others rated; the close shows it in any case."
    )
    who_votes: Literal["everyone", "roster"] = Field(
        default="everyone", description="Who may vote; without a roster everyone is on it."
    )
    who_rates: Literal["everyone", "roster"] = "everyone"
    tie_policy: Literal["draw", "host"] = Field(default="draw", description="Who decides what votes leave tied.")
    rhythm: Rhythm = Rhythm()


class NewClub(
    Request,
    json_schema_extra={
        "examples": [{"name": "Blue Notes", "timezone": "Europe/Berlin", "rules": {"self_votes": True}}]
    },
):
    """What is left out stays as it is; for a new club it is the default."""

    name: Name | None = None
    guild_id: Snowflake | None = None
    timezone: Zone | None = None
    rules: ClubRules | None = None


class Club(Message):
    id: ClubId
    slug: str
    name: str
    guild_id: str | None
    timezone: str
    rules: ClubRules
    created_at: datetime
    updated_at: datetime


class NewRosterMember(Request):
    user: UserIn
    role: Role = "member"


class NewRoster(Request, json_schema_extra={"examples": [{"members": [{"user": WREN, "role": "host"}]}]}):
    """The whole roster: whoever is left out is no longer on it."""

    members: list[NewRosterMember] = Field(max_length=5000)


class RosterMember(Message):
    user: Person
    role: Role


class RosterSize(Message):
    """How many are on the roster, hosts among them."""

    members: int
    hosts: int


class Belongs(Message):
    user_id: UserId
    role: Role


class RosterChanged(Event):
    """A club's whole roster as it now is."""

    topic: ClassVar[str] = "club.roster.changed"
    consumers: ClassVar[tuple[str, ...]] = ("taste.note_roster",)

    club_id: ClubId
    club_slug: str | None = None
    members: list[Belongs]


class NewBar(Request, json_schema_extra={"examples": [{"from": ["rate"], "reason": "Rates what was not heard."}]}):
    """What a member may no longer do in the club, and why; it takes the place of an earlier one."""

    acts: list[Act] = Field(default=["vote"], alias="from", min_length=1, max_length=3)
    reason: Reason


class BarOf(NewBar):
    user: UserIn


class NewBars(Request, json_schema_extra={"examples": [{"bars": [{"user": STRANGER, "reason": "Voted twice."}]}]}):
    bars: list[BarOf] = Field(min_length=1, max_length=100)


class LiftedBars(Request, json_schema_extra={"examples": [{"users": [WREN]}]}):
    users: list[UserIn] = Field(min_length=1, max_length=100)
    reason: Reason | None = None


class Lifted(Message):
    """Whose bars were lifted just now; who was not barred is not among them."""

    users: list[Person]
    reason: str | None


class Bar(Message):
    user: Person
    acts: list[Act] = Field(serialization_alias="from")
    reason: str
    created_at: datetime


class BarOutcome(ItemOutcome):
    """Of one of several: the bar as it now is, or why there is none."""

    bar: Bar | None = None
