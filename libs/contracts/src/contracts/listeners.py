"""What listening answers of who knows an album or an artist."""

from datetime import date

from pydantic import Field

from contracts.event import Message
from contracts.identity import Person
from contracts.ids import AlbumId, ArtistId
from contracts.paging import Page


class Listener(Message):
    """Somebody who played it, and in which of their months first and last, each by its first day."""

    user: Person
    plays: int
    ms: int = Field(description="How long they listened, as far as anyone says.")
    first_month: date
    last_month: date


class ListenedTo(Message):
    """By how many people, how often and how long."""

    people: int
    plays: int
    ms: int


class Listeners(Page[Listener]):
    """`total` is of everybody who shows it to the reader, whatever stands on the page."""

    total: ListenedTo


class AlbumListeners(Listeners):
    """`album_id` is what the album is called now, also where an older id was asked for."""

    album_id: AlbumId


class ArtistListeners(Listeners):
    """The same of an artist. Of several on a track, the first is whom it is counted for."""

    artist_id: ArtistId
