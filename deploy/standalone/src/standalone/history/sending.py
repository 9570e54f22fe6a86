"""A plan in calls that the API takes, and what became of every item."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from club.threads.exports import Export
from club.threads.readings import Reading
from contracts.history import Fate
from standalone.demo.client import Bot

# Well below a thousand items and a mebibyte, so that each call is answered within seconds.
ITEMS, BYTES = 200, 700_000


class Sent(NamedTuple):
    reading: Reading
    fate: Fate
    code: str | None
    reason: str | None


def source_of(exports: Iterable[Export]) -> str:
    """The same for the same files, in whatever order."""
    digests = sorted(export.digest for export in exports)
    return f"discord-export:{hashlib.sha256(' '.join(digests).encode()).hexdigest()}"


def calls(items: Iterable[Reading]) -> Iterator[list[Reading]]:
    """In order. Each call says again which weeks and winners its items are of, so that it stands for itself."""
    call: list[Reading] = []
    for _, those in groupby(items, key=lambda reading: reading.number):
        for part in _parts([*those]):
            if call and _too_much([*call, *part]):
                yield call
                call = []
            call += part
    if call:
        yield call


def _parts(week: list[Reading]) -> Iterator[list[Reading]]:
    stands = [reading for reading in week if reading.kind in {"week", "winner"}]
    part: list[Reading] = []
    for reading in week:
        if part and _too_much([*part, *stands, reading]):
            yield part
            part = [each for each in stands if each is not reading]
        part.append(reading)
    yield part


def _too_much(call: Sequence[Reading]) -> bool:
    return len(call) > ITEMS or len(json.dumps([reading.item() for reading in call])) > BYTES


async def send(  # noqa: PLR0913 — where to, what, and how
    bot: Bot, club: str, items: Sequence[Reading], source: str, name: str, *, apply: bool, done: Callable[[int], None]
) -> tuple[str | None, list[Sent]]:
    """The import's id, if anything was written, and every item's fate; `done` hears of each call's items."""
    import_id: str | None = None
    sent: dict[str, Sent] = {}
    for call in calls(items):
        body = {"name": name, "source": source, "dry_run": not apply, "items": [each.item() for each in call]}
        answer: dict[str, Any] = await bot.post(f"/clubs/{club}/imports", body)
        import_id = answer["id"] or import_id
        for outcome in answer["outcomes"]:
            reading = call[outcome["index"]]
            # What is said again is the same then; what counts is the first time.
            sent.setdefault(reading.key, Sent(reading, outcome["outcome"], outcome["code"], outcome["reason"]))
        done(len(call))
    return import_id, [*sent.values()]
