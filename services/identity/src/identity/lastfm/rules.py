"""How a scrobbler of Last.fm's protocol proves who it is. No I/O here."""

import hashlib
import hmac
import re
from datetime import timedelta

from chassis.errors import NotFound

TOKEN_LASTS = timedelta(minutes=60)
# Some sign in at each start, and none says when it is gone: of one application the newest stay.
MOST_SESSIONS = 100
_WORD = re.compile(r"[0-9a-f]{32}")


class NoSuchRequest(NotFound):
    sentence = "This request is unknown, or too old; please let your scrobbler begin again."


def is_word(text: str | None) -> bool:
    """Whether it looks like any of the protocol's keys, secrets, tokens and sessions."""
    return text is not None and _WORD.fullmatch(text) is not None


def md5(text: str) -> str:
    """As https://www.last.fm/api/authspec asks for; MD5 is its choice."""
    return hashlib.md5(text.encode(errors="replace"), usedforsecurity=False).hexdigest()


def is_signed(said: str, signature: str | None, secret: str) -> bool:
    return signature is not None and _same(md5(said + secret), signature.lower())


def knows_password(username: str, auth_token: str, password_md5: str) -> bool:
    """The older way to sign in: https://www.last.fm/api/mobileauth once took no password, but a proof."""
    return _same(md5(username + password_md5), auth_token.lower())


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode(errors="replace"))
