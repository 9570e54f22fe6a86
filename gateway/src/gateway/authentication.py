"""Who is asking: an API key becomes a principal, and a principal a token that one service believes for a minute."""

import hashlib
import re
from collections.abc import Awaitable, Callable, Iterable
from urllib.parse import parse_qsl, unquote_to_bytes

from chassis.errors import Unauthenticated
from chassis.tokens import Tokens
from contracts.identity import Principal
from gateway.memory import Memory, Shared
from gateway.problems import BadRequest
from gateway.routes import is_listenbrainz

Ask = Callable[[str], Awaitable[Principal | None]]
Headers = Iterable[tuple[bytes, bytes]]

ANONYMOUS = Principal(id="anonymous", kind="anonymous")
# Nobody's key is remembered too, for a shorter while: it may be made in the next moment.
KNOWN_FOR, UNKNOWN_FOR, KEYS_REMEMBERED = 30.0, 5.0, 10_000
# Well under the minute that a token lives, so that it never expires on the way.
TOKEN_KEPT_FOR, TOKENS_REMEMBERED = 25.0, 10_000

_KEY = re.compile(rb"sdt_[A-Za-z0-9_-]{1,200}")
_KEY_PARAMETERS = frozenset({"api_key", "access_token", "token", "key"})
_TAKES_KEY_IN_QUERY = frozenset({"/1/validate-token", "/apis/listenbrainz/1/validate-token"})


class TwoCredentials(BadRequest):
    sentence = "Send one Authorization header, not several."


class KeyInQuery(BadRequest):
    sentence = "Send the API key in the Authorization header; in an address it would end up in logs."


class UnknownKey(Unauthenticated):
    sentence = "This API key is not valid."


class UnknownScheme(Unauthenticated):
    sentence = "Send your API key as: Authorization: Bearer sdt_…"


def refuse_key_in_query(path: str, query: bytes) -> None:
    if not query or b"sdt_" not in unquote_to_bytes(query) or path.rstrip("/") in _TAKES_KEY_IN_QUERY:
        return
    for name, text in parse_qsl(query.decode("latin-1")):
        if name.lower() in _KEY_PARAMETERS and "sdt_" in text:
            raise KeyInQuery


def presented_key(headers: Headers, path: str) -> str | None:
    """The API key a request carries; None when it carries no credential at all."""
    given = [text for name, text in headers if name == b"authorization"]
    if not given:
        return None
    if len(given) > 1:
        raise TwoCredentials
    scheme, _, key = given[0].strip().partition(b" ")
    if scheme.lower() != b"bearer" and not (scheme.lower() == b"token" and is_listenbrainz(path)):
        raise UnknownScheme
    if not _KEY.fullmatch(key := key.strip()):
        raise UnknownKey
    return key.decode("ascii")


class Authentication:
    """Asks identity about a key once, and remembers the answer under the key's hash."""

    def __init__(self, ask: Ask, memory: Memory[bytes, Principal | UnknownKey] | None = None) -> None:
        self._ask = ask
        self._known = Shared(Memory(KEYS_REMEMBERED) if memory is None else memory, _lasts)

    async def principal(self, headers: Headers, path: str) -> Principal:
        """Whom the request speaks for. Raises Unauthenticated, TwoCredentials, or Unavailable with identity away."""
        key = presented_key(headers, path)
        if key is None:
            return ANONYMOUS
        found = await self._known.get(hashlib.sha256(key.encode()).digest(), lambda: self._learn(key))
        if isinstance(found, UnknownKey):
            raise UnknownKey
        return found

    def forget(self) -> None:
        """A key was revoked: ask again about all."""
        self._known.forget()

    async def _learn(self, key: str) -> Principal | UnknownKey:
        return await self._ask(key) or UnknownKey()


def _lasts(found: Principal | UnknownKey) -> float:
    return UNKNOWN_FOR if isinstance(found, UnknownKey) else KNOWN_FOR


class Passes:
    """Internal tokens, signed once for a principal and a service and used again while they are fresh."""

    def __init__(self, tokens: Tokens, memory: Memory[tuple[object, ...], bytes] | None = None) -> None:
        self._tokens = tokens
        self._fresh = Memory(TOKENS_REMEMBERED) if memory is None else memory

    def bearer(self, principal: Principal, service: str) -> bytes:
        """The Authorization header's content by which `service` knows the principal."""
        whom = (service, principal.kind, principal.id, *principal.scopes)
        if (known := self._fresh.get(whom)) is not None:
            return known
        token = self._tokens.mint(service, principal.id, principal.kind, principal.scopes)
        bearer = b"Bearer " + token.encode("ascii")
        self._fresh.keep(whom, bearer, TOKEN_KEPT_FOR)
        return bearer
