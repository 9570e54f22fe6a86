"""Which service answers which path. Of the patterns that match, the longest wins; of two as long, the more literal."""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from starlette.types import Scope

from chassis.errors import BadRequest, NotFound

# `{x}` is any one segment, `{x,y}` one of these, `**` any number of further segments, none included.
TABLE: dict[str, tuple[str, ...]] = {
    "identity": (
        "/auth/**",
        "/users/{id}",
        "/users/search",
        "/users/discord/**",
        "/users/me/{links,keys,sessions,export,blocks}/**",
        "/users/{id}/{follow,block,followers,following,activity}",
        "/feed",
        "/api/auth",
        "/admin/{users,keys}/**",
        "/internal/users/**",
    ),
    "catalog": ("/music/**", "/admin/{albums,artists}/**", "/internal/albums/**"),
    "club": ("/club/**", "/clubs/**", "/admin/{weeks,nominations,reviews}/**", "/admin/audit"),
    "listening": (
        "/listens/**",
        "/users/{id}/{listens,summary,timeline,heatmap,now-playing,streaks,milestones,albums,sync}/**",
        "/1/**",
        "/apis/listenbrainz/1/**",
        "/2.0",
        "/internal/sync/**",
    ),
    "taste": (
        "/users/{id}/{taste,neighbours,recommendations}",
        "/users/{a}/compatibility/{b}",
        "/taste/**",
    ),
}
SERVICES = tuple(TABLE)
LISTENBRAINZ = ("/1/", "/apis/listenbrainz/1/")
# Where listens are sent to, however the address of a ListenBrainz server was typed.
SUBMITTING = tuple(
    f"{base}{more}/submit-listens"
    for base in ("/1", "/apis/listenbrainz/1")
    for more in ("", "/1", "/submit-listens", "/submit-listens/1")
)
AUDIOSCROBBLER = "/2.0"


class NoSuchAddress(NotFound):
    sentence = "There is no such address."


class UnclearAddress(BadRequest):
    sentence = "The address holds dot segments, an encoded slash, a backslash, or characters that must be encoded."


class Route(NamedTuple):
    service: str
    template: str


@dataclass
class _Node:
    literal: dict[str, "_Node"] = field(default_factory=dict)
    any: "_Node | None" = None
    here: Route | None = None
    below: Route | None = None

    def put(self, segments: list[str], route: Route) -> None:
        if not segments:
            self.here = route
        elif segments == ["**"]:
            self.below = route
        elif segments[0].startswith("{"):
            self.any = self.any or _Node()
            self.any.put(segments[1:], route)
        else:
            self.literal.setdefault(segments[0], _Node()).put(segments[1:], route)

    def longest(self, segments: list[str], at: int = 0) -> tuple[int, Route] | None:
        best = None
        if at < len(segments):
            for child in (self.literal.get(segments[at]), self.any):
                found = child and child.longest(segments, at + 1)
                if found and (best is None or found[0] > best[0]):
                    best = found
        own = (at == len(segments) and self.here) or self.below
        return best or (at, own) if own else best


def _spelled_out(pattern: str) -> list[str]:
    if choice := re.search(r"\{[^{}]*,[^{}]*\}", pattern):
        return [pattern.replace(choice[0], word) for word in choice[0][1:-1].split(",")]
    return [pattern]


def _grown() -> _Node:
    root = _Node()
    for service, patterns in TABLE.items():
        for template in (each for pattern in patterns for each in _spelled_out(pattern)):
            root.put(template.split("/")[1:], Route(service, template))
    return root


_ROOT = _grown()


def find(path: str) -> Route:
    """The route of a decoded path (one slash at its end is overlooked), or NoSuchAddress."""
    segments = path.removesuffix("/").split("/")[1:]
    found = _ROOT.longest(segments) if segments and all(segments) else None
    if found is None:
        raise NoSuchAddress
    return found[1]


_UNCLEAR = re.compile(r"[\\\x00-\x1f\x7f]|(?:^|/)\.\.?(?:/|$)")


def clear_path(scope: Scope) -> str:
    """The decoded path, or UnclearAddress where a service might read another path than the one routed by."""
    path: str = scope["path"]
    raw_path: bytes = scope.get("raw_path") or b""
    if _UNCLEAR.search(path) or b"%2f" in raw_path.lower() or not (raw_path + scope["query_string"]).isascii():
        raise UnclearAddress
    return path


def is_listenbrainz(path: str) -> bool:
    return path.startswith(LISTENBRAINZ)


def validates_token(path: str) -> bool:
    """Whether it is where a client of ListenBrainz asks what its token is worth."""
    return is_listenbrainz(path) and path.rstrip("/").endswith("/validate-token")


def is_audioscrobbler(path: str) -> bool:
    return path.rstrip("/") == AUDIOSCROBBLER
