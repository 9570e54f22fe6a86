"""What the identity service accepts and answers about API keys."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from contracts.event import Message, Request
from contracts.identity import Person
from contracts.phases import Moment
from contracts.text import Name

ProgramKind = Literal["bot", "worker", "admin"]
Scope = Literal[
    "club:write",
    "catalog:write",
    "users:write",
    "listens:write",
    "taste:write",
    "tokens:read",
    "sync:lease",
    "admin",
]
A_DAY, A_WEEK = 86_400, 604_800


class NewKey(
    Request,
    json_schema_extra={"examples": [{"kind": "bot", "name": "The bot", "scopes": ["club:write", "users:write"]}]},
):
    """A program's key; without `scopes` it has all of its kind's. Without an offset, `expires_at` is in UTC."""

    kind: ProgramKind
    name: Name
    scopes: list[Scope] | None = Field(default=None, min_length=1, max_length=8)
    expires_at: Moment | None = None


class Rotation(Request, json_schema_extra={"examples": [{"overlap_seconds": 3600}]}):
    """How long the old key goes on beside the new one, and when the new one ends: by itself never."""

    overlap_seconds: Annotated[int, Field(strict=True, ge=0, le=A_WEEK)] = A_DAY
    expires_at: Moment | None = None


# What a key hands listens in by: by itself, or besides as a client of Last.fm does.
OwnKeyKind = Literal["ingest", "lastfm"]


class NewOwnKey(Request, json_schema_extra={"examples": [{"name": "Scrobbler on the phone"}]}):
    """For a scrobbler that speaks Last.fm's protocol, `kind` is `lastfm`."""

    name: Name
    kind: OwnKeyKind = "ingest"


class Key(Message):
    """A key without its secret. `owner` is whose it is, null for a program's; `replaced_by`, what it was rotated to."""

    id: str
    kind: Literal["bot", "worker", "admin", "user"]
    name: str
    scopes: list[str]
    owner: Person | None = None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    replaced_by: str | None = None


class MadeKey(Key):
    """`key` is what to send. It is shown this once: only its hash is kept."""

    key: str


class OwnKey(Message):
    """`api_key` is what a scrobbler of Last.fm calls itself by; null for any other."""

    id: str
    name: str
    kind: OwnKeyKind = "ingest"
    api_key: str | None = None
    created_at: datetime
    last_used_at: datetime | None


class MadeOwnKey(OwnKey):
    """`key` is what to send, and the password of a scrobbler of Last.fm, which signs with `secret`. Shown this once."""

    key: str
    secret: str | None = None
