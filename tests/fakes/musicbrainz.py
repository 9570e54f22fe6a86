"""MusicBrainz's web service as https://musicbrainz.org/doc/MusicBrainz_API tells of it: JSON, merged ids, 503s."""

import re
import time
import unicodedata

from tests.fakes.faults import Reply
from tests.fakes.server import Call, Fake
from tests.fakes.shelf import Shelf

WS = "/ws/2"
TOO_FAST = {
    "error": "Your requests are exceeding the allowable rate limit. Please see https://wiki.musicbrainz.org/XMLWebService"
}
UNKNOWN = {"error": "Not Found", "help": "For usage, please see: https://musicbrainz.org/development/mmd"}
INVALID = {"error": "Invalid mbid.", "help": "For usage, please see: https://musicbrainz.org/development/mmd"}
_PHRASE = re.compile(r'(\w+):"((?:[^"\\]|\\.)*)"')
_MBID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class FakeMusicBrainz(Fake):
    """What `shelf` holds, to whoever says who they are, and no sooner than `pace` seconds after it last answered.

    `too_fast` counts who came sooner, `served` the moments of the others; `retry_after` is what a 503 says.
    """

    def __init__(self, shelf: Shelf, pace: float = 0, retry_after: str | None = None) -> None:
        super().__init__()
        self.shelf, self.pace, self.retry_after = shelf, pace, retry_after
        self.too_fast, self.served = 0, []

    @property
    def shortest_gap(self) -> float:
        """In seconds, between two that were served."""
        return min((later - earlier for earlier, later in zip(self.served, self.served[1:], strict=False)), default=9e9)

    def route(self, call: Call) -> Reply | None:
        if not re.search(r"\S+/\S+ \( ?\S+ ?\)", call.headers.get("user-agent", "")):
            return Reply.of({"error": "Please identify your application."}, 403)
        now = time.monotonic()
        if self.served and now - self.served[-1] < self.pace:
            self.too_fast += 1
            return Reply.of(TOO_FAST, 503, **({"Retry_After": self.retry_after} if self.retry_after else {}))
        self.served.append(now)
        return _tagged(self._found(call), call)

    def _found(self, call: Call) -> Reply:
        entity, _, mbid = call.path.removeprefix(f"{WS}/").partition("/")
        if call.query.get("fmt") != "json":
            return Reply(406, b"<error/>", {"Content-Type": "application/xml"})
        if mbid:
            return self._one(entity, mbid, set(call.query.get("inc", "").split()))
        if entity == "release-group" and "query" in call.query:
            return self._search(call.query)
        if entity == "release" and "release-group" in call.query:
            return self._browse(call.query)
        if entity == "url" and "resource" in call.query:
            url = self.shelf.urls.get(call.query["resource"])
            return Reply.of(url) if url else Reply.of(UNKNOWN, 404)
        return Reply.of({"error": "Bad request."}, 400)

    def _one(self, entity: str, mbid: str, inc: set[str]) -> Reply:
        if not _MBID.fullmatch(mbid):
            return Reply.of(INVALID, 400)
        if merged := self.shelf.merged.get(mbid):
            there = f"{self.url}{WS}/{entity}/{merged}?fmt=json&inc={'+'.join(sorted(inc))}"
            return Reply(301, b"", {"Location": there})
        kept = {"release-group": self.shelf.groups, "release": self.shelf.releases, "artist": self.shelf.artists}
        found = kept.get(entity, {}).get(mbid)
        return Reply.of(UNKNOWN, 404) if found is None else Reply.of(_only(found, inc, entity))

    def _search(self, query: dict[str, str]) -> Reply:
        asked = {field: re.sub(r"\\(.)", r"\1", said).lower() for field, said in _PHRASE.findall(query["query"])}
        title, artist = _words(asked.get("releasegroup", "")), _words(asked.get("artist", ""))
        found = []
        for group in self.shelf.groups.values():
            line = "".join(part["name"] + part["joinphrase"] for part in group["artist-credit"])
            # As Lucene does: all words of the phrase, wherever else there may be more.
            if title <= _words(group["title"]) and artist <= _words(line):
                exact = _words(group["title"]) == title and _words(line) == artist
                found.append({**_only(group, {"artists", "tags"}, "search"), "score": 100 if exact else 74})
        found.sort(key=lambda group: -group["score"])
        limit, offset = int(query.get("limit", 25)), int(query.get("offset", 0))
        told = {"created": "2025-11-24T12:00:00.000Z", "count": len(found), "offset": offset}
        return Reply.of({**told, "release-groups": found[offset : offset + limit]})

    def _browse(self, query: dict[str, str]) -> Reply:
        inc = set(query.get("inc", "").split())
        all_ = [r for r in self.shelf.releases.values() if r["release-group"]["id"] == query["release-group"]]
        limit, offset = min(int(query.get("limit", 25)), 100), int(query.get("offset", 0))
        some = [_only(release, inc, "browse") for release in all_[offset : offset + limit]]
        return Reply.of({"release-count": len(all_), "release-offset": offset, "releases": some})


def _only(whole: dict, inc: set[str], entity: str) -> dict:
    """What is told unasked, and what was asked for."""
    asked = inc | ({"artist-credits"} if "artists" in inc or entity == "search" else set())
    wanted = {"artist-credit": "artist-credits", "media": "media", "genres": "genres", "tags": "tags"}
    wanted |= {"aliases": "aliases", "relations": "url-rels", "release-group": "release-groups"}
    told = {name: value for name, value in whole.items() if name not in wanted or wanted[name] in asked}
    if "recordings" in inc:
        told["media"] = whole["media"]
    elif "media" in told:
        told["media"] = [{name: said for name, said in m.items() if name != "tracks"} for m in told["media"]]
    return told


def _tagged(reply: Reply, call: Call) -> Reply:
    """With an ETag, and nothing more for who has it."""
    if reply.status != 200:
        return reply
    etag = f'W/"{hash(reply.body) & 0xFFFFFFFF:08x}"'
    headers = {**reply.headers, "ETag": etag, "X-RateLimit-Limit": "1"}
    if call.headers.get("if-none-match") == etag:
        return Reply(304, b"", headers)
    return Reply(200, reply.body, headers)


def _words(text: str) -> set[str]:
    # As its index does: without accents, and with a word for the ampersand.
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    return set(re.findall(r"\w+|[^\w\s]+", plain.replace("&", "and")))
