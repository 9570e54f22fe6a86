"""Last.fm's user.getRecentTracks (https://www.last.fm/api/show/user.getRecentTracks), walked oldest page first.

What is new since the last fetch is asked for up to a fixed moment, and from a while before it: what was heard offline
is told late. Who dies on the way goes on with the page after the last one that was kept.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from chassis.db import Transactions
from chassis.providers import USUAL_COOLDOWN, ProviderAway, ProviderBusy
from contracts.syncing import SyncProvider
from listening.imports.lastfm import EXACT, scrobble
from listening.imports.rows import Row, row, since_1970
from listening.models import SyncTask
from listening.sync.asking import Asking, Clock
from listening.sync.pulling import Cursor, Step
from listening.sync.rules import Refused, Stop, WrongAnswer
from listening.sync.settings import SyncSettings
from listening.sync.windows import Walk, ended, first_walk, moment_of, sound

PAGE, TRIES = 200, 3
PRIVATE, NO_SUCH_USER, BUSY = 17, 6, 29
PASSING, UNWANTED = {8, 11, 16}, {4, 10, 13, 26}


class About(BaseModel):
    """Numbers are text here."""

    user: str
    total: int
    pages: int = Field(alias="totalPages")


class LastFm:
    provider: SyncProvider = "lastfm"

    def __init__(self, db: Transactions, settings: SyncSettings, clock: Clock) -> None:
        self._asking = Asking(self.provider, db, settings, clock)
        self._url, self._key = f"{settings.lastfm_api_url}/2.0/", settings.lastfm_api_key or ""

    async def step(self, task: SyncTask, cursor: Cursor, now: datetime) -> Step:
        cursor = sound(cursor)
        walk = Walk.of(cursor) or first_walk(cursor, now)
        about, rows = await self._page(task.account, walk, walk.page or 1)
        if walk.page is None and about.pages > 1:
            # How many there are is all that was wanted: the walk begins with the last.
            return Step([], walk.at(about.pages, about.total, []).kept(cursor), done=False)
        return _step(cursor, walk, about, rows)

    async def _page(self, account: str, walk: Walk, page: int) -> tuple[About, list[Row]]:
        """Raises WrongAnswer where it is somebody else's again and again, as now and then happens there."""
        asked = {"method": "user.getrecenttracks", "user": account, "api_key": self._key, "format": "json"}
        window = {"from": walk.since, "to": walk.until, "limit": PAGE, "page": page}
        for _ in range(TRIES):
            about, tracks = _read(*await self._asking.get(self._url, {**asked, **window}))
            if about.user.casefold() == account.casefold():
                # A single one stands there without its list.
                listed = tracks if isinstance(tracks, list) else [tracks]
                return about, [told for each in listed if isinstance(told := scrobble(each), Row)]
        raise WrongAnswer("somebody else's scrobbles")


def _step(cursor: Cursor, walk: Walk, about: About, rows: Sequence[Row]) -> Step:
    page, whole = walk.page or 1, _whole(walk, rows)
    told = [*_carried(walk), *rows]
    more = about.total - (about.total if walk.total is None else walk.total)
    back = min(page + -(-more // PAGE), about.pages)
    if back > page:
        # As many slipped to later pages, which were read already.
        return Step(told, walk.at(back, about.total, None).kept(cursor), done=False, whole=whole)
    if page <= 1:
        return Step(told, ended(cursor, walk), done=True, whole=whole)
    newest = max((each.at for each in rows), default=None)
    next_ = walk.at(min(page - 1, about.pages), about.total, [each for each in rows if each.at == newest] or None)
    return Step(told, next_.kept(cursor), done=False, whole=whole)


def _carried(walk: Walk) -> list[Row]:
    told = (
        row(EXACT, since_1970(at), artist=artist, title=title, album=album)
        for artist, title, album, at in walk.carried or ()
    )
    return [each for each in told if isinstance(each, Row)]


def _whole(walk: Walk, rows: Sequence[Row]) -> tuple[datetime, datetime] | None:
    """Between which moments a page tells all: at its own ends some may be on the pages beside it."""
    moments = [each.at for each in (*_carried(walk), *rows)]
    if not moments:
        return None
    first = moment_of(walk.since) if walk.carried == [] else min(moments)
    if walk.carried:
        first -= timedelta(seconds=1)
    return first, max(moments) if (walk.page or 1) > 1 else moment_of(walk.until)


def _read(status: int, told: dict[str, Any]) -> tuple[About, Any]:
    """Raises what an error means; it may come with any status."""
    if (error := told.get("error")) is not None:
        raise _meant(error)
    if status == HTTPStatus.NOT_FOUND:
        raise Stop("no_such_account")
    try:
        recent = told["recenttracks"]
        return About.model_validate(recent["@attr"]), recent.get("track", [])
    except (KeyError, TypeError, AttributeError, ValidationError) as why:
        raise WrongAnswer(f"status {status}") from why


def _meant(error: Any) -> Exception:
    if error == PRIVATE:
        return Stop("private")
    if error == NO_SUCH_USER:
        return Stop("no_such_account")
    if error == BUSY:
        return ProviderBusy(USUAL_COOLDOWN)
    if error in PASSING:
        return ProviderAway()
    return Refused() if error in UNWANTED else WrongAnswer(f"error {error!r:.20}")
