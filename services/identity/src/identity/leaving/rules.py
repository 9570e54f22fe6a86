"""Who may delete a person, and what is still said of it. No I/O here."""

import re
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from chassis.caller import Caller, check_may
from chassis.errors import Conflict, Forbidden

FRESH = timedelta(minutes=10)
UNSAID = "…"


class SignInAgain(Forbidden):
    sentence = "This cannot be undone: sign in again in your browser, and do it within ten minutes."


class LastAdmin(Conflict):
    sentence = "Nobody else could sign in as an admin here; make another admin first."


class OnlyAdmins(Forbidden):
    sentence = "Only admins delete others."


def check_admin(caller: Caller) -> None:
    check_may(caller, "admin", OnlyAdmins)


def check_fresh(begun_at: datetime | None, now: datetime) -> None:
    """`begun_at`: when the browser was signed in that asks; None for whatever else asks."""
    if begun_at is None or now - begun_at >= FRESH:
        raise SignInAgain


def check_another_admin(leaver: UUID, admins: Collection[UUID]) -> None:
    """`admins`: those who can sign in."""
    if {*admins} == {leaver}:
        raise LastAdmin


def unnamed(reason: str | None, words: Collection[str]) -> str | None:
    """The reason without any of the words that name somebody."""
    if reason is None or not words:
        return reason
    longest_first = sorted(words, key=len, reverse=True)
    return re.sub(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", UNSAID, reason)
