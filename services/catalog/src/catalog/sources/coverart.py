"""The Cover Art Archive: whether it has a front of a release group. Where that is follows from the id alone."""

from http import HTTPStatus
from uuid import UUID

from catalog.sources.settings import SourceSettings
from catalog.sources.source import Source
from chassis.db import Transactions

NAME = "coverart"
THERE = {HTTPStatus.OK, HTTPStatus.FOUND, HTTPStatus.TEMPORARY_REDIRECT, HTTPStatus.PERMANENT_REDIRECT}
NOT_THERE = {HTTPStatus.NOT_FOUND, HTTPStatus.BAD_REQUEST}


class CoverArt:
    """Raises SourceClosed and SourceBroken."""

    def __init__(self, db: Transactions, settings: SourceSettings) -> None:
        self._source = Source(NAME, settings.cover_art_url, db, settings)

    async def has_front(self, group: UUID) -> bool:
        """The picture itself, at archive.org, is left to who looks at it."""
        return await self._source.get(f"/release-group/{group}/front", {}, _read)


def _read(status: int, _: bytes) -> bool:
    if status in THERE or status in NOT_THERE:
        return status in THERE
    raise ValueError(f"status {status}")
