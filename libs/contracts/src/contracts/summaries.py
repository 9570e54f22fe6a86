"""What listening answers of many plays together."""

from datetime import date
from typing import Literal

from pydantic import Field

from contracts.event import Message
from contracts.ids import AlbumId, ArtistId, TrackId
from contracts.listening import LeftOut

Bucket = Literal["day", "week", "month"]


class Changed(Message):
    """The numbers of one period and of the one before, as long; `before` is null where there is none."""

    now: int
    before: int | None


class TopArtist(Message):
    id: ArtistId
    name: str


class TopAlbum(Message):
    id: AlbumId
    title: str
    artist: str


class TopTrack(Message):
    id: TrackId
    title: str
    artist: str


class GenrePlays(Message):
    """`share` is the genre's part of all plays of albums whose genres are known."""

    genre: str
    share: float


class ArtistPlays(Message):
    artist: TopArtist
    plays: int
    ms: int


class AlbumPlays(Message):
    album: TopAlbum
    plays: int
    ms: int


class TrackPlays(Message):
    track: TopTrack
    plays: int
    ms: int


class Summary(Message):
    """What somebody played in a period of their own days; the first day and the last one are in it, null for all time.

    `left_out` are days on which more was played than anyone can hear: they count here, and nowhere else.
    """

    period: str
    first_day: date | None
    last_day: date | None
    plays: Changed
    artists: Changed
    albums: Changed
    tracks: Changed
    ms: Changed = Field(description="How long was listened, as far as anyone says.")
    top_artists: list[ArtistPlays]
    top_albums: list[AlbumPlays]
    top_tracks: list[TrackPlays]
    top_genres: list[GenrePlays]
    left_out: dict[LeftOut, int]


class TimelinePoint(Message):
    """A day, or the first day of a week (Monday) or month."""

    day: date
    plays: int
    ms: int


class Timeline(Message):
    """Every bucket of the period, the empty ones too."""

    bucket: Bucket
    points: list[TimelinePoint]


class Heatmap(Message):
    """`days` that have plays; `hours` are seven rows from Monday, of 24 hours on the listener's clock each."""

    days: dict[date, int]
    hours: list[list[int]]
    timezone: str


class Streak(Message):
    """Days in a row with a play."""

    days: int
    first_day: date | None
    last_day: date | None


class Streaks(Message):
    """`current` is the one that today or yesterday belongs to; of no days where there is none."""

    current: Streak
    longest: Streak
