"""What the club service accepts, answers and announces about nominations."""

from datetime import datetime

from contracts.catalog import BLUE, Album, AlbumIn
from contracts.event import Message, Request
from contracts.identity import WREN, Person, UserIn
from contracts.ids import NominationId, WeekId
from contracts.refs import Ref, Tags
from contracts.text import Pitch, Url


class NewNomination(Request, json_schema_extra={"examples": [{"user": WREN, "album": BLUE, "pitch": "Still new."}]}):
    user: UserIn | None = None
    album: AlbumIn
    pitch: Pitch | None = None
    pitch_track_url: Url | None = None
    tags: Tags | None = None
    ref: Ref | None = None


class Nomination(Message):
    id: NominationId
    week_id: WeekId
    album: Album
    nominator: Person
    pitch: str | None
    pitch_track_url: str | None
    tags: Tags
    ref: Ref | None
    created_at: datetime
    updated_at: datetime
