"""Cursors: opaque to clients, plain values inside."""

import base64
import binascii
import json
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from chassis.errors import Invalid

Limit = Annotated[int, Query(ge=1, le=100, description="How many items a page holds at most.")]
Cursor = Annotated[str | None, Query(max_length=500, description="`next_cursor` of the page before.")]


class BadCursor(Invalid):
    sentence = "This cursor is not one of ours; please start from the first page."


def encode_cursor(*place: str | int) -> str:
    return base64.urlsafe_b64encode(json.dumps(place, separators=(",", ":")).encode()).decode().rstrip("=")


def decode_cursor(cursor: str, *kinds: type) -> tuple[Any, ...]:
    """The values put into the cursor, each of its kind (`int` or `str`); BadCursor for anything else."""
    try:
        place = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError) as error:
        raise BadCursor from error
    fits = isinstance(place, list) and [type(step) for step in place] == list(kinds)
    if not fits or any(isinstance(step, int) and not 0 <= step < 2**63 for step in place):
        raise BadCursor
    if any(isinstance(step, str) and "\0" in step for step in place):
        raise BadCursor
    return tuple(place)


def place_of(cursor: str | None) -> UUID | None:
    """The id after which the page begins, for a cursor that holds one; BadCursor for anything else."""
    if cursor is None:
        return None
    (place,) = decode_cursor(cursor, str)
    try:
        return UUID(place)
    except ValueError as error:
        raise BadCursor from error
