"""The Cover Art Archive (https://musicbrainz.org/doc/Cover_Art_Archive/API): a redirect to archive.org, or nothing."""

import re

from tests.fakes.faults import Reply
from tests.fakes.server import Call, Fake
from tests.fakes.shelf import Shelf

_FRONT = re.compile(r"/release-group/([^/]+)/front(-250|-500|-1200)?")
_MBID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class FakeCoverArt(Fake):
    def __init__(self, shelf: Shelf) -> None:
        super().__init__()
        self.shelf = shelf

    def route(self, call: Call) -> Reply | None:
        found = _FRONT.fullmatch(call.path)
        if found is None or not _MBID.fullmatch(found[1]):
            return Reply(400, b"<title>400 Bad Request</title>invalid MBID", {"Content-Type": "text/html"})
        release = self.shelf.fronts.get(self.shelf.merged.get(found[1], found[1]))
        if release is None:
            return Reply(404, b"<title>404 Not Found</title>No cover art found", {"Content-Type": "text/html"})
        picture = f"http://archive.org/download/mbid-{release}/mbid-{release}-829521842{found[2] or ''}.jpg"
        return Reply(307, b"See: " + picture.encode(), {"Location": picture})
