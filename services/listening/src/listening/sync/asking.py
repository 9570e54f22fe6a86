"""Asking a provider: in turn with every other process, and not while it wants to be left alone."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Interval, bindparam, text

from chassis.db import Transactions
from chassis.providers import ProviderBusy
from chassis.wire import Wire, json_object
from listening.sync.rules import WrongAnswer
from listening.sync.settings import SyncSettings

LARGEST = 16 * 1024 * 1024
Clock = Callable[[], datetime]

# A turn is reserved in one statement, and waited for outside.
_RESERVE = text("""
    INSERT INTO sync_turns AS t (provider, next_at) VALUES (:provider, clock_timestamp() + :pace)
    ON CONFLICT (provider) DO UPDATE
        SET next_at = greatest(coalesce(t.next_at, clock_timestamp()), clock_timestamp()) + :pace
    RETURNING extract(epoch FROM next_at - :pace - clock_timestamp()) AS wait, closed_until
""").bindparams(bindparam("pace", type_=Interval))


class Answer(NamedTuple):
    status: int
    told: dict[str, Any]


class Asking:
    """One provider's API."""

    def __init__(self, provider: str, db: Transactions, settings: SyncSettings, clock: Clock) -> None:
        self._provider, self._db, self._clock = provider, db, clock
        self._pace = timedelta(seconds=settings.sync_pace)
        self._wire = Wire(provider, settings.provider_timeout, largest=LARGEST)

    async def get(self, url: str, query: Mapping[str, str | int], headers: Mapping[str, str] = {}) -> Answer:
        """A JSON object and its status. Raises ProviderBusy, ProviderAway and WrongAnswer."""
        await self._take_turn()
        reply = await self._wire.fetch("GET", url, params=dict(query), headers={**headers})
        try:
            return Answer(reply.status, json_object(reply.body))
        except (ValueError, RecursionError) as error:
            # Not the error's own words: they may quote all that came.
            raise WrongAnswer(f"status {reply.status}") from error

    async def _take_turn(self) -> None:
        async with self._db.transaction() as tx:
            row = (await tx.execute(_RESERVE, {"provider": self._provider, "pace": self._pace})).one()
        if row.closed_until is not None and (left := row.closed_until - self._clock()) > timedelta(0):
            raise ProviderBusy(max(1, int(left.total_seconds())))
        if self._pace and row.wait > 0:
            await asyncio.sleep(float(row.wait))
