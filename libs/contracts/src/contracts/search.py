"""What a search answers besides what is known here."""

from typing import Literal, TypeAlias
from uuid import UUID

from pydantic import Field

from contracts.catalog import Album, Artist, Track
from contracts.event import Message
from contracts.paging import Page

Remote: TypeAlias = Literal["musicbrainz", "spotify"]
Hit: TypeAlias = Album | Artist | Track


class RemoteAlbum(Message):
    """An album that a source knows and the catalogue does not: `POST /music/albums` with it makes it one here."""

    source: Remote
    title: str
    artist: str
    year: int | None = None
    mbid: UUID | None = None
    spotify_id: str | None = None
    cover_url: str | None = None


class Found(Page[Hit]):
    """`remote` is null unless it was asked for; `away` are the sources that did not answer in time."""

    remote: list[RemoteAlbum] | None = Field(default=None, max_length=20)
    away: list[Remote] | None = None
