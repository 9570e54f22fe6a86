"""MusicBrainz (https://musicbrainz.org/doc/MusicBrainz_API), or a mirror of it: one request a second, whoever asks."""

from collections.abc import Callable
from http import HTTPStatus
from typing import TypeVar
from uuid import UUID

from pydantic import BaseModel

from catalog.sources.answers import Release, ReleaseGroup, ReleaseGroups, Releases, Url, WholeArtist
from catalog.sources.rules import release_groups_query
from catalog.sources.settings import SourceSettings
from catalog.sources.source import Source
from chassis.db import Transactions

NAME, WS = "musicbrainz", "/ws/2"
# Pages of releases; what has more than these has enough to choose from.
PAGE, PAGES = 100, 3
FOUND = 25
NOTHING = {HTTPStatus.NOT_FOUND, HTTPStatus.BAD_REQUEST, HTTPStatus.GONE}

Told = TypeVar("Told", bound=BaseModel)


class MusicBrainz:
    """Every answer is None, or empty, for what is not there. Raises SourceClosed and SourceBroken."""

    def __init__(self, db: Transactions, settings: SourceSettings) -> None:
        self._source = Source(NAME, settings.musicbrainz_url, db, settings, settings.musicbrainz_pace)

    async def search(self, title: str, artist: str | None) -> list[ReleaseGroup]:
        """Release groups by these names, and others that are like them: the caller chooses."""
        query = {"query": release_groups_query(title, artist), "limit": str(FOUND)}
        found = await self._get("/release-group", ReleaseGroups, **query)
        return found.release_groups if found else []

    async def release_group(self, mbid: UUID) -> ReleaseGroup | None:
        """With another id than it was asked for by, where it was merged into another."""
        return await self._get(f"/release-group/{mbid}", ReleaseGroup, inc="aliases artists genres tags")

    async def releases(self, group: UUID) -> list[Release]:
        """Its editions, with the size of each medium, not the tracks."""
        releases: list[Release] = []
        for page in range(PAGES):
            asked = {"release-group": str(group), "inc": "media", "limit": str(PAGE), "offset": str(page * PAGE)}
            found = await self._get("/release", Releases, **asked)
            releases += found.releases if found else []
            if found is None or len(releases) >= found.release_count or not found.releases:
                break
        return releases

    async def release(self, mbid: UUID) -> Release | None:
        """With its tracks, their recordings and where it is found elsewhere."""
        return await self._get(f"/release/{mbid}", Release, inc="recordings artist-credits isrcs url-rels")

    async def group_of_release(self, mbid: UUID) -> UUID | None:
        found = await self._get(f"/release/{mbid}", Release, inc="release-groups")
        return found.release_group.id if found and found.release_group else None

    async def group_of_link(self, resource: str) -> UUID | None:
        """The release group that MusicBrainz links to this address, or that of a release it links to it."""
        found = await self._get("/url", Url, resource=resource, inc="release-rels release-group-rels")
        for relation in found.relations if found else []:
            if relation.release_group:
                return relation.release_group.id
            if relation.release:
                return await self.group_of_release(relation.release.id)
        return None

    async def artist(self, mbid: UUID) -> WholeArtist | None:
        """With another id than they were asked for by, where they were merged into another."""
        return await self._get(f"/artist/{mbid}", WholeArtist, inc="aliases genres tags url-rels")

    async def _get(self, path: str, kind: type[Told], **query: str) -> Told | None:
        return await self._source.get(WS + path, {**query, "fmt": "json"}, _reader(kind))


def _reader(kind: type[Told]) -> Callable[[int, bytes], Told | None]:
    def read(status: int, body: bytes) -> Told | None:
        if status in NOTHING:
            return None
        if status != HTTPStatus.OK:
            raise ValueError(f"status {status}")
        return kind.model_validate_json(body)

    return read
