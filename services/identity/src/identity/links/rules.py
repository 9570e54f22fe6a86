"""When an account may be linked or unlinked, and when its authorisation ends. No I/O here."""

from datetime import datetime, timedelta

from chassis.errors import Conflict, NotFound
from contracts.identity import Provider

# Spotify ends an authorisation six months after it was given, whatever was refreshed since: after 181 days at least.
SPOTIFY_LASTS = timedelta(days=180)
WARNED_BEFORE = timedelta(days=30)
# Of the others, one account a member: linking another one takes the place of the one before.
SEVERAL_AT_ONCE: frozenset[Provider] = frozenset({"discord"})
SIGNS_IN: frozenset[Provider] = frozenset({"discord", "spotify"})


class AccountTaken(Conflict):
    sentence = "This account is linked to somebody else here."


class NotLinked(NotFound):
    sentence = "No such account is linked."


class LastWayIn(Conflict):
    sentence = "This is your only way to sign in: set a password, or link another account to sign in with, first."


def ends_at(provider: Provider, authorized_at: datetime | None) -> datetime | None:
    """When the provider ends the authorisation by itself; None when it never does."""
    return authorized_at + SPOTIFY_LASTS if provider == "spotify" and authorized_at else None
