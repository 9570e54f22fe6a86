"""Batches of which each item is read by itself: one that is none costs the others nothing."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from pydantic import ValidationError, ValidatorFunctionWrapHandler, WrapValidator

from contracts.event import Message

Item = TypeVar("Item")


class Unreadable(Message):
    """What stands in the place of an item that is none: its `id`, if it told one, and why it is none."""

    id: str
    why: str


class ItemOutcome(Message):
    """What became of one item of a batch: nothing where there is a `code`, and `detail` says why."""

    index: int
    code: str | None = None
    detail: str | None = None


def _or_why(value: Any, read: ValidatorFunctionWrapHandler) -> Any:
    try:
        return read(value)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        named = value.get("id") if isinstance(value, Mapping) else None
        return Unreadable(id=_speakable(named), why=_speakable(f"{place or 'item'}: {first['msg']}"))


OrWhy = WrapValidator(_or_why)


def readable(items: Sequence[Item]) -> dict[int, Item]:
    """Those that are items, by index."""
    return {index: item for index, item in enumerate(items) if not isinstance(item, Unreadable)}


def unreadable(items: Sequence[Any]) -> dict[int, Unreadable]:
    """Those that are none, by index: they are in the place of some, which the schema does not tell."""
    return {index: item for index, item in enumerate(items) if isinstance(item, Unreadable)}


def _speakable(told: Any) -> str:
    # Whatever it was: half a surrogate pair, which no answer can hold, or far too much.
    return told.encode(errors="replace").decode()[:500] if isinstance(told, str) else ""
