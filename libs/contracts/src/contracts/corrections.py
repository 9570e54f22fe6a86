"""What the club service accepts and answers when an admin corrects nominations."""

from typing import Annotated, Any

from pydantic import Field, model_validator

from contracts.batches import ItemOutcome, OrWhy
from contracts.catalog import AlbumIn
from contracts.event import Request
from contracts.ids import NominationId, UserId
from contracts.refs import Tags
from contracts.results import NOMINATION
from contracts.text import Pitch, Reason, Url


class _Changes(Request):
    """Only what is given changes. Null empties `pitch`, `pitch_track_url`, `tags` and each of them."""

    tags: Tags | None = None
    pitch: Pitch | None = None
    pitch_track_url: Url | None = None
    album: AlbumIn | None = Field(default=None, description="What was meant, where what was nominated is a mistake.")
    user_id: UserId | None = Field(default=None, description="Whose pitch; left out, it is that of who leads.")

    @model_validator(mode="after")
    def _keeps_an_album(self) -> Any:
        if "album" in self.model_fields_set and self.album is None:
            raise ValueError("A nomination cannot be without an album.")
        return self


class Correction(
    _Changes, json_schema_extra={"examples": [{"reason": "Not what it is.", "pitch": None, "tags": {"genre": "folk"}}]}
):
    reason: Reason


class CorrectionOf(_Changes):
    id: NominationId


class Corrections(
    Request,
    json_schema_extra={"examples": [{"items": [{"id": NOMINATION, "tags": None}], "reason": "Tags of a joke."}]},
):
    """One reason for all."""

    items: list[Annotated[CorrectionOf, OrWhy]] = Field(min_length=1, max_length=100)
    reason: Reason


class CorrectionOutcome(ItemOutcome):
    """`status` is 200, or what the item alone would have had."""

    id: str
    status: int
