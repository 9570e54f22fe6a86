"""Last.fm: its page, auth.getSession, signed (https://www.last.fm/api/authspec), and what somebody listened to.

It says no with a 200, too; and of what somebody listened to it tells with numbers as text, in its own ways.
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlencode, urlsplit

from tests.fakes.faults import Reply
from tests.fakes.server import Call, Fake

PAGE, API = "/api/auth/", "/2.0/"
API_KEY, SECRET = "b25b959554ed76058ac220b7b2e0a026", "425b55975eed76058ac220b7b4e8a054"


@dataclass
class Scrobbles:
    """Of one user. `playing` stands first on every page; `private` hides all of it."""

    told: list[tuple[int, str, str, str]] = field(default_factory=list)
    playing: str | None = None
    private: bool = False

    def add(self, uts: int, title: str, artist: str = "Joni Mitchell", album: str = "Blue") -> None:
        self.told.append((uts, artist, title, album))

    def edit(self, uts: int, title: str, now: str) -> None:
        """As they may on its site: the moment stays."""
        [at] = [index for index, told in enumerate(self.told) if told[0] == uts and told[2] == title]
        self.told[at] = (uts, self.told[at][1], now, self.told[at][3])


class FakeLastFm(Fake):
    """`user` is who sits at the browser. A token is good once.

    `listeners` are users by name. `mistakes` answers are about `stranger` instead. `meanwhile` happens before each
    page is made. `lonely`: a single scrobble stands without its list.
    """

    def __init__(self) -> None:
        super().__init__()
        self.user, self.agrees = "Wren", True
        self.sessions: dict[str, str] = {}
        self._tokens: dict[str, str] = {}
        self.listeners: dict[str, Scrobbles] = {}
        self.mistakes, self.stranger, self.lonely = 0, "frikandel_", False
        self.meanwhile: Callable[[], object] = lambda: None
        self.routes |= {("GET", PAGE): self._page, ("POST", API): self._api, ("GET", API): self._read}

    def _page(self, call: Call) -> Reply:
        if call.query.get("api_key") != API_KEY:
            return Reply(400, b"Invalid API key", {"Content-Type": "text/html"})
        token = secrets.token_urlsafe(24)
        if self.agrees:
            self._tokens[token] = self.user
        back = call.query["cb"]
        return Reply.to(f"{back}{'&' if urlsplit(back).query else '?'}{urlencode({'token': token})}")

    def _api(self, call: Call) -> Reply:
        form = call.form
        if form.get("format") != "json":
            return Reply(200, b'<lfm status="failed"/>', {"Content-Type": "text/xml"})
        told = "".join(name + form[name] for name in sorted(form) if name not in {"format", "callback", "api_sig"})
        if form.get("api_sig") != hashlib.md5((told + SECRET).encode()).hexdigest():
            return _error(13, "Invalid method signature supplied")
        if form.get("method") != "auth.getSession":
            return _error(3, "Invalid Method - No method with that name in this package")
        user = self._tokens.pop(form.get("token", ""), None)
        if user is None:
            return _error(14, "Unauthorized Token - This token has not been issued")
        key = f"canary-session-{secrets.token_urlsafe(16)}"
        self.sessions[key] = user
        return Reply.of({"session": {"name": user, "key": key, "subscriber": 0}})

    def _read(self, call: Call) -> Reply:
        asked = call.query
        if asked.get("api_key") != API_KEY:
            return _error(10, "Invalid API key - You must be granted a valid key by last.fm")
        if asked.get("method") != "user.getrecenttracks" or asked.get("format") != "json":
            return _error(3, "Invalid Method - No method with that name in this package")
        self.meanwhile()
        named = {name.lower(): name for name in self.listeners}
        name = named.get(asked.get("user", "").lower())
        if name is None:
            return Reply.of({"error": 6, "message": "User not found"}, 404)
        if self.listeners[name].private:
            return Reply.of({"error": 17, "message": "Login: User required to be logged in"}, 403)
        if self.mistakes:
            self.mistakes -= 1
            return Reply.of(_recent(self.stranger, [(1_500_000_000, "Someone", "Else", "")], 1, 200, 1))
        return Reply.of(self._recent_of(name, asked))

    def _recent_of(self, name: str, asked: dict[str, str]) -> dict[str, object]:
        since, until = int(asked.get("from", 0)), int(asked.get("to", 1 << 40))
        size, page = min(int(asked.get("limit", 50)), 200), int(asked.get("page", 1))
        told = sorted((each for each in self.listeners[name].told if since < each[0] < until), reverse=True)
        answer = _recent(name, told[(page - 1) * size : page * size], page, size, len(told))
        tracks = answer["recenttracks"]["track"]
        if playing := self.listeners[name].playing:
            tracks.insert(0, {"@attr": {"nowplaying": "true"}, **_track(("", "Tame Impala", playing, ""))})
        if self.lonely and len(tracks) == 1:
            answer["recenttracks"]["track"] = tracks[0]
        return answer


def _recent(name: str, told: list[tuple[int, str, str, str]], page: int, size: int, total: int) -> dict[str, dict]:
    pages = -(-total // size)
    numbers = {"page": str(page), "perPage": str(size), "total": str(total), "totalPages": str(pages)}
    return {"recenttracks": {"@attr": {"user": name, **numbers}, "track": [_dated(each) for each in told]}}


def _track(told: tuple[object, str, str, str]) -> dict[str, object]:
    _, artist, title, album = told
    names = {"artist": {"mbid": "", "#text": artist}, "album": {"mbid": "", "#text": album}}
    return {**names, "name": title, "mbid": "", "streamable": "0", "url": "https://www.last.fm/music/", "image": []}


def _dated(told: tuple[int, str, str, str]) -> dict[str, object]:
    moment = datetime.fromtimestamp(told[0], tz=UTC)
    return {**_track(told), "date": {"uts": str(told[0]), "#text": f"{moment:%d %b %Y, %H:%M}"}}


def _error(number: int, message: str) -> Reply:
    return Reply.of({"error": number, "message": message})
