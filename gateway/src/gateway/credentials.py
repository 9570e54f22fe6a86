"""What a request shows to prove who it speaks for: an API key, an access token, or the cookie of a session."""

import re
from collections.abc import Iterable
from typing import Literal, NamedTuple
from urllib.parse import parse_qsl, unquote_to_bytes

from chassis.errors import BadRequest, Unauthenticated
from chassis.loopback import is_loopback
from contracts.cookies import PLAIN, SECURE
from gateway.routes import is_listenbrainz, validates_token

Headers = Iterable[tuple[bytes, bytes]]

_KEY = re.compile(rb"sdt_[A-Za-z0-9_-]{1,200}")
_TOKEN = re.compile(rb"eyJ[A-Za-z0-9_-]{1,1000}\.[A-Za-z0-9_-]{1,3000}\.[A-Za-z0-9_-]{1,200}")
_SESSION = re.compile(rb"[A-Za-z0-9_-]{43}")
_LONGEST = 4096
_KEY_PARAMETERS = frozenset({"api_key", "access_token", "token", "key"})


class TwoCredentials(BadRequest):
    sentence = "Send one Authorization header, not several."


class KeyInQuery(BadRequest):
    sentence = "Send the API key in the Authorization header; in an address it would end up in logs."


class UnknownKey(Unauthenticated):
    sentence = "This API key is not valid."


class UnknownToken(Unauthenticated):
    sentence = "This access token is not valid, or not any more."


class UnknownScheme(Unauthenticated):
    sentence = "Send your API key as: Authorization: Bearer sdt_…"


class Shown(NamedTuple):
    kind: Literal["key", "token", "session"]
    secret: str


def refuse_key_in_query(path: str, query: bytes) -> None:
    if not query or b"sdt_" not in unquote_to_bytes(query) or validates_token(path):
        return
    for name, text in parse_qsl(query.decode("latin-1")):
        if name.lower() in _KEY_PARAMETERS and "sdt_" in text:
            raise KeyInQuery


def shown(headers: Headers, path: str, scheme: str, query: bytes = b"") -> Shown | None:
    """What the request shows; None when it shows nothing. Beside an Authorization header nothing else counts."""
    headers = list(headers)
    given = [text for name, text in headers if name == b"authorization"]
    if not given:
        return _asked_about(path, query) or _session(headers, scheme)
    if len(given) > 1:
        raise TwoCredentials
    named, _, secret = given[0].strip().partition(b" ")
    if named.lower() != b"bearer" and not (named.lower() == b"token" and is_listenbrainz(path)):
        raise UnknownScheme
    secret = secret.strip()
    if len(secret) <= _LONGEST and _TOKEN.fullmatch(secret):
        return Shown("token", secret.decode("ascii"))
    if not _KEY.fullmatch(secret):
        raise UnknownToken if secret.startswith(b"eyJ") else UnknownKey
    return Shown("key", secret.decode("ascii"))


def _asked_about(path: str, query: bytes) -> Shown | None:
    """The token that a client of ListenBrainz asks about, which its protocol lets it do in the address."""
    tokens = [text for name, text in parse_qsl(query.decode("latin-1")) if name == "token"] if query else []
    if not tokens or not validates_token(path):
        return None
    if not _KEY.fullmatch(tokens[0].encode(errors="replace")):
        raise UnknownKey
    return Shown("key", tokens[0])


def _session(headers: list[tuple[bytes, bytes]], scheme: str) -> Shown | None:
    """By https only the cookie that a browser keeps for this host alone; by http only on this very machine."""
    host = next((text for name, text in headers if name == b"host"), b"").decode("latin-1")
    if scheme != "https" and not is_loopback(host):
        return None
    wanted = (SECURE if scheme == "https" else PLAIN).encode("ascii")
    for name, text in headers:
        if name == b"cookie":
            for pair in text.split(b";"):
                cookie, _, secret = pair.strip().partition(b"=")
                if cookie == wanted and _SESSION.fullmatch(secret):
                    return Shown("session", secret.decode("ascii"))
    return None
