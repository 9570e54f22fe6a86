"""ListenBrainz: GET /1/validate-token, which says what it thinks of a token with a 200, and somebody's listens."""

import re
from collections.abc import Callable
from urllib.parse import unquote

from tests.fakes.faults import Reply
from tests.fakes.server import Call, Fake

VALIDATE = "/1/validate-token"
TOKEN = "8c1a9f0e-5d43-4c0b-9a57-2f8f0d3f6b21"


LISTENS = re.compile(r"/1/user/([^/]+)/listens")
MOST = 1000


class FakeListenBrainz(Fake):
    """`listens` are users' by name: a moment, artist, title and release each. `meanwhile` is before each page."""

    def __init__(self) -> None:
        super().__init__()
        self.users = {TOKEN: "Wren"}
        self.listens: dict[str, list[tuple[int, str, str, str]]] = {}
        self.meanwhile: Callable[[], object] = lambda: None
        self.routes["GET", VALIDATE] = self._validate

    def route(self, call: Call) -> Reply | None:
        found = LISTENS.fullmatch(call.path)
        return self._listens(unquote(found[1]), call.query) if found else super().route(call)

    def _listens(self, asked_for: str, query: dict[str, str]) -> Reply:
        self.meanwhile()
        name = next((each for each in self.listens if each.lower() == asked_for.lower()), None)
        if name is None:
            return Reply.of({"code": 404, "error": f"Cannot find user: {asked_for}"}, 404)
        before, after = int(query.get("max_ts", 1 << 40)), int(query.get("min_ts", -1))
        every = sorted(self.listens[name], reverse=True)
        page = [each for each in every if after < each[0] < before][: min(int(query.get("count", 25)), MOST)]
        about = {"count": len(page), "user_id": name, "listens": [_listen(name, each) for each in page]}
        ends = {"latest_listen_ts": every[0][0], "oldest_listen_ts": every[-1][0]} if every else {}
        return Reply.of({"payload": {**about, **ends}})

    def _validate(self, call: Call) -> Reply:
        scheme, _, token = call.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "token" or not token:
            return Reply.of({"code": 400, "error": "You need to provide an Authorization token."}, 400)
        if (user := self.users.get(token)) is None:
            return Reply.of({"code": 200, "message": "Token invalid.", "valid": False})
        return Reply.of({"code": 200, "message": "Token valid.", "valid": True, "user_name": user})


def _listen(name: str, told: tuple[int, str, str, str]) -> dict[str, object]:
    at, artist, title, release = told
    names = {"artist_name": artist, "track_name": title, "release_name": release, "additional_info": {}}
    return {"inserted_at": at + 1, "listened_at": at, "recording_msid": "", "user_name": name, "track_metadata": names}
