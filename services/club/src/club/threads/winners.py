"""Which album a message in a winner's thread names. No I/O here."""

import re
from collections.abc import Sequence
from typing import Any

from club.parsing.nominations import parse_nomination
from club.threads.exports import Export, Message
from club.threads.places import Place
from club.threads.readings import LeftOut, Reading, is_form, provenance
from contracts.naming import search_text
from contracts.text import tidy

SEVERAL = "Several nominated albums are named here."
ONLY_THE_TITLE = "Only the title is named here, and it is a short one."
NOT_NOMINATED = "This album is among no nominations that were read."
IN_PASSING = "It is named here, but nobody says that it won."
_WON = re.compile(r"\bwin(?:s|ner|ning)?\b|\bwon\b|album of the week|our album|🏆|👑|🥇", re.IGNORECASE)
SHORT = 4

Album = dict[str, Any]


def read_winner(
    message: Message, export: Export, place: Place, nominated: Sequence[Album], *, first: bool
) -> Reading | LeftOut:
    """`first`: whether the thread begins with it, which is where a winner is announced."""
    text = tidy(message.content)
    found = _named(text, nominated) or _typed(text)
    if found is None:
        return "chatter"
    album, confidence, why = found
    body = {"number": place.number, "album": album, "provenance": provenance(message, export)}
    reading = Reading("winner", body, confidence, (why,) if why else (), message.content)
    if not first and not _WON.search(text):
        reading = reading.doubted(0.5, IN_PASSING)
    return reading.doubted(place.confidence, place.why)


def _named(text: str, nominated: Sequence[Album]) -> tuple[Album, float, str | None] | None:
    """The nomination that is named by title, and by artist where there are several."""
    said = f" {search_text(text)} "
    titled = [album for album in nominated if _says(said, album["title"])]
    # “Blue” is also said by whoever says “Blue Train”.
    whole = [album for album in titled if not any(_inside(album["title"], other["title"]) for other in titled)]
    full = [album for album in whole if _says(said, album["artist"])]
    if len(full) == 1:
        return full[0], 1, None
    if len(whole) > 1:
        return (full or whole)[0], 0.3, SEVERAL
    if not whole:
        return None
    short = len(whole[0]["title"]) <= SHORT
    return whole[0], 0.6 if short else 0.8, ONLY_THE_TITLE if short else None


def _says(said: str, name: str) -> bool:
    return f" {search_text(name)} " in said


def _inside(title: str, other: str) -> bool:
    return title != other and _says(f" {search_text(other)} ", title)


def _typed(text: str) -> tuple[Album, float, str] | None:
    parsed = parse_nomination(text)
    if parsed.album is None or not (is_form(text, has_year=parsed.album.year is not None, has_link=False)):
        return None
    return parsed.album.model_dump(exclude_none=True), round(parsed.confidence * 0.7, 2), NOT_NOMINATED
