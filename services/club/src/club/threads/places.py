"""Of which week a thread is, and what is said in it. No I/O here."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from club.threads.exports import Channel

Room = Literal["nominations", "poll", "winner", "ratings", "other"]

_NUMBER = re.compile(
    r"\b(?:week|wk)\W{0,3}(?:no\.?|number|nr\.?|#)?\W{0,2}([0-9]{1,6})\b|\bw([0-9]{1,4})\b", re.IGNORECASE
)
_DAY = re.compile(r"(?<![0-9])(20[0-9]{2})[-/.]([01]?[0-9])[-/.]([0-3]?[0-9])(?![0-9])")
_ROOMS: tuple[tuple[Room, re.Pattern[str]], ...] = (
    ("nominations", re.compile(r"nomin|submission|pitch", re.IGNORECASE)),
    ("ratings", re.compile(r"rating|rate\b|review|score", re.IGNORECASE)),
    ("winner", re.compile(r"winn|result", re.IGNORECASE)),
    ("poll", re.compile(r"poll|vot(e|ing)", re.IGNORECASE)),
)
TWO_NUMBERS = "Category and thread name two different weeks."
TWO_DAYS = "Category and thread name two different days."


@dataclass(frozen=True)
class Place:
    """`confidence` is 1 unless category and thread disagree, and then `why` is about what."""

    number: int | None
    day: date | None
    room: Room
    confidence: float = 1
    why: str | None = None


def place_of(channel: Channel) -> Place:
    """What the thread's name says, and what it leaves to its category."""
    named, around = _Says.of(channel.name), _Says.of(channel.category or "")
    number = around.number if named.number is None else named.number
    place = Place(number, named.day or around.day, _room(channel))
    if None not in {named.number, around.number} and named.number != around.number:
        return Place(place.number, place.day, place.room, 0.4, TWO_NUMBERS)
    if named.day and around.day and named.day != around.day:
        return Place(place.number, place.day, place.room, 0.8, TWO_DAYS)
    return place


@dataclass(frozen=True)
class _Says:
    number: int | None
    day: date | None

    @classmethod
    def of(cls, text: str) -> "_Says":
        found = _NUMBER.search(_DAY.sub(" ", text.replace("_", " ")))
        return cls(int(found[1] or found[2]) if found else None, _day(text))


def _day(text: str) -> date | None:
    for year, month, day in _DAY.findall(text):
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            continue
    return None


def _room(channel: Channel) -> Room:
    """By the thread's own name; a category says nothing of what is in it, unless nothing else does."""
    for text in (channel.name, channel.category or ""):
        for room, named in _ROOMS:
            if named.search(text):
                return room
    return "other"
