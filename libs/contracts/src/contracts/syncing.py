"""Fetching what people listened to elsewhere: what the listening service takes and answers about it."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from contracts.event import Message, Request
from contracts.ids import UserId
from contracts.listens import Raw

SyncProvider = Literal["lastfm", "listenbrainz", "spotify"]
SyncState = Literal["on", "stopped", "unlinked"]
# Nothing is fetched any more until the member does something about it.
SyncStop = Literal["needs_relink", "missing_scope", "private", "no_such_account"]
# It is tried again by itself.
SyncDelay = Literal["provider_busy", "provider_away", "wrong_answer", "refused", "broken"]
SyncError = SyncStop | SyncDelay
Cursor = Annotated[Raw, Field(description="How far it is: whatever the worker needs to go on. Kept here.")]

TASK = "019ab6e1-8888-7888-8888-888888888888"
LEASE = "7a3c2f6e-0d4b-4b6e-9c55-3f7c1a9d2e10"
HELD = {"task_id": TASK, "lease": LEASE}


class OwnSync(Message):
    """How the fetching from one linked account is."""

    provider: SyncProvider
    account: str
    state: Literal["on", "stopped"] = Field(
        description="`stopped`: see `error`; nothing is fetched until it is mended."
    )
    under_way: bool
    last_sync_at: datetime | None
    next_sync_at: datetime | None
    error: SyncError | None


class WantsTasks(Request, json_schema_extra={"examples": [{"providers": ["lastfm"], "most": 10}]}):
    """`providers`: what the worker can fetch from."""

    providers: list[SyncProvider] = Field(min_length=1, max_length=3)
    most: int = Field(default=1, ge=1, le=50)


class LeasedTask(Message):
    """A task that is one worker's until `leased_until`, unless it says by then that it still works."""

    task_id: UUID
    lease: UUID
    leased_until: datetime
    user_id: UserId
    provider: SyncProvider
    account: str
    cursor: Cursor


class LeasedTasks(Message):
    tasks: list[LeasedTask]


class Held(Request):
    task_id: UUID
    lease: UUID


class StillWorks(Held, json_schema_extra={"examples": [HELD | {"cursor": {"since": 1764000000}}]}):
    """A `cursor` is kept at once: whoever has the task next goes on from there."""

    cursor: Cursor | None = None


class Completed(Held, json_schema_extra={"examples": [HELD | {"cursor": {"since": 1764000000}}]}):
    """All there was has been handed in. `newest_at` is the newest listen: who listened lately is asked for sooner."""

    cursor: Cursor
    newest_at: AwareDatetime | None = None


class Failed(Held, json_schema_extra={"examples": [HELD | {"error": "provider_busy", "retry_after": 120}]}):
    """With `provider_busy`, nobody asks that provider for so many seconds."""

    error: SyncError
    retry_after: int | None = Field(default=None, ge=1, le=604_800)


class TaskTold(Message):
    """The task as it now is."""

    task_id: UUID
    state: SyncState
    leased_until: datetime | None
    next_sync_at: datetime
