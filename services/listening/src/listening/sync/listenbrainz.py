"""ListenBrainz's listens (https://listenbrainz.readthedocs.io/en/latest/users/api/core.html), from the newest back.

A page is asked for with what is before a moment. Of several listens of one second some may be on the next page: so that
is asked for with one second more, and what comes twice is here once anyway.
"""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from chassis.db import Transactions
from contracts.syncing import SyncProvider
from listening.imports.listenbrainz import listen
from listening.imports.rows import Row
from listening.models import SyncTask
from listening.sync.asking import Asking, Clock
from listening.sync.pulling import Cursor, Step
from listening.sync.rules import Stop, WrongAnswer
from listening.sync.settings import SyncSettings
from listening.sync.windows import Walk, ended, first_walk, sound

PAGE = 1000


class ListenBrainz:
    provider: SyncProvider = "listenbrainz"

    def __init__(self, db: Transactions, settings: SyncSettings, clock: Clock) -> None:
        self._asking, self._url = Asking(self.provider, db, settings, clock), settings.listenbrainz_url

    async def step(self, task: SyncTask, cursor: Cursor, now: datetime) -> Step:
        cursor = sound(cursor)
        walk = Walk.of(cursor) or first_walk(cursor, now)
        before = walk.before or walk.until + 1
        told = await self._page(task.account, before)
        rows = [row for each in told["listens"] if isinstance(row := listen(each), Row)]
        moments = [int(row.at.timestamp()) for row in rows]
        oldest = min(moments, default=0)
        if not rows or oldest <= walk.since or _is_first(told, oldest):
            return Step(rows, ended(cursor, walk), done=True)
        # A whole page of one second cannot be told apart any further.
        next_ = oldest + 1 if oldest + 1 < before else oldest
        return Step(rows, walk.down_to(next_).kept(cursor), done=False)

    async def _page(self, account: str, before: int) -> dict[str, Any]:
        url = f"{self._url}/1/user/{quote(account, safe='')}/listens"
        status, told = await self._asking.get(url, {"max_ts": before, "count": PAGE})
        if status == HTTPStatus.NOT_FOUND:
            raise Stop("no_such_account")
        payload = told.get("payload")
        if status != HTTPStatus.OK or not isinstance(payload, Mapping) or not isinstance(payload.get("listens"), list):
            raise WrongAnswer(f"status {status}")
        if str(payload.get("user_id", account)).casefold() != account.casefold():
            raise WrongAnswer("somebody else's listens")
        return dict(payload)


def _is_first(told: Mapping[str, Any], oldest: int) -> bool:
    """Whether there is nothing before it; a full page may hold back some of the same second."""
    return len(told["listens"]) < PAGE and told.get("oldest_listen_ts") == oldest
