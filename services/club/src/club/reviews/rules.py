"""What a moderator can hide. No I/O here."""

from typing import Any
from uuid import UUID

from chassis.errors import Invalid, NotFound


class NoSuchReview(NotFound):
    sentence = "There is no such review."


class NoReviewId(Invalid):
    sentence = "A review is named by the id of its rating."


def review_id(given: Any) -> UUID:
    """The id that one item of a batch means."""
    try:
        return UUID(given)
    except (AttributeError, TypeError, ValueError) as error:
        raise NoReviewId from error


def spoken(given: Any) -> str:
    """An item of a batch as the answer repeats it, whatever was sent."""
    return str(given)[:64].encode(errors="replace").decode()
