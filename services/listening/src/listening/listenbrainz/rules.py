"""What of a submission can be read, and in which words ListenBrainz refuses it. No I/O here."""

from dataclasses import dataclass
from typing import Any, Literal, cast

import orjson

from chassis.errors import BadRequest

MOST, LARGEST = 1000, 10_240
Kind = Literal["single", "import", "playing_now"]
KINDS = frozenset({"single", "import", "playing_now"})


class BadSubmission(BadRequest):
    """Its sentences are those of ListenBrainz, which clients know."""


@dataclass(frozen=True)
class Submission:
    """Its items are as they came: each is read by itself."""

    kind: Kind
    items: list[Any]


def read_json(body: bytes) -> Any:
    """Raises BadSubmission."""
    try:
        return orjson.loads(body)
    except ValueError as error:
        raise BadSubmission(f"Cannot parse JSON document: {error}") from error


def read_submission(body: bytes) -> Submission:
    """Raises BadSubmission for what is wrong with all of it; never for what is wrong with one listen."""
    document = read_json(body)
    if not isinstance(document, dict) or not {"payload", "listen_type"} <= document.keys():
        raise BadSubmission("Invalid JSON document submitted.")
    payload, kind = document["payload"], document["listen_type"]
    if not isinstance(payload, list):
        raise BadSubmission("The payload in the JSON document should be a list of listens.")
    _check_size(payload, len(body))
    if not isinstance(kind, str) or kind not in KINDS:
        raise BadSubmission("JSON document requires a valid listen_type key.")
    if kind != "import" and len(payload) > 1:
        raise BadSubmission(
            "JSON document contains more than listen for a single/playing_now. It should contain only one."
        )
    return Submission(cast("Kind", kind), payload)


def _check_size(payload: list[Any], size: int) -> None:
    if not payload:
        raise BadSubmission("JSON document does not contain any listens")
    if len(payload) > MOST:
        raise BadSubmission(f"Too many listens. You may not submit more than {MOST} listens at once.")
    if size > len(payload) * LARGEST:
        raise BadSubmission(
            f"JSON document is too large. In aggregate, listens may not be larger than {LARGEST} characters."
        )


@dataclass(frozen=True)
class Page:
    """Which listens are wished for: before `max_ts` and after `min_ts`, in whole seconds, neither of them included."""

    count: int
    min_ts: int | None
    max_ts: int | None


USUAL_COUNT, LATEST = 25, 253_402_300_799


def read_page(count: str | None, min_ts: str | None, max_ts: str | None) -> Page:
    """Raises BadSubmission."""
    wished = _number("count", count)
    page = Page(
        min(USUAL_COUNT if wished is None else wished, MOST), _number("min_ts", min_ts), _number("max_ts", max_ts)
    )
    if page.min_ts is not None and page.max_ts is not None and page.max_ts <= page.min_ts:
        raise BadSubmission("max_ts should be greater than min_ts")
    return page


def _number(name: str, told: str | None) -> int | None:
    if not told:
        return None
    try:
        number = int(told[:30])
    except ValueError as error:
        raise BadSubmission(f"Invalid {name} argument: {told[:100]}") from error
    if number < 0:
        raise BadSubmission(f"'{name}' should be a non-negative integer")
    return min(number, LATEST)
