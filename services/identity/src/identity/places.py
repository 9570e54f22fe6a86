"""Places in lists that go by a moment, newest first: the moment, and an id among those of the same."""

from datetime import UTC, datetime, timedelta
from typing import TypeAlias
from uuid import UUID

from chassis.paging import BadCursor, decode_cursor, encode_cursor

Place: TypeAlias = tuple[datetime, str]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def cursor_after(at: datetime, last: object) -> str:
    """The cursor of what follows the last of a page, which has this moment and this id."""
    return encode_cursor((at - EPOCH) // timedelta(microseconds=1), str(last))


def place_before(cursor: str | None) -> Place | None:
    """Where a page begins; BadCursor for what is no cursor of ours."""
    if cursor is None:
        return None
    microseconds, last = decode_cursor(cursor, int, str)
    try:
        return EPOCH + timedelta(microseconds=microseconds), last
    except OverflowError as error:
        raise BadCursor from error


def uuid_place_before(cursor: str | None) -> tuple[datetime, UUID] | None:
    """The same, in a list whose ids are UUIDs."""
    if (place := place_before(cursor)) is None:
        return None
    try:
        return place[0], UUID(place[1])
    except ValueError as error:
        raise BadCursor from error
