"""Files with listens that people hand in: what the listening service answers of them."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from contracts.event import Message

Reason = Literal["unreadable", "no_time", "no_names", "not_music", "too_short", "private_session"]
FileKind = Literal["spotify_extended", "spotify_account", "listenbrainz", "maloja", "lastfm_json", "lastfm_csv"]
ImportState = Literal["waiting", "running", "done", "failed"]


class ImportJob(Message):
    """How far a file is. Once it is `done`, `read` is the sum of the four that follow it."""

    id: UUID
    state: ImportState
    read: int = Field(description="Rows of the file that were dealt with so far.")
    inserted: int
    duplicate: int
    rejected: int
    quarantined: int
    rejected_because: dict[Reason, int] = Field(description="How many rows are no listens, by the reason why.")
    total: int | None = Field(description="How many rows there are, once they were counted.")
    asked_at: datetime
    done_at: datetime | None
    error: str | None = Field(description="Why it failed, as a code.")
