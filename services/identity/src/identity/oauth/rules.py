"""Where a browser may be sent afterwards, and who may go at all. No I/O here."""

import re
from datetime import timedelta
from urllib.parse import unquote, urlsplit

from chassis.caller import Caller, signed_in
from chassis.errors import BadRequest, Forbidden, Invalid
from contracts.ids import UserId

LASTS = timedelta(minutes=10)
LONGEST_NEXT, LAYERS = 2048, 4
BROWSER = re.compile(r"[A-Za-z0-9_-]{43}")
_WRITTEN = re.compile(r"[!-\[\]-~]*")  # ASCII one can see, without the backslash
_MISREAD = re.compile(r"[\\\x00-\x1f\x7f-\x9f]")


class BadNext(Invalid):
    sentence = "Afterwards one can be sent to a path of this site only, such as /weeks."


class BadState(BadRequest):
    sentence = "This was not begun in this browser, or too long ago, or it is done already; please begin anew."


class Declined(BadRequest):
    sentence = "The other service says that you did not agree."


class OnlyForMembers(Forbidden):
    sentence = "Only members link accounts, each their own: sign in as yourself."


def local_path(given: str) -> str:
    """`given`, when no browser takes it for another site or for anything but a path. Raises BadNext."""
    spelled = given
    if len(given) > LONGEST_NEXT or not _WRITTEN.fullmatch(given):
        raise BadNext
    # A server on the way may decode it once more than it should.
    for _ in range(LAYERS):
        if not _is_local(spelled):
            raise BadNext
        spelled, before = unquote(spelled), spelled
        if spelled == before:
            return given
    raise BadNext


def _is_local(path: str) -> bool:
    if not path.startswith("/") or path.startswith("//") or _MISREAD.search(path):
        return False
    parts = urlsplit(path)
    return not parts.scheme and not parts.netloc


def member(caller: Caller) -> UserId:
    """Whose accounts the caller links. Raises Unauthenticated, or OnlyForMembers for a program."""
    return signed_in(caller, OnlyForMembers)
