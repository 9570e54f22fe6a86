"""What the club service accepts, answers and announces about nominations."""

from datetime import datetime
from typing import ClassVar

from pydantic import Field

from contracts.catalog import BLUE, Album, AlbumIn
from contracts.event import Event, Message, Request
from contracts.identity import WREN, Person, UserIn
from contracts.ids import AlbumId, ClubId, NominationId, UserId, WeekId
from contracts.refs import Ref, Tags
from contracts.text import Pitch, Url


class NewNomination(Request, json_schema_extra={"examples": [{"user": WREN, "album": BLUE, "pitch": "Still new."}]}):
    user: UserIn | None = None
    album: AlbumIn
    pitch: Pitch | None = None
    pitch_track_url: Url | None = None
    tags: Tags | None = None
    ref: Ref | None = None


class CoNominator(Message):
    """Somebody who nominated the album too, and since when they stand beside the nominator."""

    user: Person
    pitch: str | None
    pitch_track_url: str | None
    ref: Ref | None
    created_at: datetime


class Nomination(Message):
    """`nominator`, pitch and ref are those of the member who leads.

    `code` stays with it for the whole week: a letter for each page of 25. `label` fits an option of a select on
    Discord (100 characters), `short_label` an answer of a poll (55).
    """

    id: NominationId
    week_id: WeekId
    code: str
    label: str
    short_label: str
    album: Album
    nominator: Person
    co_nominators: list[CoNominator] = Field(default_factory=list)
    pitch: str | None
    pitch_track_url: str | None
    tags: Tags
    ref: Ref | None
    created_at: datetime
    updated_at: datetime


class Tagged(Message):
    """Tags as they are announced: a kind of tomorrow is left aside."""

    genre: str | None
    decade: str | None
    country: str | None


class NominationChanged(Event):
    """A nomination as it now is. `user_ids` are those who stand behind it, the one first who leads and wrote `pitch`.

    Of one that is withdrawn they are none.
    """

    topic: ClassVar[str] = "club.nomination.changed"
    consumers: ClassVar[tuple[str, ...]] = (
        "identity.note_nomination",
        "catalog.hurry_nominated",
        "listening.note_nomination",
        "taste.note_nomination",
    )

    nomination_id: NominationId
    week_id: WeekId
    club_id: ClubId
    album_id: AlbumId
    user_ids: list[UserId]
    code: str
    pitch: str | None
    pitch_track_url: str | None
    tags: Tagged
    withdrawn: bool
    created_at: datetime
