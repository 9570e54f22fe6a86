"""How often one may ask in a minute: each person, each key, and each address of those who show nothing.

Counted in memory, by each replica of the gateway for itself.
"""

import time
from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address
from typing import Literal, TypeAlias

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from starlette.types import Scope

from chassis.errors import TooMany
from contracts.identity import Principal
from gateway.routes import AUDIOSCROBBLER, SUBMITTING, is_listenbrainz
from gateway.settings import GatewaySettings

Budget: TypeAlias = Literal["reads", "writes", "ingest", "auth"]
Pairs: TypeAlias = list[tuple[bytes, bytes]]

WINDOW = 60
# What programs that serve many may do more often than a person does.
MANY = frozenset({"bot", "worker", "admin", "service"})
FACTOR = 200
READING = frozenset({"GET", "HEAD", "OPTIONS"})
# What only asks, in a body because it would not fit an address.
ASKING = frozenset({"/music/resolve"})
INGEST = frozenset({"/listens/bulk", *SUBMITTING, AUDIOSCROBBLER})


class RateLimited(TooMany):
    sentence = "That was too often; please wait a moment."

    def __init__(self, seconds: int, headers: Pairs) -> None:
        super().__init__()
        self.retry_after, self.headers = seconds, headers


class Budgets:
    def __init__(self, settings: GatewaySettings) -> None:
        """A budget of 0 has no bound."""
        given: Mapping[Budget, int] = {
            "reads": settings.rate_reads,
            "writes": settings.rate_writes,
            "ingest": settings.rate_ingest,
            "auth": settings.rate_auth,
        }
        self._one = {name: RateLimitItemPerMinute(number) for name, number in given.items() if number}
        self._many = {name: RateLimitItemPerMinute(number * FACTOR) for name, number in given.items() if number}
        self._counting = FixedWindowRateLimiter(MemoryStorage())

    def spend(self, scope: Scope, path: str, principal: Principal) -> Pairs:
        """Count a request; what its answer tells of the budget. Raises RateLimited."""
        return self._spend(
            budget_of(scope["method"], path),
            whose(scope, principal),
            many=principal.kind in MANY,
            listenbrainz=is_listenbrainz(path),
        )

    def spend_in_vain(self, scope: Scope) -> None:
        """A credential was shown that stands for nobody. Raises RateLimited for an address that tries many."""
        self._spend("auth", address(scope), many=False)

    def _spend(self, budget: Budget, whose: str, *, many: bool, listenbrainz: bool = False) -> Pairs:
        item = (self._many if many else self._one).get(budget)
        if item is None:
            return []
        granted = self._counting.hit(item, budget, whose)
        stats = self._counting.get_window_stats(item, budget, whose)
        wait = max(1, int(stats.reset_time - time.time()) + 1)
        told = _told(budget, item.amount, stats.remaining, wait)
        if listenbrainz:
            told += _told_as_listenbrainz(item.amount, stats.remaining, wait)
        if not granted:
            raise RateLimited(wait, told)
        return told


def budget_of(method: str, path: str) -> Budget:
    if path.startswith("/auth/") and method not in READING:
        return "auth"
    if path.rstrip("/") in INGEST:
        return "ingest"
    return "reads" if method in READING or path.rstrip("/") in ASKING else "writes"


def whose(scope: Scope, principal: Principal) -> str:
    return address(scope) if principal.kind == "anonymous" else f"{principal.kind}:{principal.id}"


def address(scope: Scope) -> str:
    """Where a request came from; of IPv6 the network, for a household has all of its addresses."""
    host = (scope.get("client") or ("unknown", 0))[0]
    try:
        parsed = ip_address(host)
    except ValueError:
        return f"address:{host}"
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return f"network:{parsed.packed[:8].hex()}"
    return f"address:{parsed}"


def _told(budget: Budget, amount: int, remaining: int, seconds: int) -> Pairs:
    """In the words of the IETF's draft on RateLimit header fields."""
    return [
        (b"ratelimit-policy", f'"{budget}";q={amount};w={WINDOW}'.encode("ascii")),
        (b"ratelimit", f'"{budget}";r={remaining};t={seconds}'.encode("ascii")),
    ]


def _told_as_listenbrainz(amount: int, remaining: int, seconds: int) -> Pairs:
    """In the words its clients read; the last is the moment at which the window ends."""
    words = {b"limit": amount, b"remaining": remaining, b"reset-in": seconds, b"reset": int(time.time()) + seconds}
    return [(b"x-ratelimit-" + word, str(number).encode("ascii")) for word, number in words.items()]
