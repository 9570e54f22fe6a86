"""Which web pages of other origins may read the answers."""

from collections.abc import Collection

from starlette.types import Scope

from chassis.errors import Forbidden
from gateway.routes import is_listenbrainz

Pairs = list[tuple[bytes, bytes]]

PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, PUT, PATCH, DELETE",
    "Access-Control-Allow-Headers": (
        "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, X-Request-ID"
    ),
    "Access-Control-Max-Age": "86400",
}
EXPOSED = (
    b"ETag, Location, Retry-After, X-Request-ID, RateLimit, RateLimit-Policy, "
    b"X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, X-RateLimit-Reset-In"
)


class OriginNotAllowed(Forbidden):
    sentence = "Pages of this origin may not use this address."


def header(scope: Scope, wanted: bytes) -> bytes | None:
    return next((text for name, text in scope["headers"] if name == wanted), None)


def is_preflight(scope: Scope) -> bool:
    asks = header(scope, b"access-control-request-method")
    return scope["method"] == "OPTIONS" and asks is not None and header(scope, b"origin") is not None


class Cors:
    """Exact origins with credentials; ListenBrainz addresses are open to all pages, which must bring the key."""

    def __init__(self, origins: Collection[str]) -> None:
        self.origins = frozenset(origin.encode("ascii") for origin in origins)

    def headers(self, scope: Scope) -> Pairs:
        """What every answer to this request carries."""
        if is_listenbrainz(scope["path"]):
            return [(b"access-control-allow-origin", b"*"), (b"access-control-expose-headers", EXPOSED)]
        if not self.origins:
            return []
        origin = header(scope, b"origin")
        if origin not in self.origins:
            return [(b"vary", b"Origin")]
        return [
            (b"vary", b"Origin"),
            (b"access-control-allow-origin", origin),
            (b"access-control-allow-credentials", b"true"),
            (b"access-control-expose-headers", EXPOSED),
        ]

    def preflight(self, scope: Scope) -> dict[str, str]:
        """What the answer to a preflight adds to these, or OriginNotAllowed."""
        if not is_listenbrainz(scope["path"]) and header(scope, b"origin") not in self.origins:
            raise OriginNotAllowed
        return PREFLIGHT
