"""Which handles there may be, and which of them look alike. No I/O here."""

import re

from chassis.errors import Conflict, Invalid

FORM = re.compile(r"[a-z0-9_.-]{2,32}")
# Addresses and roles: nobody shall be taken for one, nor stand where one is meant.
# fmt: off
RESERVED = frozenset(
    {
        "about", "account", "admin", "administrator", "api", "auth", "bot", "bots", "catalog", "club", "clubs",
        "deleted", "discord", "docs", "everyone", "feed", "health", "help", "here", "host", "hosts", "identity",
        "internal", "lastfm", "listenbrainz", "listening", "listens", "login", "logout", "me", "member", "members",
        "mod", "moderator", "music", "nobody", "null", "official", "owner", "register", "root", "search",
        "security", "service", "settings", "sidetrack", "spotify", "staff", "support", "system", "taste",
        "undefined", "user", "users", "worker", "www",
    }
)
# fmt: on
# Read the same in most typefaces.
_ALIKE = str.maketrans("01i5-.", "olls__")


class BadHandle(Invalid):
    sentence = "A handle is 2 to 32 of a to z, 0 to 9, _, - and ., and begins and ends with a letter or a digit."


class ReservedHandle(Invalid):
    sentence = "This handle is reserved."


class HandleTaken(Conflict):
    sentence = "This handle, or one that looks like it, is somebody's already."


def check_handle(given: str) -> str:
    """The handle as it is kept: in lower case. Raises BadHandle, also for letters that only look like a to z."""
    # Not casefold or lower, which would make an ASCII letter of the Kelvin sign.
    handle = given.lower() if given.isascii() else given
    if not FORM.fullmatch(handle) or not (handle[0].isalnum() and handle[-1].isalnum()):
        raise BadHandle
    if looks(handle) in _RESERVED_LOOKS:
        raise ReservedHandle
    return handle


def looks(handle: str) -> str:
    """The same for two handles that are hard to tell apart: no two people may share it."""
    return handle.translate(_ALIKE).replace("rn", "m").replace("vv", "w")


_RESERVED_LOOKS = frozenset(map(looks, RESERVED))
