"""What the catalogue is asked, answers and announces of albums, and of artists, that turned out to be one."""

from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from contracts.catalog import Album, Artist
from contracts.event import Event, Message, Request
from contracts.ids import AlbumId, ArtistId, TrackId
from contracts.text import Reason

INTO = "019ab6e1-3333-7333-8333-333333333333"
ELSEWHERE = "Other services read the old id as the survivor once they hear of it; what that changes is theirs to say."


class AlbumToMerge(Request, json_schema_extra={"examples": [{"into": INTO, "reason": "The same album, typed twice."}]}):
    """Its old id means `into` from now on."""

    into: AlbumId
    reason: Reason


class ArtistToMerge(Request, json_schema_extra={"examples": [{"into": INTO, "reason": "Two spellings of one."}]}):
    """Their old id means `into` from now on."""

    into: ArtistId
    reason: Reason


class MergeToUndo(Request, json_schema_extra={"examples": [{"reason": "They are two albums after all."}]}):
    reason: Reason


class MovedId(Message):
    source: str
    value: str


class MovedName(Message):
    name: str
    source: str


class MovedTagging(Message):
    source: str
    name: str
    weight: float
    is_genre: bool


class MovedPlacement(Message):
    disc: int
    position: int
    track_id: TrackId
    title: str


class MovedCredit(Message):
    """A part of the artist line of an album or a track."""

    kind: Literal["album", "track"]
    id: UUID
    position: int


class MergeDiff(Message):
    """What a merge would move from `old_id` to `into_id`, has moved, or what undoing it gave back.

    `filled` are the survivor's gaps that the old one's word fills. What is not named here stays as it is: where both
    say something, the survivor's word stands, and the old one's waits with it for an undo.
    """

    old_id: UUID
    into_id: UUID
    filled: dict[str, Any] = Field(default_factory=dict)
    ids: list[MovedId] = Field(default_factory=list)
    names: list[MovedName] = Field(default_factory=list)
    taggings: list[MovedTagging] = Field(default_factory=list)
    editions: list[UUID] = Field(default_factory=list)
    placements: list[MovedPlacement] = Field(default_factory=list)
    credits: list[MovedCredit] = Field(default_factory=list)
    elsewhere: str = ELSEWHERE


class MergedAlbum(Message):
    """The album that stands, and what the merge moved; after an undo the one that is back, and what it got back."""

    album: Album
    diff: MergeDiff


class MergedArtist(Message):
    """The same of an artist."""

    artist: Artist
    diff: MergeDiff


class AlbumMerged(Event):
    """Which album an id means now; null: itself again, for the merge was undone."""

    topic: ClassVar[str] = "catalog.album.merged"
    consumers: ClassVar[tuple[str, ...]] = ("club.merge_album", "listening.merge_album", "taste.merge_album")

    album_id: AlbumId
    survivor_id: AlbumId | None


class ArtistMerged(Event):
    """The same of an artist. Albums whose credits it changes are announced besides, as `catalog.album.changed`."""

    topic: ClassVar[str] = "catalog.artist.merged"
    consumers: ClassVar[tuple[str, ...]] = ("listening.merge_artist",)

    artist_id: ArtistId
    survivor_id: ArtistId | None
