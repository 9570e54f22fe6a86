"""Which kind of file it is, told by what is in it and never by its name, and how its rows are read."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, NamedTuple

from contracts.importing import FileKind
from listening.imports import lastfm, listenbrainz, maloja, spotify
from listening.imports.items import BROKEN, Bytes, items, lines
from listening.imports.rows import UNREADABLE, Read, Row

HEAD = 64 * 1024
LIST = re.compile(r"\[")
SCROBBLES = re.compile(r'"scrobbles"\s*:\s*\[')


class Format(NamedTuple):
    kind: FileKind
    read: Callable[[Bytes], Iterator[Read]]


def _listed(opening: re.Pattern[str], mark: str, read: Callable[[Any], Iterable[Read]], file: Bytes) -> Iterator[Read]:
    for item in items(file, opening, mark):
        if item is BROKEN:
            yield UNREADABLE
        else:
            yield from read(item)


def _one(read: Callable[[Any], Read]) -> Callable[[Any], Iterable[Read]]:
    return lambda item: (read(item),)


def _lined(file: Bytes) -> Iterator[Read]:
    for line in lines(file):
        yield UNREADABLE if line is None else _of_json(line)


def _of_json(line: str) -> Read:
    try:
        return listenbrainz.listen(json.loads(line))
    except (ValueError, RecursionError):
        return UNREADABLE


def _with_header(file: Bytes) -> Iterator[Read]:
    told = lines(file)
    names = [name.strip().lower() for name in lastfm.columns(next(told, None) or "")]
    for line in told:
        yield UNREADABLE if line is None else lastfm.with_header(names, line)


def _without_header(file: Bytes) -> Iterator[Read]:
    for line in lines(file):
        yield UNREADABLE if line is None else lastfm.without_header(line)


def _list(
    kind: FileKind, head: str, mark: str, read: Callable[[Any], Iterable[Read]], opening: re.Pattern[str] = LIST
) -> tuple[re.Pattern[str], Format]:
    return re.compile(head, re.DOTALL), Format(kind, partial(_listed, opening, mark, read))


# Of JSON: what its head holds that no other's does.
OF_JSON: list[tuple[re.Pattern[str], Format]] = [
    _list("spotify_extended", r'^\s*\[.*"ms_played"\s*:', "ts", _one(spotify.extended)),
    _list("spotify_account", r'^\s*\[.*"msPlayed"\s*:', "endTime", _one(spotify.account)),
    _list("listenbrainz", r'^\s*\[.*"listened_at"\s*:', "listened_at", _one(listenbrainz.listen)),
    (re.compile(r'^\s*\{[^\n]*"listened_at"\s*:'), Format("listenbrainz", _lined)),
    _list("maloja", r'^\s*\{.*"scrobbles"\s*:\s*\[', "time", _one(maloja.scrobble), SCROBBLES),
    _list("lastfm_json", r'^\s*\[.*"track"\s*:\s*[\[{]', "track", lastfm.page),
]
WITH_HEADER = Format("lastfm_csv", _with_header)
WITHOUT_HEADER = Format("lastfm_csv", _without_header)
NAMED = {"uts", "artist", "track"}


def format_of(head: bytes) -> Format | None:
    """By its first 64 KiB; None for a file that holds no listens we can read."""
    text = head[:HEAD].decode("utf-8", "replace").removeprefix("\ufeff")
    if text.lstrip()[:1] in {"[", "{"}:
        return next((each for mark, each in OF_JSON if mark.search(text)), None)
    first, *more = [line for line in text.splitlines() if line.strip()][:3] or [""]
    if {name.strip().lower() for name in lastfm.columns(first)} >= NAMED:
        return WITH_HEADER
    rows = (lastfm.without_header(line) for line in (first, *more))
    return WITHOUT_HEADER if any(isinstance(read, Row) for read in rows) else None
