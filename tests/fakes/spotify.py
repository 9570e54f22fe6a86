"""Spotify's accounts service and its Web API, both on one address: https://developer.spotify.com/documentation/web-api."""

from datetime import UTC, datetime

from tests.fakes.faults import Reply
from tests.fakes.oauth import OAuthFake
from tests.fakes.server import Call

PAGE, TOKEN, ME = "/authorize", "/api/token", "/v1/me"
RECENT, REMEMBERED = "/v1/me/player/recently-played", 50
HOUR = 3600


class FakeSpotify(OAuthFake):
    """`plays` are users' by id: a moment in milliseconds and a title each; only the last 50 are remembered."""

    def __init__(self) -> None:
        super().__init__(PAGE, TOKEN, HOUR)
        self.user = "wren_at_spotify"
        self.shown = {"display_name": "Wren", "images": [{"url": "https://i.scdn.co/image/wren", "height": None}]}
        self.plays: dict[str, list[tuple[int, str]]] = {}
        self.routes |= {("GET", ME): self._me, ("GET", RECENT): self._recent}

    def _recent(self, call: Call) -> Reply:
        user = self.bearer(call)
        if user is None:
            return Reply.of({"error": {"status": 401, "message": "The access token expired"}}, 401)
        after, before = (int(call.query[name]) if name in call.query else None for name in ("after", "before"))
        if after is not None and before is not None:
            return Reply.of({"error": {"status": 400, "message": "Only one of after and before"}}, 400)
        known = sorted(self.plays.get(user, []), reverse=True)[:REMEMBERED]
        found = [each for each in known if each[0] > (after or 0) and (before is None or each[0] < before)]
        page = found[: min(int(call.query.get("limit", 20)), 50)]
        more = f"{self.url}{RECENT}?before={page[-1][0]}" if len(found) > len(page) else None
        cursors = {"after": str(page[0][0]), "before": str(page[-1][0])} if page else None
        return Reply.of({"items": [_play(each) for each in page], "next": more, "cursors": cursors, "limit": 50})

    def _me(self, call: Call) -> Reply:
        user = self.bearer(call)
        if user is None:
            return Reply.of({"error": {"status": 401, "message": "The access token expired"}}, 401)
        more = {"href": f"https://api.spotify.com/v1/users/{user}", "type": "user", "uri": f"spotify:user:{user}"}
        return Reply.of({"id": user, **self.shown, **more})


def _play(told: tuple[int, str]) -> dict[str, object]:
    ms, title = told
    at = datetime.fromtimestamp(ms // 1000, tz=UTC)
    track = {"name": title, "artists": [{"name": "Joni Mitchell", "type": "artist"}], "album": {"name": "Blue"}}
    more = {"duration_ms": 180_000, "uri": "spotify:track:0MZsHPhoVDkmEsvYFX4Adb", "type": "track"}
    return {"track": {**track, **more}, "played_at": f"{at:%Y-%m-%dT%H:%M:%S}.{ms % 1000:03}Z", "context": None}
