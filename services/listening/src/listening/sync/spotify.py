"""Spotify's recently played (https://developer.spotify.com/documentation/web-api), which are the last 50 at most.

A cursor is `{"at"}`, the newest play in milliseconds. A while before it is asked for again: some are told late.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ValidationError

from chassis.client import Neighbour
from chassis.db import Transactions
from chassis.errors import Conflict, NotFound
from contracts.accounts import UsableToken
from contracts.syncing import SyncProvider
from listening.imports.rows import Read, Row, row, text
from listening.models import SyncTask
from listening.plays.keys import EPOCH
from listening.sync.asking import Asking, Clock
from listening.sync.pulling import Cursor, Step
from listening.sync.rules import Stop, WrongAnswer
from listening.sync.settings import SyncSettings

SOURCE, PAGE = "spotify", 50
OVERLAP_MS = 3_600_000
MILLISECOND = timedelta(milliseconds=1)
# What is handed out is good for another minute at least.
MARGIN = timedelta(seconds=60)


class Back(BaseModel):
    """On the way back: what is asked for next, and the newest play that was met."""

    before: int
    newest: int


class Place(BaseModel):
    at: int = 0
    walk: Back | None = None

    @classmethod
    def of(cls, cursor: Cursor) -> Self:
        """What a worker of somebody's own left behind begins anew."""
        try:
            return cls.model_validate(cursor)
        except ValidationError:
            return cls()


class Spotify:
    provider: SyncProvider = "spotify"

    def __init__(self, db: Transactions, settings: SyncSettings, clock: Clock, identity: Neighbour) -> None:
        self._asking = Asking(self.provider, db, settings, clock)
        self._url, self._clock, self._identity = settings.spotify_api_url, clock, identity
        self._tokens: dict[UUID, UsableToken] = {}

    async def step(self, task: SyncTask, cursor: Cursor, _: datetime) -> Step:
        place = Place.of(cursor)
        at, walk = place.at, place.walk
        since = max(0, at - OVERLAP_MS)
        asked = {"before": walk.before} if walk else {"after": since} if at else {}
        told = await self._page(task, {"limit": PAGE, **asked})
        rows = [each for item in told["items"] if isinstance(each := played(item), Row)]
        moments = [(each.at - EPOCH) // MILLISECOND for each in rows]
        newest, oldest = max([at, walk.newest if walk else 0, *moments]), min(moments, default=0)
        if not told.get("next") or not rows or oldest <= since:
            return Step(rows, {"at": newest}, done=True)
        return Step(rows, {"at": at, "walk": {"before": oldest, "newest": newest}}, done=False)

    async def _page(self, task: SyncTask, query: Mapping[str, int]) -> dict[str, Any]:
        token = await self._token(task)
        headers = {"Authorization": f"Bearer {token.access_token}"}
        status, told = await self._asking.get(f"{self._url}/v1/me/player/recently-played", query, headers)
        if status == HTTPStatus.UNAUTHORIZED:
            # It has ended before its time; the next try asks for another.
            self._tokens.pop(task.link_id, None)
        if status == HTTPStatus.FORBIDDEN:
            raise Stop("missing_scope")
        if status != HTTPStatus.OK or not isinstance(told.get("items"), list):
            raise WrongAnswer(f"status {status}")
        return told

    async def _token(self, task: SyncTask) -> UsableToken:
        """Each use is audited, so one is used for as long as it is good."""
        kept = self._tokens.get(task.link_id)
        if kept is None or kept.expires_at is None or kept.expires_at - MARGIN <= self._clock():
            try:
                told = await self._identity.post(f"/internal/users/{task.user_id}/tokens/spotify", {})
            except (Conflict, NotFound) as error:
                raise Stop("needs_relink") from error
            kept = self._tokens[task.link_id] = UsableToken.model_validate(told)
        if kept.account != task.account:
            # Linked anew this very moment: the task follows.
            raise WrongAnswer("a token of another account")
        return kept


def played(told: Any) -> Read:
    """A play, by when it ended; tracks of one's own files have no id, and are music all the same."""
    item = told if isinstance(told, Mapping) else {}
    track = item.get("track")
    track = track if isinstance(track, Mapping) else {}
    artists, album = track.get("artists"), track.get("album")
    names = [each.get("name") for each in artists if isinstance(each, Mapping)] if isinstance(artists, list) else []
    uri = text(track.get("uri"))
    return row(
        SOURCE,
        _moment(item.get("played_at")),
        artist=", ".join(filter(None, map(text, names))) or None,
        title=track.get("name"),
        album=album.get("name") if isinstance(album, Mapping) else None,
        length_ms=track.get("duration_ms"),
        raw={"spotify_track_uri": uri} if uri and uri.isascii() and uri.isprintable() else None,
    )


def _moment(told: Any) -> datetime | None:
    """To the millisecond."""
    try:
        at = datetime.fromisoformat(told)
    except (TypeError, ValueError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)
