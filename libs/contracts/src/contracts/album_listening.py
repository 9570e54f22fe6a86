"""What listening answers of an album: how much of it somebody heard, and how a week's winner was listened to."""

from datetime import datetime

from pydantic import Field

from contracts.event import Message
from contracts.identity import Person
from contracts.ids import AlbumId, WeekId


class WeekListener(Message):
    """How much of the winner somebody heard: before they rated it, and at all; of `tracks` of the week, if known."""

    user: Person
    heard: int
    heard_before_rating: int | None = Field(description="Null for whoever has not rated it.")
    plays: int
    completed_at: datetime | None


class WeekPlays(Message):
    """Plays of the winner by everybody who shows them to the reader.

    `before` it was nominated, `during` from then to the end of the day of discussion, `after` in the four weeks that
    followed. Of a week without a day of discussion, a week after the nomination counts as it.
    """

    before: int
    during: int
    after: int


class WeekListening(Message):
    """Who of those who show it listened to a week's winner; `tracks` is null while its tracklist is not known."""

    week_id: WeekId
    album_id: AlbumId
    tracks: int | None
    listeners: list[WeekListener]
    plays: WeekPlays


class AlbumProgress(Message):
    """How much of an album somebody has heard; of one whose tracklist is not known, `tracks` is null."""

    album_id: AlbumId
    tracks: int | None
    heard: int
    plays: int
    first_played_at: datetime | None
    completed_at: datetime | None = Field(description="When every track had been heard for the first time.")
    in_order: bool | None = Field(description="Whether that first time went from the first track to the last.")
