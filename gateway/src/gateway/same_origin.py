"""A page of another site must not write with the cookie of whoever looks at it."""

from collections.abc import Collection

from starlette.types import Scope

from chassis.errors import Forbidden
from gateway.cors import header
from gateway.problems import Unsupported

READING = frozenset({"GET", "HEAD", "OPTIONS"})
# A form of any site may send these without being asked about it first.
SENT_BY_FORMS = (b"text/plain", b"application/x-www-form-urlencoded", b"multipart/form-data")


class CrossSite(Forbidden):
    sentence = "This was not sent by a page of this site."


class FormContent(Unsupported):
    sentence = "Send the body as application/json."


def check_own_page(scope: Scope, trusted: Collection[bytes], *, must_tell: bool) -> None:
    """Refuses a write from a page of another site; `must_tell`: also one that does not tell where it is from.

    `trusted` are the origins that may ask with credentials.
    """
    if scope["method"] in READING:
        return
    origin, site = header(scope, b"origin"), header(scope, b"sec-fetch-site")
    if origin is not None:
        own = origin == scope["scheme"].encode("ascii") + b"://" + (header(scope, b"host") or b"")
        if not own and origin not in trusted:
            raise CrossSite
    elif (site is not None and site != b"same-origin") or (site is None and must_tell):
        raise CrossSite
    form = (header(scope, b"content-type") or b"").strip().lower()
    if must_tell and form.startswith(SENT_BY_FORMS):
        raise FormContent
