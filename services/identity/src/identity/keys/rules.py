"""What an API key looks like, what each kind may do, and when one is in force."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chassis.errors import Unauthenticated

SCOPES: Mapping[str, tuple[str, ...]] = {
    "bot": ("club:write", "catalog:write", "users:write"),
    "worker": ("listens:write", "taste:write", "tokens:read", "sync:lease"),
    "admin": ("admin",),
}
FORM = "sdt_<8 of a-z 0-9>_<at least 32 of A-Z a-z 0-9 - _>"
_FORM = re.compile(r"sdt_([a-z0-9]{8})_([A-Za-z0-9_-]{32,})")


class UnknownKey(Unauthenticated):
    sentence = "This API key is not valid."


@dataclass(frozen=True)
class Presented:
    """A key as it was shown to us, its secret already hashed."""

    id: str
    secret_hash: bytes


def parse(key: str) -> Presented | None:
    """The parts of `sdt_<id>_<secret>`; None when it is no key at all."""
    form = _FORM.fullmatch(key)
    return Presented(form[1], hash_secret(form[2])) if form else None


def hash_secret(secret: str) -> bytes:
    # One round is enough: a secret is random and long, so there is no dictionary to try.
    return hashlib.sha256(secret.encode()).digest()


def same_secret(presented: bytes, kept: bytes) -> bool:
    """Takes as long for a near miss as for a far one."""
    return hmac.compare_digest(presented, kept)


def in_force(expires_at: datetime | None, revoked_at: datetime | None, now: datetime) -> bool:
    return revoked_at is None and (expires_at is None or now < expires_at)
