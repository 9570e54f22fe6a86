"""When a refresh token is good, and what one used again means. No I/O here."""

from datetime import datetime, timedelta
from typing import Literal

from chassis.errors import Invalid, Unauthenticated

ACCESS_LASTS = timedelta(minutes=10)
FAMILY_LASTS = timedelta(days=60)
# Two requests of one client may cross, or an answer get lost on the way: for so long the same token is no theft.
GRACE = timedelta(seconds=10)


class BadGrant(Unauthenticated):
    sentence = "This refresh token is not valid any more; please sign in again."


class IncompleteGrant(Invalid):
    sentence = "A password grant brings handle and password, a refresh_token grant the refresh token, and no more."


def use(used_at: datetime | None, now: datetime) -> Literal["good", "stolen"]:
    """`stolen`: whoever shows it, two have it, and nobody can tell which of them is right."""
    return "good" if used_at is None or now - used_at <= GRACE else "stolen"
