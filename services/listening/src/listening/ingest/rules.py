"""What of a listen can be believed. No I/O here."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from contracts.ids import TrackId, UserId
from listening.names.store import Said
from listening.plays.keys import ListenKey, listen_id

# The day Audioscrobbler began: nobody kept a record of what was played before it.
EARLIEST = datetime.fromtimestamp(1_033_430_400, tz=UTC)
AHEAD = timedelta(hours=1)

DOUBTS = {
    "too_early": "Nobody kept a record of listens that early.",
    "in_the_future": "It has not happened yet.",
}


@dataclass(frozen=True)
class Heard:
    """A listen that can be read, of somebody known."""

    user_id: UserId
    messy_id: TrackId
    said: Said
    listened_at: datetime
    source: str
    listened_ms: int | None = None
    client: str | None = None
    raw: Mapping[str, Any] | None = field(default=None, compare=False)

    @property
    def key(self) -> ListenKey:
        return ListenKey(self.listened_at, self.messy_id, self.source)

    @property
    def digest(self) -> bytes:
        """The same whenever the same is told of the same person again."""
        return hashlib.blake2b(self.user_id.bytes + listen_id(self.key).encode(), digest_size=16).digest()


def doubt(listened_at: datetime, now: datetime) -> str | None:
    """Why it cannot be so, by its code; None: it can."""
    if listened_at < EARLIEST:
        return "too_early"
    return "in_the_future" if listened_at > now + AHEAD else None
