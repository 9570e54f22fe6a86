"""From when until when is asked: what is new, and a while before it again, for what is told late. No I/O here.

A cursor is `{"since", "deep_at"}`, in seconds: up to when all is here, and when it was looked far back last. While it
is under way there is a `walk` in it.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from pydantic import TypeAdapter

from listening.imports.rows import Row
from listening.sync.pulling import Cursor

USUAL, DEEP = int(timedelta(days=1).total_seconds()), int(timedelta(days=35).total_seconds())
DEEP_EVERY = int(timedelta(days=1).total_seconds())


@dataclass(frozen=True)
class Walk:
    """`page` and `total` of what comes in pages; `before` of what goes on from a moment.

    `carried` are the newest of the page before, as artist, title, album and moment: some of that moment may be on the
    next page. Empty: the walk begins here; None: what lies before this page is not known.
    """

    since: int
    until: int
    deep: bool
    page: int | None = None
    total: int | None = None
    before: int | None = None
    carried: list[tuple[str, str, str | None, int]] | None = field(default_factory=list)

    @classmethod
    def of(cls, cursor: Cursor) -> Self | None:
        return TypeAdapter(cls).validate_python(cursor["walk"]) if cursor.get("walk") else None

    def at(self, page: int, total: int, newest: Sequence[Row] | None) -> Self:
        """Goes on with this page; `newest` are those of the one before it."""
        carried = None
        if newest is not None:
            carried = [(row.said.artist, row.said.title, row.said.album, int(row.at.timestamp())) for row in newest]
        return replace(self, page=page, total=total, carried=carried)

    def down_to(self, before: int) -> Self:
        return replace(self, before=before)

    def kept(self, cursor: Cursor) -> dict[str, Any]:
        return {**cursor, "walk": asdict(self)}


def sound(cursor: Cursor) -> Cursor:
    """The cursor, if it is one of ours; what a worker of somebody's own left behind begins anew."""
    try:
        Walk.of(cursor)
        return {**cursor, "since": int(cursor.get("since", 0)), "deep_at": int(cursor.get("deep_at", 0))}
    except (TypeError, ValueError):
        return {}


def moment_of(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC)


def first_walk(cursor: Cursor, now: datetime) -> Walk:
    until, since = int(now.timestamp()), int(cursor.get("since", 0))
    deep = until - int(cursor.get("deep_at", 0)) >= DEEP_EVERY
    return Walk(max(0, since - (DEEP if deep else USUAL)), until, deep)


def ended(cursor: Cursor, walk: Walk) -> dict[str, Any]:
    deep_at = walk.until if walk.deep else cursor.get("deep_at", 0)
    return {"since": walk.until, "deep_at": deep_at}
