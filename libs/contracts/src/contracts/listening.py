"""What the listening service announces."""

from datetime import date, datetime
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from contracts.event import Event, Message
from contracts.ids import AlbumId, ArtistId, TrackId, UserId
from contracts.syncing import SyncError, SyncProvider
from contracts.tracks import MessyTriple

LeftOut = Literal["too_many_plays", "too_many_hours"]


class MetTracks(Event):
    """Tracks that listening hears of for the first time, as players spell them: catalog says which they are."""

    topic: ClassVar[str] = "listening.tracks.met"
    restated: ClassVar[bool] = False
    consumers: ClassVar[tuple[str, ...]] = ("catalog.map_met_tracks",)

    tracks: list[MessyTriple] = Field(min_length=1, max_length=1000)


class PlayedTrack(Message):
    """How often somebody played a track on a day. Ids are the catalogue's, once it said which track that is."""

    track_id: TrackId
    title: str
    artist_id: ArtistId
    artist: str
    album_id: AlbumId | None
    album: str | None
    plays: int
    ms: int


class AlbumCompleted(Event):
    """Somebody has heard every track of an album, for the first time; told only in the days after.

    `in_order`: that first time went from the first track to the last. `withdrawn`: plays were taken back since, and
    what is left is not the whole album.
    """

    topic: ClassVar[str] = "listening.album.completed"
    consumers: ClassVar[tuple[str, ...]] = ("identity.note_completed",)

    user_id: UserId
    album_id: AlbumId
    completed_at: datetime
    in_order: bool
    withdrawn: bool = False


class ListeningDayChanged(Event):
    """A person's whole day of listening, in their own time zone, as it now is.

    `hours` are the plays of each hour from 0 to 23. What nobody can have listened to is theirs alone: a day with
    `left_out` counts in no statistics but their own.
    """

    topic: ClassVar[str] = "listening.day.changed"
    consumers: ClassVar[tuple[str, ...]] = ("taste.copy_day",)

    user_id: UserId
    day: date
    plays: list[PlayedTrack]
    hours: Annotated[list[int], Field(min_length=24, max_length=24)]
    left_out: LeftOut | None


class SyncReported(Event):
    """How the fetching from somebody's linked account is; told when that changes, and else now and then."""

    topic: ClassVar[str] = "listening.sync.reported"
    consumers: ClassVar[tuple[str, ...]] = ("identity.note_sync",)

    user_id: UserId
    provider: SyncProvider
    last_sync_at: datetime | None
    error: SyncError | None
