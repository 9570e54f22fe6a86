"""What weeks can be looked for by. No I/O here."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from chassis.caller import Caller
from chassis.errors import Forbidden
from contracts.ids import UserId
from contracts.refs import Day, Ref
from contracts.text import Query, Tag


class DiscordIdsHidden(Forbidden):
    sentence = "Only bots, workers and admins can look for people by Discord id."


def _ref(spelled: Any) -> Any:
    parts = ("provider", "kind", "id")
    return dict(zip(parts, spelled.split(":", 2), strict=False)) if isinstance(spelled, str) else spelled


SpelledRef = Annotated[
    Ref,
    BeforeValidator(_ref),
    WithJsonSchema({"type": "string", "examples": ["discord:winner:175928847299117063"]}),
]
DiscordMember = Annotated[str, Field(pattern=r"^discord:[1-9][0-9]{0,19}$", examples=["discord:175928847299117063"])]


def without_blanks(given: Any) -> Any:
    """A form sends the fields that nobody filled in, too."""
    return {name: value for name, value in given.items() if value != ""} if isinstance(given, dict) else given


class Days(BaseModel):
    """Weeks of these days."""

    model_config = ConfigDict(frozen=True)

    since: Day | None = Field(default=None, alias="from", description="On this day or later.")
    until: Day | None = Field(default=None, alias="to", description="On this day or earlier.")

    @model_validator(mode="before")
    @classmethod
    def _leave_out_blanks(cls, given: Any) -> Any:
        return without_blanks(given)

    @model_validator(mode="after")
    def _in_order(self) -> "Days":
        if self.since and self.until and self.since > self.until:
            raise ValueError("`from` is after `to`.")
        return self


class Filters(Days):
    """Only weeks for which all that is given is so."""

    has_winner: bool | None = None
    tag: Tag | None = Field(default=None, description="Genre, decade or country of the nomination that won.")
    artist: Query | None = Field(default=None, description="Part of the winner's artist line.")
    nominator: UserId | DiscordMember | None = Field(default=None, description="Who nominated the winner.")
    q: Query | None = Field(default=None, description="Part of the label, the winner's title, or its artist.")
    ref: SpelledRef | None = Field(default=None, description="Where the week stands: discord:<kind>:<id>.")


def check_sees(caller: Caller, filters: Filters) -> None:
    if isinstance(filters.nominator, str) and not caller.sees_discord_ids:
        raise DiscordIdsHidden
