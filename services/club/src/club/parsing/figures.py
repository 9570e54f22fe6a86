"""One rating as people type it: 4,5 and 4.5/5 and ★★★★½. No I/O here."""

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from club.parsing.marks import UNSEEN, undressed, western

_STARS, _HOLLOW = "★⭐🌟✭✮✯", "☆✩"
_VULGAR = {"½": Fraction(1, 2), "¼": Fraction(1, 4), "¾": Fraction(3, 4), "⅓": Fraction(1, 3), "⅔": Fraction(2, 3)}
_FRACTIONS = "".join(_VULGAR)
# Possessive throughout: what a part has taken it never gives back, so no text is read twice.
_FIGURE = rf"""
    (?: (?P<stars> [{_STARS}]\ufe0f? (?: [ ]?[{_STARS}]\ufe0f? )*+ )
        (?P<half> [ ]?[½⯨⯪] | [ +]?1/2 | \.5 )?+ (?P<hollow> (?: [ ]?[{_HOLLOW}]\ufe0f? )*+ )
      | (?P<number> [+-]?[0-9]{{1,6}}+ (?: [.,][0-9]{{1,6}}+ )?+ ) (?P<part> [ ]?[{_FRACTIONS}] | [ -]1/2(?![0-9]) )?+
      | (?P<alone> [{_FRACTIONS}] )
    )
    (?P<scale> [*_]{{0,3}}+ [ ]?(?: / | (?:out[ ])?of ) [ ]?(?P<most> [0-9]{{1,6}}+ (?: [.,][0-9]{{1,6}}+ )?+ )
      | [ ]?%
    )?+
    (?P<unit> [ ]?(?: stars?\b | [{_STARS}]\ufe0f? ) )?+
    (?! [\w%{_STARS}{_HOLLOW}] | [.,:/][0-9] | [ ]?(?: [-–—] | to | or )[ ]?[0-9] )
"""
_ALL = re.compile(_FIGURE, re.VERBOSE | re.IGNORECASE)
_FIRST = re.compile(rf"[\s*_~`|>#(\[]*+(?:[{_STARS}]\ufe0f?[ ]?(?=[0-9]))?+ (?:{_FIGURE})", re.VERBOSE | re.IGNORECASE)
_INSIDE = re.compile(rf"(?<![\w.,:/+{_STARS}-]){_FIGURE}", re.VERBOSE | re.IGNORECASE)

LEAST, MOST = 1, 5
_OTHER_SCALES = {"10", "100"}
NO_FIGURE = "No rating can be read here. Write one number from 1.0 to 5.0, in half steps."
OUT_OF_RANGE = "A rating goes from 1.0 to 5.0."
NO_HALF_STEP = "A rating goes in half steps. Which of the two beside this it shall be is yours to say."
OTHER_SCALE = "This is on another scale. What it would be from 1.0 to 5.0 is yours to say."


class Figure(NamedTuple):
    """A rating 1.0 to 5.0, or why it is none; as typed; where it ends; whether it might as well count anything."""

    rating: float | str
    typed: str
    end: int
    bare: bool


def whole(text: str) -> Figure | None:
    """The rating that is all of the text."""
    plain = undressed(text.translate(UNSEEN)).rstrip(".! ")
    found = _ALL.fullmatch(western(plain))
    return _figure(found, text.strip(), len(text)) if found else None


def at_start(text: str) -> Figure | None:
    """The rating the text begins with."""
    found = _FIRST.match(western(text))
    return _figure(found, text[: found.end()].strip(), found.end()) if found else None


def inside(text: str) -> Iterator[Figure]:
    """What is by its form a rating, in the midst of other words: `4.5/5`, `★★★★`."""
    for found in _INSIDE.finditer(western(text)):
        figure = _figure(found, text[found.start() : found.end()], found.end())
        if found["most"] in _OTHER_SCALES or (not figure.bare and figure.rating != OTHER_SCALE):
            yield figure


def _figure(found: re.Match[str], typed: str, end: int) -> Figure:
    glyphs = sum(typed.count(star) for star in _STARS + _HOLLOW)
    clear = found["scale"] or found["unit"] or found["part"] or found["half"] or glyphs > 1
    return Figure(_judged(found), typed, end, not clear)


def _judged(found: re.Match[str]) -> float | str:
    if found["scale"] and (found["most"] is None or Fraction(found["most"].replace(",", ".")) != MOST):
        return OTHER_SCALE
    rating = _value(found)
    if not LEAST <= rating <= MOST:
        return OUT_OF_RANGE
    return float(rating) if (rating * 2).denominator == 1 else NO_HALF_STEP


def _value(found: re.Match[str]) -> Fraction:
    if found["stars"]:
        return sum(found["stars"].count(star) for star in _STARS) + Fraction(1 if found["half"] else 0, 2)
    if found["alone"]:
        return _VULGAR[found["alone"]]
    part = (found["part"] or "").strip(" -")
    return Fraction(found["number"].replace(",", ".")) + (_VULGAR.get(part, Fraction(1, 2)) if part else 0)
