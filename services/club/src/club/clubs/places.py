"""Where a page of what has ids begins."""

from uuid import UUID

from chassis.paging import BadCursor, decode_cursor


def place_of(cursor: str | None) -> UUID | None:
    """The id that a cursor holds, after which its page begins."""
    if cursor is None:
        return None
    (place,) = decode_cursor(cursor, str)
    try:
        return UUID(place)
    except ValueError as error:
        raise BadCursor from error
