"""What players call tracks, which tracks those are, and what catalog announces of it."""

from typing import Annotated, ClassVar

from pydantic import Field

from contracts.batches import ItemOutcome, OrWhy
from contracts.catalog import Track
from contracts.event import Event, Message, Request
from contracts.ids import AlbumId, ArtistId, TrackId
from contracts.sound import TrackFeatures
from contracts.text import Title

Duration = Annotated[int, Field(strict=True, ge=1, le=86_400_000, description="In milliseconds.")]
EXAMPLE = {"artist": "Joni Mitchell", "track": "A Case of You", "album": "Blue", "duration_ms": 262_000}


class MessyTriple(Request):
    """A track as a player spells it."""

    artist: Title
    track: Title
    album: Title | None = None
    duration_ms: Duration | None = None


class MessyTriples(Request, json_schema_extra={"examples": [{"items": [EXAMPLE]}]}):
    """In any order, and the same one as often as it comes."""

    items: list[Annotated[MessyTriple, OrWhy]] = Field(min_length=1, max_length=1000)


class EnsuredTrack(ItemOutcome):
    """Which track an item is. `album_id` is null unless exactly one known album is meant."""

    messy_id: TrackId | None = None
    track_id: TrackId | None = None
    album_id: AlbumId | None = None


class EnsuredTracks(Message):
    """One of each item, in their order."""

    items: list[EnsuredTrack]


class TrackMapped(Event):
    """Which track a messy triple is, as it now is. `messy_id` is naming.messy_track_id of what the player said."""

    topic: ClassVar[str] = "catalog.track.mapped"
    consumers: ClassVar[tuple[str, ...]] = ("listening.map_track",)

    messy_id: TrackId
    track_id: TrackId
    title: str
    artist: str
    artist_ids: list[ArtistId]
    album_id: AlbumId | None
    duration_ms: int | None


class PlacedOn(Message):
    """Where a track stands on an album, by the title it has there."""

    album_id: AlbumId
    disc: int
    position: int
    title: str


class TrackDetails(Track):
    """A track with all albums that it stands on; `album_id` is the first of them."""

    placements: list[PlacedOn]
    features: TrackFeatures | None = None
