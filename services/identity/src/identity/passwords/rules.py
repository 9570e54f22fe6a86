"""Which passwords there may be. No I/O here."""

import unicodedata

from chassis.errors import Invalid

SHORTEST, LONGEST = 10, 200


class WeakPassword(Invalid):
    sentence = f"A password is {SHORTEST} to {LONGEST} characters, not all the same, and not one's handle."


def check_password(password: str, handle: str | None) -> str:
    """The password as it is hashed: composed, as NIST SP 800-63B has it, so that every keyboard spells it alike."""
    composed = unicodedata.normalize("NFKC", password)
    if not SHORTEST <= len(composed) <= LONGEST or len(set(composed)) == 1 or "\0" in composed:
        raise WeakPassword
    if handle is not None and composed.casefold() in {handle, handle * 2}:
        raise WeakPassword
    return composed
