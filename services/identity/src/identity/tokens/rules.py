"""Who may have a token, and when one has to be refreshed. No I/O here."""

from datetime import datetime, timedelta

from chassis.caller import Caller
from chassis.errors import Conflict, Forbidden, Unavailable

# What is handed out is good for this long at least.
MARGIN = timedelta(seconds=60)


class NotForYou(Forbidden):
    sentence = "Your key does not allow this."


class NeedsRelink(Conflict):
    sentence = "The other service has ended this authorisation; the member has to link the account again."


class RefreshUnderWay(Unavailable):
    sentence = "This authorisation is being refreshed right now; please try again soon."
    retry_after = 1


def check_may_use_tokens(caller: Caller) -> None:
    """Services, and workers with the scope; nobody else, an admin's key no more than any other."""
    if caller.kind != "service" and not (caller.kind == "worker" and "tokens:read" in caller.scopes):
        raise NotForYou


def is_usable(access_expires_at: datetime | None, now: datetime) -> bool:
    return access_expires_at is None or now + MARGIN < access_expires_at
