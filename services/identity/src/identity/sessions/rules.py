"""When a session ends, and where a browser may have one. No I/O here."""

from datetime import datetime, timedelta

from chassis.errors import Forbidden, NotFound, Unauthenticated

IDLE, LONGEST = timedelta(days=14), timedelta(days=90)
# A busy session is not written for each of its requests.
SEEN_EVERY = timedelta(minutes=5)


class UnknownSession(Unauthenticated):
    sentence = "You are not signed in any more; please sign in again."


class NoSuchSession(NotFound):
    sentence = "You have no such session."


class OnlyPeople(Forbidden):
    sentence = "Only a person who is signed in can do this."


class NotSecure(Forbidden):
    sentence = "Signing in needs https, except on this very machine."


def in_force(seen_at: datetime, expires_at: datetime, revoked_at: datetime | None, now: datetime) -> bool:
    return revoked_at is None and now < expires_at and now - seen_at < IDLE


def ends(seen_at: datetime, expires_at: datetime) -> datetime:
    """When it will not be believed any more, if nothing more is heard of it."""
    return min(expires_at, seen_at + IDLE)
