"""Title, artist and year from one line. No I/O here."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from club.parsing.doubts import Doubts
from club.parsing.links import take_links
from club.parsing.marks import composed, is_blank, is_titled, seen, undressed, western

LONGEST = 500
_LEAD = re.compile(r"(?:#{1,3}|-#|>{1,3}|[-*•·]) (?=[^—–-])")
_PICTURE = re.compile("(?:[\U0001f300-\U0001faff\u200d]++ )++(?=.*\\w)")
_YEAR = re.compile(
    r"(?P<mark>[*_~|`]{1,3})?[(\[] ?(?:(?P<whole>[12][0-9]{3})|['’](?P<short>[0-9]{2})) ?[)\]](?(mark)(?P=mark))"
)
_YEAR_WORD = re.compile(r"\b[12][0-9]{3}\b")
_EDITION = re.compile(r"remaster|edition|deluxe|reissue|version|anniversary|live|mix|mono|stereo|bonus", re.IGNORECASE)
_YEAR_BEHIND = re.compile(r"(?: [—–-]|,) ?([12][0-9]{3})$")
_BARE_YEAR = re.compile(r" ([12][0-9]{3})$")
_AS_THE_ARTIST = {"s/t", "self-titled", "self titled", "selftitled", "eponymous"}
_THE_FORM_ITSELF = {("album", "artist"), ("album title", "artist"), ("title", "artist"), ("album name", "artist name")}

NOT_NAMED = "No album is named here. Write it as: album — artist (year)."
NO_ARTIST = "There is a title, but no artist. Write it as: album — artist (year)."
TOO_LONG = f"A title and an artist have at most {LONGEST} characters each."
MORE_THAN_ONE = "This can be split in more than one place. The artist was taken to be what comes last."
EITHER_ORDER = "People also write the artist first. The title was taken to be what comes first."
YEAR_OR_NAME = "This may be a year or part of the name. Write a year in brackets."
BESIDE_THE_YEAR = "Only the year was taken from these brackets."


class Separator(NamedTuple):
    form: re.Pattern[str]
    cost: float


# The form's own first; the weaker one is, the more often it stands inside a name.
_STRONG = (
    Separator(re.compile(r"\s?[—―⸺]+\s?"), 0),
    Separator(re.compile(r" – ?|– "), 0),
    Separator(re.compile(r" -{1,3} "), 0.3),
    Separator(re.compile(r" by ", re.IGNORECASE), 0),
)
_WEAK = (
    Separator(re.compile(r" (?:[|•·~/]|//) |: "), 0.4),
    Separator(re.compile(r", "), 0.5),
)


@dataclass(frozen=True)
class Album:
    title: str
    artist: str
    year: int | None


def read_album(typed: str, doubts: Doubts) -> Album | str:
    """The album of one line, or why there is none."""
    line, year = take_year(name_line(typed), doubts)
    # A comma or a colon stands in any sentence; a year in brackets does not.
    for separator in _STRONG if year is None else (*_STRONG, *_WEAK):
        if (places := list(separator.form.finditer(line))) and (named := _names(line, places[-1])):
            return _judged(named, year, typed, separator, len(places), doubts)
    return NOT_NAMED


def name_line(typed: str) -> str:
    """A line as a name in it is read: without links, bullets, headings and pictures before it."""
    line = undressed(seen(take_links(seen(typed))[0]))
    for lead in (_LEAD, _PICTURE):
        if found := lead.match(line):
            line = line[found.end() :]
    return undressed(line)


def take_year(line: str, doubts: Doubts) -> tuple[str, int | None]:
    """The line without its year, and the year: in brackets, or behind a dash or a comma."""
    plain = western(line)
    if found := [*_YEAR.finditer(plain)]:
        start, end = found[-1].span()
        rest = f"{line[:start].rstrip(' ,')} {line[end:].strip()}".strip()
        return rest, int(found[-1]["whole"] or 0) or _short_year(found[-1]["short"])
    if (aside := _last_aside(plain)) and (among := _YEAR_WORD.search(aside)) and not _EDITION.search(aside):
        doubts.add(line[-len(aside) :], BESIDE_THE_YEAR, 0.1)
        return line[: -len(aside)].rstrip(" ,"), int(among[0])
    if (behind := _YEAR_BEHIND.search(plain)) and _has_separator(line[: behind.start()]):
        return line[: behind.start()].rstrip(" ,"), int(behind[1])
    if bare := _BARE_YEAR.search(plain):
        doubts.add(line[bare.start() :], YEAR_OR_NAME, 0.15)
    return line, None


def _last_aside(line: str) -> str:
    """The brackets a line ends with."""
    return line[max(line.rfind("("), line.rfind("[")) :] if line.endswith((")", "]")) else ""


def _short_year(digits: str) -> int:
    return int(digits) + (2000 if digits < "30" else 1900)


def _has_separator(line: str) -> bool:
    return any(each.form.search(line) for each in _STRONG)


def _names(line: str, place: re.Match[str]) -> tuple[str, str] | None:
    first, second = line[: place.start()].strip(" ,|"), line[place.end() :].strip(" ,|")
    return (first, second) if undressed(first) and undressed(second) else None


def _judged(  # noqa: PLR0913, PLR0917 — everything that bears on how sure a reading is
    named: tuple[str, str], year: int | None, typed: str, separator: Separator, places: int, doubts: Doubts
) -> Album | str:
    first, second = named
    title, artist = (second, first) if is_titled(second) and not is_titled(first) else (first, second)
    album = settled(title, artist, year)
    if isinstance(album, str):
        return album
    if places > 1:
        doubts.add(typed, MORE_THAN_ONE, 0.25)
    elif separator.cost and is_titled(first) == is_titled(second):
        doubts.add(typed, EITHER_ORDER, separator.cost)
    if year is None:
        doubts.less(0.1)
    return album


def settled(title: str, artist: str, year: int | None) -> Album | str:
    """The album of these names, or why they are none."""
    title, artist = (composed(undressed(name)) or "" for name in (title, artist))
    if (title.casefold(), artist.casefold().removesuffix(" (year)")) in _THE_FORM_ITSELF or (
        is_blank(title) and is_blank(artist)
    ):
        return NOT_NAMED
    if not title or not artist:
        return NO_ARTIST if title else NOT_NAMED
    if max(len(title), len(artist)) > LONGEST:
        return TOO_LONG
    return Album(artist if title.casefold() in _AS_THE_ARTIST else title, artist, year)
