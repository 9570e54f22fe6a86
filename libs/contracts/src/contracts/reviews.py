"""What the club service accepts and answers about moderating reviews."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, WithJsonSchema

from contracts.batches import ItemOutcome
from contracts.event import Message, Request
from contracts.identity import Person
from contracts.ids import AlbumId, WeekId
from contracts.ratings import DiaryEntry, Rating
from contracts.text import Reason

RATING_ID = "019ab6f3-4444-7444-8444-444444444444"

# Anything, so that one id that is none does not stand in the way of the others.
Ids = Annotated[
    list[Any],
    Field(min_length=1, max_length=100),
    WithJsonSchema({"type": "array", "items": {"type": "string", "format": "uuid"}, "minItems": 1, "maxItems": 100}),
]


class ModeratedReview(Message):
    """A rating with its review, as an admin sees it; `diary` has what its author wrote later, and is hidden with it."""

    id: UUID
    week_id: WeekId
    album_id: AlbumId
    user: Person
    rating: Rating
    review: str | None
    review_hidden: bool
    reason: str | None
    hidden_at: datetime | None
    withdrawn: bool
    diary: list[DiaryEntry]
    created_at: datetime
    updated_at: datetime


class Restoring(Request, json_schema_extra={"examples": [{"reason": "It was a quotation."}]}):
    reason: Reason | None = None


class HideReviews(Request, json_schema_extra={"examples": [{"ids": [RATING_ID], "reason": "Names a member."}]}):
    ids: Ids
    reason: Reason


class RestoreReviews(Request, json_schema_extra={"examples": [{"ids": [RATING_ID]}]}):
    ids: Ids
    reason: Reason | None = None


class ReviewOutcome(ItemOutcome):
    """What became of one id of a batch."""

    id: str
