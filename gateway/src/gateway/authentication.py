"""Who is asking: a credential becomes a principal, and a principal a token that one service believes for a minute."""

import hashlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from chassis.errors import Unauthenticated
from chassis.tokens import Tokens
from contracts.identity import Principal
from gateway.credentials import Shown, UnknownKey, UnknownToken
from gateway.memory import Memory, Shared

Ask = Callable[[Shown], Awaitable[Principal | None]]

ANONYMOUS = Principal(id="anonymous", kind="anonymous")
# What stands for nobody is remembered too, for a shorter while: it may be made in the next moment.
KNOWN_FOR, UNKNOWN_FOR, REMEMBERED = 30.0, 5.0, 10_000
# Well under the minute that a token lives, so that it never expires on the way.
TOKEN_KEPT_FOR, TOKENS_REMEMBERED = 25.0, 10_000


class Authentication:
    """Asks identity about a credential once, and remembers the answer under the credential's hash."""

    def __init__(self, ask: Ask, memory: Memory[bytes, Principal | Unauthenticated] | None = None) -> None:
        self._ask = ask
        self._known = Shared(Memory(REMEMBERED) if memory is None else memory, _lasts)

    async def principal(self, shown: Shown | None) -> Principal:
        """Whom the request speaks for; a session that has ended is nobody's, and leaves one anonymous.

        Raises Unauthenticated for a key or token that stands for nobody, Unavailable with identity away.
        """
        if shown is None:
            return ANONYMOUS
        remembered = hashlib.sha256(f"{shown.kind} {shown.secret}".encode()).digest()
        found = await self._known.get(remembered, lambda: self._learn(shown))
        if isinstance(found, Unauthenticated):
            raise type(found)
        return found

    def forget(self) -> None:
        """Something may have been revoked unheard: ask again about all."""
        self._known.forget()

    def forget_those(self, credential: str | None, user_id: str | None) -> None:
        """A credential was revoked, or without a credential all that speaks for the user."""
        self._known.forget(
            lambda found: (
                isinstance(found, Principal) and (found.credential == credential if credential else found.id == user_id)
            )
        )

    async def _learn(self, shown: Shown) -> Principal | Unauthenticated:
        found = await self._ask(shown)
        if found is None and shown.kind == "session":
            return ANONYMOUS
        return found or (UnknownKey() if shown.kind == "key" else UnknownToken())


def _lasts(found: Principal | Unauthenticated) -> float:
    if isinstance(found, Unauthenticated) or found is ANONYMOUS:
        return UNKNOWN_FOR
    if found.expires_at is None:
        return KNOWN_FOR
    return min(KNOWN_FOR, (found.expires_at - datetime.now(UTC)).total_seconds())


class Passes:
    """Internal tokens, signed once for a principal and a service and used again while they are fresh."""

    def __init__(self, tokens: Tokens, memory: Memory[tuple[object, ...], bytes] | None = None) -> None:
        self._tokens = tokens
        self._fresh = Memory(TOKENS_REMEMBERED) if memory is None else memory

    def bearer(self, principal: Principal, service: str) -> bytes:
        """The Authorization header's content by which `service` knows the principal."""
        whom = (service, principal.kind, principal.id, principal.credential, *principal.scopes)
        if (known := self._fresh.get(whom)) is not None:
            return known
        token = self._tokens.mint(service, principal.id, principal.kind, principal.scopes, principal.credential)
        bearer = b"Bearer " + token.encode("ascii")
        self._fresh.keep(whom, bearer, TOKEN_KEPT_FOR)
        return bearer
