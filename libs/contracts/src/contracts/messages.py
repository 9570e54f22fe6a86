"""Messages that members typed on Discord: what a bot tells of them afterwards, and what became of each."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from contracts.event import Message, Request
from contracts.identity import WREN
from contracts.ids import Snowflake, WeekId
from contracts.parsing import NOMINATION, Doubt
from contracts.phases import Moment
from contracts.text import Name, Tidy, Url

Said = Literal["nomination", "rating"]
Became = Literal["made", "changed", "same", "withdrawn", "gone", "not_understood", "refused"]


Content = Annotated[str, Tidy, Field(max_length=4000)]


class Author(Request):
    discord_id: Snowflake
    display_name: Name | None = None
    avatar_url: Url | None = None


class SeenMessage(Request):
    """A message as it stands now, or that is gone. When it was sent, its id says.

    `edited_at` is when it was last edited, `deleted_at` when it was deleted, if that is known.
    """

    id: Snowflake
    kind: Said
    author: Author
    content: Content = ""
    edited_at: Moment | None = None
    deleted: bool = Field(default=False, strict=True)
    deleted_at: Moment | None = None


class SeenMessages(
    Request,
    json_schema_extra={
        "examples": [
            {
                "messages": [
                    {"id": "1442211223344556699", "kind": "nomination", "author": WREN, "content": NOMINATION},
                    {"id": "1442211223344556701", "kind": "rating", "author": WREN, "deleted": True},
                ]
            }
        ]
    },
):
    """Messages in any order. `complete` names the kinds of which these are all that there are."""

    messages: list[SeenMessage] = Field(max_length=500)
    complete: list[Said] = Field(default=[], max_length=2)


class Outcome(Message):
    """What became of a message: `subject_id` is the nomination or rating that it speaks of."""

    index: int | None = Field(description="Null for one that was not sent, where all that there are were.")
    id: str
    kind: Said
    became: Became
    subject_id: UUID | None = None
    code: str | None = None
    detail: str | None = None
    not_understood: list[Doubt] = Field(default_factory=list)


class WithdrawnMessage(Message):
    """What was withdrawn with a message that is gone: the nominations and ratings that came from it."""

    id: str
    week_ids: list[WeekId]
    nominations: list[UUID]
    ratings: list[UUID]


class ResyncEnd(Message):
    """What became of each message, in the order in which they were sent to Discord, and when that was told."""

    items: list[Outcome]
    at: datetime
