"""Spotify's catalogue, for an application without a user: https://developer.spotify.com/documentation/web-api."""

import base64
import time
from collections.abc import Callable, Collection, Sequence
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import quote_plus

from catalog.sources import slots
from catalog.sources.answers import ApplicationToken, MeasuredTrack, MeasuredTracks, SpotifyAlbum, SpotifySearch
from catalog.sources.rules import SourceClosed
from catalog.sources.settings import SourceSettings
from catalog.sources.source import Source
from chassis.db import Transactions

T = TypeVar("T")

NAME, FOUND = "spotify", 10
# A token is not used in its last moments.
EARLY = 60
# In seconds, for keys that are not taken.
WITHOUT_TOKEN = 86_400
# Spotify takes a hundred; so many fit into the address that an answer is kept under.
MEASURED = 50
# Since November 2024 only older applications are told how tracks sound. Whether we are one is looked at once a week.
FEATURES, NOT_TOLD_FOR = "spotify-features", 7 * 86_400
NOT_FOR_US = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.GONE}


class NotForUs(Exception):
    """Spotify tells this to other applications, or to none any more."""


class Spotify:
    """Raises SourceClosed, also for a day where the keys are not taken, and SourceBroken."""

    def __init__(self, db: Transactions, settings: SourceSettings, client: tuple[str, str]) -> None:
        self._db, self._source = db, Source(NAME, settings.spotify_api_url, db, settings)
        self._tokens, self._client = f"{settings.spotify_accounts_url}/api/token", client
        self._token, self._good_until = "", 0.0

    async def search(self, title: str, artist: str | None) -> list[SpotifyAlbum]:
        """Albums by these names, and others that are like them: the caller chooses."""
        query = {"q": f"album:{title}" + (f" artist:{artist}" if artist else ""), "type": "album", "limit": str(FOUND)}
        found = await self._get("/v1/search", query, _search)
        return [album for album in found.albums.items if album]

    async def album(self, spotify_id: str) -> SpotifyAlbum | None:
        return await self._get(f"/v1/albums/{spotify_id}", {}, _album)

    async def measured(self, ids: Sequence[str]) -> dict[str, MeasuredTrack] | None:
        """How these tracks sound, by id, as far as it was measured; None where this application is not told.

        That it is not is remembered for all processes and their albums: none of them asks again before its time.
        """
        if not ids or await slots.closed_for(self._db, FEATURES):
            return None
        found: list[MeasuredTrack | None] = []
        try:
            for at in range(0, len(ids), MEASURED):
                query = {"ids": ",".join(ids[at : at + MEASURED])}
                told = await self._get("/v1/audio-features", query, _measured, its_own=NOT_FOR_US)
                found += told.audio_features
        except NotForUs:
            await slots.close(self._db, FEATURES, NOT_TOLD_FOR)
            return None
        return {track.id: track for track in found if track}

    async def _get(
        self, path: str, query: dict[str, str], read: Callable[[int, bytes], T], its_own: Collection[int] = ()
    ) -> T:
        try:
            return await self._source.get(path, query, read, await self._bearer(), its_own=its_own)
        except SourceClosed:
            # It may be the token that is not taken any more.
            self._good_until = 0.0
            raise

    async def _bearer(self) -> dict[str, str]:
        if time.monotonic() >= self._good_until:
            token = await self._new_token()
            self._token, self._good_until = token.access_token, time.monotonic() + token.expires_in - EARLY
        return {"Authorization": f"Bearer {self._token}"}

    async def _new_token(self) -> ApplicationToken:
        # RFC 6749 2.3.1: encoded as in a form before they are joined.
        basic = base64.b64encode(":".join(map(quote_plus, self._client)).encode()).decode()
        form = {"grant_type": "client_credentials"}
        reply = await self._source.ask("POST", self._tokens, data=form, headers={"Authorization": f"Basic {basic}"})
        try:
            return ApplicationToken.model_validate_json(reply.body)
        except ValueError as error:
            # Most likely wrong keys, which is no album's fault.
            raise await self._source.leave_alone(WITHOUT_TOKEN) from error


def spotify_of(db: Transactions, settings: SourceSettings) -> Spotify | None:
    """None without an application's id and secret."""
    name, secret = settings.spotify_client_id, settings.spotify_client_secret
    return Spotify(db, settings, (name, secret.get_secret_value())) if name and secret else None


def _search(status: int, body: bytes) -> SpotifySearch:
    if status != HTTPStatus.OK:
        raise ValueError(f"status {status}")
    return SpotifySearch.model_validate_json(body)


def _album(status: int, body: bytes) -> SpotifyAlbum | None:
    if status in {HTTPStatus.NOT_FOUND, HTTPStatus.BAD_REQUEST}:
        return None
    if status != HTTPStatus.OK:
        raise ValueError(f"status {status}")
    return SpotifyAlbum.model_validate_json(body)


def _measured(status: int, body: bytes) -> MeasuredTracks:
    if status in NOT_FOR_US:
        raise NotForUs
    if status != HTTPStatus.OK:
        raise ValueError(f"status {status}")
    return MeasuredTracks.model_validate_json(body)
