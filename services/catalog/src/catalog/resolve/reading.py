"""What one typed line may say: each way to divide it into a title, an artist and a year. No I/O here."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_BEFORE = re.compile(
    r"^(?:\W*\b(?:i(?:'d like to| want to| would like to)? nominate|nominat(?:e|ing|ion)s?|nom|my pick(?: this week)?|"
    r"pick|album)\b(?:\s*[:\u2013\u2014-])?\s+)",
    re.IGNORECASE,
)
_MARKS = re.compile(r"[*_~`|]{1,3}")
_LINK = re.compile(r"<?https?://\S+>?|spotify:album:\w+")
_BRACKETED_YEAR = re.compile(r"\s*[(\[]\s*([12][0-9]{3})\s*[)\]]\s*")
_LAST_YEAR = re.compile(r"(?:\s*,|\s+[\u2013\u2014-])?\s+([12][0-9]{3})$")
_DIVIDES = re.compile(r"\s+[-\u2010-\u2015/|]+\s+|\s*[\u2014\u2015]\s*|\s*:\s+|,\s+|\s+by\s+", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"^(.+\S)\s*\(([^()]+)\)$")
_ITSELF = re.compile(r"^(.+?)[\s,:/\u2013\u2014-]+(?:s/t|self[- ]?titled|eponymous)$", re.IGNORECASE)
# A line has as many readings as places to divide it; nobody names an album with more of them.
_MOST_PLACES = 8
LONGEST = 500


@dataclass(frozen=True)
class Reading:
    """`together` is a line that could not be divided: a title and its artists in either order, or a title alone."""

    title: str | None = None
    artist: str | None = None
    year: int | None = None
    together: str | None = None


def readings(text: str) -> list[Reading]:
    """Every way to read `text`, the likeliest first, none twice."""
    line = undressed(text)
    ways = [reading for rest, year in _years(line) for reading in _divided(rest, year)] if line else []
    return [*dict.fromkeys(ways)]


def undressed(text: str) -> str:
    """The first line that says something, without links, marks and what people say before a name."""
    lines = (_MARKS.sub(" ", _LINK.sub(" ", line)).strip() for line in text.splitlines())
    first = next((line for line in lines if line), "")
    return " ".join(_BEFORE.sub("", first).split())[:LONGEST]


def _years(line: str) -> Iterator[tuple[str, int | None]]:
    if found := [*_BRACKETED_YEAR.finditer(line)]:
        start, end = found[-1].span()
        if rest := f"{line[:start]} {line[end:]}".strip():
            yield rest, int(found[-1][1])
            return
    if (behind := _LAST_YEAR.search(line)) and line[: behind.start()].strip():
        yield line[: behind.start()].strip(), int(behind[1])
    yield line, None


def _divided(line: str, year: int | None) -> Iterator[Reading]:
    if itself := _ITSELF.match(line):
        yield Reading(itself[1], itself[1], year)
    for place in [*_DIVIDES.finditer(line)][:_MOST_PLACES]:
        first, second = line[: place.start()].strip(), line[place.end() :].strip()
        if first and second:
            yield from _either_order(first, second, year)
    if aside := _IN_BRACKETS.match(line):
        yield Reading(aside[1], aside[2], year)
    yield Reading(year=year, together=line)


def _either_order(first: str, second: str, year: int | None) -> Iterator[Reading]:
    yield Reading(first, second, year)
    yield Reading(second, first, year)
