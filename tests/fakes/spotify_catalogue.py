"""Spotify's catalogue, for an application without an account: a token, a search, an album, how it sounds."""

import base64
import re
import secrets
from urllib.parse import unquote_plus

from tests.fakes.faults import Reply
from tests.fakes.oauth import CLIENT_ID, CLIENT_SECRET
from tests.fakes.server import Call, Fake
from tests.fakes.shelf import Shelf

TOKEN, SEARCH, ALBUMS, FEATURES = "/api/token", "/v1/search", "/v1/albums/", "/v1/audio-features"
_FIELD = re.compile(r"(album|artist):(.+?)(?= (?:album|artist):|$)")


class FakeSpotifyCatalogue(Fake):
    """`older`: whether the application is one that is still told how tracks sound."""

    def __init__(self, shelf: Shelf) -> None:
        super().__init__()
        self.shelf, self.older = shelf, True
        self.tokens: set[str] = set()

    def route(self, call: Call) -> Reply | None:
        if (call.method, call.path) == ("POST", TOKEN):
            return self._token(call)
        if call.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return _error(401, "The access token expired")
        if call.path == SEARCH:
            return self._search(call.query)
        if call.path.startswith(ALBUMS):
            album = self.shelf.on_spotify.get(call.path.removeprefix(ALBUMS))
            return Reply.of(album) if album else _error(404, "Resource not found")
        if call.path == FEATURES:
            return self._features(call.query)
        return None

    def _token(self, call: Call) -> Reply:
        pair = base64.b64decode(call.headers.get("authorization", "").removeprefix("Basic ")).decode()
        if tuple(map(unquote_plus, pair.split(":", 1))) != (CLIENT_ID, CLIENT_SECRET):
            return Reply.of({"error": "invalid_client", "error_description": "Invalid client"}, 400)
        if call.form.get("grant_type") != "client_credentials":
            return Reply.of({"error": "unsupported_grant_type"}, 400)
        token = f"canary-application-{secrets.token_urlsafe(16)}"
        self.tokens.add(token)
        return Reply.of({"access_token": token, "token_type": "Bearer", "expires_in": 3600})

    def _search(self, query: dict[str, str]) -> Reply:
        asked = {field: set(said.lower().split()) for field, said in _FIELD.findall(query.get("q", ""))}
        limit = int(query.get("limit", 5))
        if query.get("type") != "album" or not 1 <= limit <= 10:
            return _error(400, "Invalid limit")
        found = [
            {name: said for name, said in album.items() if name != "tracks"}
            for album in self.shelf.on_spotify.values()
            if asked.get("album", set()) <= set(album["name"].lower().split())
            and asked.get("artist", set()) <= {w for a in album["artists"] for w in a["name"].lower().split()}
        ]
        page = {"href": f"{self.url}{SEARCH}", "limit": limit, "next": None, "offset": 0, "previous": None}
        return Reply.of({"albums": {**page, "total": len(found), "items": found[:limit]}})

    def _features(self, query: dict[str, str]) -> Reply:
        ids = query.get("ids", "").split(",")
        if not self.older:
            return Reply(403, b'{"error":{"status":403}}', {"Content-Type": "application/json"})
        if len(ids) > 100:
            return _error(400, "Too many ids requested")
        return Reply.of({"audio_features": [self.shelf.features.get(each) for each in ids]})


def _error(status: int, message: str) -> Reply:
    return Reply.of({"error": {"status": status, "message": message}}, status)
