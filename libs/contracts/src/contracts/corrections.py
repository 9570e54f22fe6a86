"""What the club service accepts and answers when an admin corrects nominations."""

from typing import Annotated, Any

from pydantic import Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator, model_validator

from contracts.catalog import AlbumIn
from contracts.event import Message, Request
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


class Unreadable(Message):
    """An item that is none, and why: the others of its batch are no worse for it."""

    id: str
    why: str


def _or_why(value: Any, read: ValidatorFunctionWrapHandler) -> Any:
    try:
        return read(value)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        named = value.get("id") if isinstance(value, dict) else None
        return Unreadable(id=_speakable(named), why=_speakable(f"{place or 'item'}: {first['msg']}"))


def _speakable(named: Any) -> str:
    # Whatever it was: half a surrogate pair, which no answer can hold, or far too much.
    return named.encode(errors="replace").decode()[:300] if isinstance(named, str) else ""


class Corrections(
    Request,
    json_schema_extra={"examples": [{"items": [{"id": NOMINATION, "tags": None}], "reason": "Tags of a joke."}]},
):
    """One reason for all."""

    items: list[Annotated[CorrectionOf, WrapValidator(_or_why)]] = Field(min_length=1, max_length=100)
    reason: Reason

    @property
    def readable(self) -> dict[int, CorrectionOf]:
        """By index."""
        return {index: item for index, item in enumerate(self.items) if not isinstance(item, Unreadable)}

    @property
    def unreadable(self) -> dict[int, Unreadable]:
        """By index, those that are no items: they are in the place of some, which the schema does not tell."""
        mixed: list[Any] = [*self.items]
        return {index: item for index, item in enumerate(mixed) if isinstance(item, Unreadable)}


class CorrectionOutcome(Message):
    """What became of one item: 200, or the status that it alone would have had, with `code` and `detail`."""

    index: int
    id: str
    status: int
    code: str | None = None
    detail: str | None = None
