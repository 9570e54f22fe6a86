"""What the club service takes and answers about history: what old threads say, brought in after the fact."""

from datetime import datetime
from typing import Annotated, Any, Literal, TypeAlias
from uuid import UUID

from pydantic import AfterValidator, Field

from contracts.batches import OrWhy
from contracts.catalog import BLUE, AlbumIn
from contracts.club import WeekNumber
from contracts.event import Message, Request
from contracts.identity import WREN, UserIn
from contracts.ids import Snowflake, WeekId
from contracts.phases import Moment
from contracts.ratings import Rating
from contracts.refs import Day, Ref, Tags
from contracts.text import Name, Pitch, Review, Title, Url

ItemKind: TypeAlias = Literal["week", "nomination", "winner", "rating"]
Fate = Literal["made", "changed", "same", "conflict", "refused"]
Confidence = Annotated[float, Field(ge=0, le=1)]

SOURCE = {
    "file": "nominations.json",
    "channel": "nominations",
    "guild_id": "193842067721486337",
    "message_id": "1442211223344556699",
    "author": WREN["discord_id"],
    "at": "2025-11-23T16:33:27.421Z",
}


def _with_offset(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("When it was said needs its offset: 2025-11-24T20:00:00Z.")
    return at


class Provenance(Request):
    """Where something was read. `at` is when it was said: of a message, the moment that its id holds."""

    file: Name
    channel: Name | None = None
    channel_id: Snowflake | None = None
    guild_id: Snowflake | None = None
    message_id: Snowflake | None = None
    author: Snowflake | None = Field(default=None, description="A Discord id.")
    at: Annotated[Moment, AfterValidator(_with_offset)]


class _Read(Request):
    """What all items have. `number` is the week's."""

    number: WeekNumber
    confidence: Confidence = 1
    provenance: Provenance


class HistoricWeek(_Read):
    kind: Literal["week"]
    date_discussion: Day | None = None
    refs: list[Ref] = Field(default_factory=list, max_length=50)


class HistoricNomination(_Read):
    kind: Literal["nomination"]
    user: UserIn
    album: AlbumIn
    pitch: Pitch | None = None
    pitch_track_url: Url | None = None
    tags: Tags | None = None


class HistoricWinner(_Read):
    kind: Literal["winner"]
    album: AlbumIn


class HistoricRating(_Read):
    kind: Literal["rating"]
    user: UserIn
    rating: Rating
    favorite_track: Title | None = None
    review: Review | None = None


HistoricItem: TypeAlias = HistoricWeek | HistoricNomination | HistoricWinner | HistoricRating


OneItem = Annotated[Annotated[HistoricItem, Field(discriminator="kind")], OrWhy]

EXAMPLE = {
    "name": "Threads of November 2025",
    "source": "sha256:4f1c9a",
    "dry_run": True,
    "items": [
        {"kind": "week", "number": 3, "date_discussion": "2025-11-24", "provenance": SOURCE},
        {"kind": "nomination", "number": 3, "user": WREN, "album": BLUE, "confidence": 0.9, "provenance": SOURCE},
        {"kind": "winner", "number": 3, "album": BLUE, "provenance": SOURCE},
    ],
}


class NewImport(Request, json_schema_extra={"examples": [EXAMPLE]}):
    """Calls with one `source` are one import, until it is undone."""

    name: Name
    source: Name = Field(description="What tells this import from others: a fingerprint of what was read.")
    dry_run: bool = Field(default=False, strict=True)
    items: list[OneItem] = Field(min_length=1, max_length=1000)


class Outcome(Message):
    """What became of an item, or in a dry run would. `code` and `reason` say why, where nothing did."""

    index: int
    outcome: Fate
    code: str | None = None
    reason: str | None = None
    week_id: WeekId | None = None
    subject_id: UUID | None = Field(default=None, description="The week, nomination or rating. Null in a dry run.")


class Imported(Message):
    """`id` is null in a dry run, and where nothing was written."""

    id: UUID | None
    dry_run: bool
    counts: dict[Fate, int]
    outcomes: list[Outcome]


class Import(Message):
    """`written` counts what it wrote, by kind; `kept` what an undoing left, because others had changed it since."""

    id: UUID
    name: str
    source: str
    written: dict[ItemKind, int]
    kept: int
    created_at: datetime
    updated_at: datetime
    undone_at: datetime | None


class ImportItem(Message):
    """Something an import wrote. `before` is what had stood there. `provenance.author` is for those who see ids."""

    id: UUID
    kind: ItemKind
    key: str
    outcome: Literal["made", "changed"]
    state: Literal["stands", "undone", "kept"]
    number: int
    subject_id: UUID
    confidence: float
    provenance: dict[str, Any]
    before: dict[str, Any] | None
    after: dict[str, Any]


class Kept(Message):
    """What an undoing left as it is, and why."""

    kind: ItemKind
    number: int
    subject_id: UUID
    code: str
    reason: str


class ImportDocument(Import):
    """An import with a page of what it wrote."""

    items: list[ImportItem]
    next_cursor: str | None = None


class Undone(Message):
    """`left` is how much is still to be undone: the same call again goes on. Then `undone_at` is set."""

    id: UUID
    undone_at: datetime | None
    removed: int
    left: int
    kept: list[Kept]
