"""What taking a file in would do, of which nothing is done."""

import asyncio
from collections import Counter
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from chassis.db import Transactions
from contracts.ids import UserId
from listening.imports.files import rows_of
from listening.imports.importing import Moved, Watch, heard_of
from listening.imports.ordering import InOrder
from listening.imports.rules import CHUNK
from listening.ingest.rules import Heard, doubt
from listening.ingest.store import known
from listening.plays.keys import ListenKey


class Rehearsed(NamedTuple):
    """What would become of how many, why how many are no listens, and from when until when they are."""

    outcomes: Counter[str]
    rejected: Counter[str]
    first: datetime | None
    last: datetime | None


async def rehearse(db: Transactions, user_id: UserId, path: Path, watch: Watch = lambda _: None) -> Rehearsed:
    outcomes, first, last = Counter[str](), None, None
    with InOrder(rows_of(path)) as rows:
        await asyncio.to_thread(rows.sort)
        left, place, met = iter(rows), 0, set[ListenKey]()
        while chunk := [heard_of(user_id, each) for each in islice(left, CHUNK)]:
            first, last = first or chunk[0].listened_at, chunk[-1].listened_at
            outcomes += await _outcomes(db, chunk, met)
            # Two that are the same are of one moment, and so beside each other.
            met = {each.key for each in chunk if each.listened_at == last}
            place += len(chunk)
            watch(Moved(place, rows.total))
        return Rehearsed(outcomes, rows.rejected, first, last)


async def _outcomes(db: Transactions, chunk: list[Heard], met: set[ListenKey]) -> Counter[str]:
    now, outcomes = datetime.now(UTC), Counter[str]()
    async with db.transaction(postgresql_readonly=True) as tx:
        kept = await known(tx, [(each.user_id, each.key) for each in chunk])
    seen = met | {key for _, key in kept}
    for each in chunk:
        if doubt(each.listened_at, now):
            outcomes["quarantined"] += 1
        else:
            outcomes["duplicate" if each.key in seen else "inserted"] += 1
            seen.add(each.key)
    return outcomes
