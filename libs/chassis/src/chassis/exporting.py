"""Telling all that a service keeps of somebody, in parts that the wire carries."""

import json
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from pydantic_core import to_jsonable_python
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.departures import hold
from chassis.outbox import publish
from contracts.event import Event
from contracts.exports import ExportRequested, Sections
from contracts.ids import UserId

# Rows by the name of their section.
Kept: TypeAlias = Mapping[str, Sequence[Mapping[Any, Any]]]
MOST, LONGEST = 500, 200_000


async def answer(
    tx: AsyncSession,
    event: type[Event],
    asked: ExportRequested,
    kept_of: Callable[[AsyncSession, Sequence[UserId]], Awaitable[Kept]],
) -> None:
    """Announce what `kept_of` finds under any of their ids, which may be nothing, as the parts of an answer."""
    ids = [asked.user_id, *asked.aliases]
    # Nobody waits for what is told of somebody who has left.
    if await hold(tx, ids):
        return
    parts = list(in_parts(await kept_of(tx, ids)))
    whose = {"export_id": asked.export_id, "user_id": asked.user_id, "version": asked.version}
    for number, part in enumerate(parts):
        about = {"number": number, "last": number == len(parts) - 1, "sections": part}
        await publish(tx, event.model_validate(whose | about))


def in_parts(sections: Kept) -> Iterator[Sections]:
    """At most `MOST` items each, of some `LONGEST` characters; one after the other they are the sections again."""
    part, items, length = Sections(), 0, 0
    for name, rows in sections.items():
        part[name] = []
        for row in rows:
            item = to_jsonable_python(dict(row))
            size = len(json.dumps(item))
            if items and (items >= MOST or length + size > LONGEST):
                yield part
                part, items, length = {name: []}, 0, 0
            part[name].append(item)
            items, length = items + 1, length + size
    yield part
