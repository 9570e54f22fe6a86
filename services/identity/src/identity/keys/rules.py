"""What an API key looks like, what each kind may do, and when one is in force."""

import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from chassis.caller import Caller, check_may
from chassis.errors import Conflict, Forbidden, Invalid, NotFound, Unauthenticated
from contracts.ids import UserId
from identity.credentials.secret import hash_secret

SCOPES: Mapping[str, tuple[str, ...]] = {
    "bot": ("club:write", "catalog:write", "users:write"),
    "worker": ("listens:write", "taste:write", "tokens:read", "sync:lease"),
    "admin": ("admin",),
}
FORM = "sdt_<8 of a-z 0-9>_<at least 32 of A-Z a-z 0-9 - _>"
_FORM = re.compile(r"sdt_([a-z0-9]{8})_([A-Za-z0-9_-]{32,})")


# What somebody's own key may do: hand in what they listened to, and nothing else.
OWN_SCOPES = ("listens:write",)
OWN_KEYS = 20


class UnknownKey(Unauthenticated):
    sentence = "This API key is not valid."


class KeyAdminsOnly(Forbidden):
    sentence = "Only an admin can do this."


class NoSuchKey(NotFound):
    sentence = "There is no such key."


class ScopeOfAnotherKind(Invalid):
    sentence = "A key of this kind cannot have this scope."


class ExpiresInThePast(Invalid):
    sentence = "A key ends in the future."


class KeyNotInForce(Conflict):
    sentence = "This key has ended, so there is nothing to rotate; please make a new one."


class AlreadyRotated(Conflict):
    sentence = "This key has been rotated before; please rotate the one that took its place."


class OwnKeysOnly(Conflict):
    sentence = "This key is somebody's own: they make a new one themself."


class TooManyKeys(Conflict):
    sentence = f"You have {OWN_KEYS} keys already; please revoke one that you do not use."


@dataclass(frozen=True)
class Presented:
    """A key as it was shown to us, its secret already hashed."""

    id: str
    secret_hash: bytes


def parse(key: str) -> Presented | None:
    """The parts of `sdt_<id>_<secret>`; None when it is no key at all."""
    form = _FORM.fullmatch(key)
    return Presented(form[1], hash_secret(form[2])) if form else None


def same_secret(presented: bytes, kept: bytes) -> bool:
    """Takes as long for a near miss as for a far one."""
    return hmac.compare_digest(presented, kept)


def in_force(expires_at: datetime | None, revoked_at: datetime | None, now: datetime) -> bool:
    return revoked_at is None and (expires_at is None or now < expires_at)


def check_admin(caller: Caller) -> None:
    check_may(caller, "admin", KeyAdminsOnly)


def check_room(own: int) -> None:
    if own >= OWN_KEYS:
        raise TooManyKeys


def scopes_of(kind: str, wished: Sequence[str] | None) -> list[str]:
    """The scopes wished for, each once and in the kind's own order; all of them when nothing is wished."""
    if wished is None:
        return list(SCOPES[kind])
    if foreign := [scope for scope in wished if scope not in SCOPES[kind]]:
        raise ScopeOfAnotherKind(f"A {kind} key cannot have the scope {foreign[0]}.")
    return [scope for scope in SCOPES[kind] if scope in wished]


def ends_at(wished: datetime | None, now: datetime) -> datetime | None:
    """When a new key ends; a moment without an offset is in UTC."""
    if wished is None:
        return None
    moment = wished if wished.tzinfo else wished.replace(tzinfo=UTC)
    if moment <= now:
        raise ExpiresInThePast
    return moment


def check_rotates(owner_id: UserId | None, replaced_by: str | None, *, good: bool) -> None:
    if owner_id is not None:
        raise OwnKeysOnly
    if replaced_by is not None:
        raise AlreadyRotated
    if not good:
        raise KeyNotInForce


def overlap_ends(expires_at: datetime | None, overlap: timedelta, now: datetime) -> datetime:
    """When a key that is rotated out ends: no later than it would have by itself."""
    end = now + overlap
    return end if expires_at is None else min(expires_at, end)
