"""What listening answers of plays one by one, and takes of them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from contracts.event import Message, Request
from contracts.ids import AlbumId, ArtistId, TrackId
from contracts.text import Title

ListenWord = str


class PlayedPiece(Message):
    """A track that was played. Ids are the catalogue's, once it said which track that is."""

    id: TrackId
    title: str
    artist_id: ArtistId
    artist: str
    album_id: AlbumId | None
    album: str | None


class PlayTold(Message):
    """A play. `id` is the listen that speaks for it; `sources` are those who saw it, `ms` how long it was heard."""

    id: ListenWord
    track: PlayedPiece
    started_at: datetime
    ms: int
    sources: list[str]


class SightingTold(Message):
    """A listen as its source told it, and why it is of the play: null for the one that speaks for it."""

    id: ListenWord
    source: str
    listened_at: datetime
    title: str
    artist: str
    album: str | None
    client: str | None
    duration_ms: int | None
    why: dict[str, Any] | None = Field(
        description="`rule`, `score` above 0 and at most 1, `gap` and `slack` in seconds, or who decided it."
    )


class Why(Message):
    """A play with everything that was seen of it."""

    play: PlayTold
    listens: list[SightingTold]


class DoubtedListen(Message):
    """A listen that can be read and not be so; `code` says why. `said` is what was told."""

    id: UUID
    code: str
    source: str
    said: dict[str, Any]
    received_at: datetime


class ListensToJoin(Request, json_schema_extra={"examples": [{"with": "AAZDdo6UgIB1Pw"}]}):
    """The other listen."""

    other: ListenWord = Field(alias="with", max_length=200)


class Correction(
    Request, json_schema_extra={"examples": [{"title": "A Case of You", "artist": "Joni Mitchell", "album": "Blue"}]}
):
    """What was played, in place of what was told; without `album`, on none."""

    title: Title
    artist: Title
    album: Title | None = None


class Milestone(Message):
    """The play with this number, counted from the first."""

    plays: int
    at: datetime
    track: PlayedPiece


class Milestones(Message):
    """Those reached, and how many plays are missing to the next."""

    reached: list[Milestone]
    next: int
    missing: int


class PlayingNow(Message):
    """`playing` is null when nothing is, as far as anyone says."""

    playing: PlayedPiece | None
    source: str | None = None
    started_at: datetime | None = None
    expires_at: datetime | None = None
