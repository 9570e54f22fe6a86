"""How a listen and a play are named. No I/O here."""

import hashlib
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from contracts.ids import TrackId, UserId

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
PLACE, ID = 8, 16
_SOURCE = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


class ListenKey(NamedTuple):
    """What makes a listen one and the same however often its source tells it. In order of time."""

    listened_at: datetime
    messy_id: TrackId
    source: str


def listen_id(key: ListenKey) -> str:
    """The key as an opaque word."""
    moment = (key.listened_at - EPOCH) // MICROSECOND
    packed = moment.to_bytes(PLACE, signed=True) + key.messy_id.bytes + key.source.encode()
    return urlsafe_b64encode(packed).rstrip(b"=").decode()


def key_of(word: str) -> ListenKey:
    """What `listen_id` was made of; raises ValueError for any other word."""
    try:
        packed = urlsafe_b64decode(word.encode("ascii") + b"=" * (-len(word) % 4))
    except (NotBase64, UnicodeEncodeError) as error:
        raise ValueError(word) from error
    source = packed[PLACE + ID :].decode("ascii", "replace")
    if not _SOURCE.fullmatch(source):
        raise ValueError(word)
    moment = int.from_bytes(packed[:PLACE], signed=True)
    try:
        at = EPOCH + moment * MICROSECOND
    except OverflowError as error:
        raise ValueError(word) from error
    return ListenKey(at, TrackId(UUID(bytes=packed[PLACE : PLACE + ID])), source)


def play_id(user_id: UserId, started_at: datetime, anchor: ListenKey) -> UUID:
    """Of one play always the same, and in order of time: laid out as UUIDv7, but with a digest in place of chance."""
    named = b"%b%b%b" % (
        user_id.bytes,
        anchor.messy_id.bytes,
        f"{anchor.listened_at.timestamp():.6f}{anchor.source}".encode(),
    )
    moment = (started_at - EPOCH) // timedelta(milliseconds=1)
    digest = int.from_bytes(hashlib.blake2b(named, digest_size=10).digest())
    rand_a, rand_b = digest >> 68, digest & ((1 << 62) - 1)
    return UUID(int=(moment & ((1 << 48) - 1)) << 80 | 7 << 76 | rand_a << 64 | 2 << 62 | rand_b)


def first_id(since: datetime) -> UUID:
    """No play that started at `since` or later has a lower id."""
    return UUID(int=max((since - EPOCH) // timedelta(milliseconds=1), 0) << 80)
