"""What a nomination is called where Discord leaves little room. No I/O here."""

import re
import unicodedata
from collections.abc import Iterator

from contracts.catalog import Album

# As many as a select on Discord has options: each page of them is a letter.
PAGE = 25
OPTION, ANSWER = 100, 55
ELLIPSIS = "…"
_ALPHABET = 26
_LINE_ENDS = re.compile(r"[\r\n\t\v\f\x85\u2028\u2029]+")
_ZWNJ, _ZWJ = "\u200c", "\u200d"


def code(number: int) -> str:
    """A1 to A25, B1 to B25, and so on; after Z comes AA."""
    page, place = divmod(number - 1, PAGE)
    letters = ""
    while page >= 0:
        page, letter = divmod(page, _ALPHABET)
        letters = chr(ord("A") + letter) + letters
        page -= 1
    return f"{letters}{place + 1}"


def label(album: Album) -> str:
    """For an option of a select."""
    return cut(_spoken(album), OPTION)


def short_label(album: Album) -> str:
    """For an answer of a poll."""
    return cut(_spoken(album), ANSWER)


def _spoken(album: Album) -> str:
    year = f" ({album.year})" if album.year is not None else ""
    return _LINE_ENDS.sub(" ", f"{album.title} — {album.artist}{year}")


def cut(text: str, most: int) -> str:
    """The text, or its beginning with …, in at most `most` UTF-16 code units, which is what Discord counts.

    What is read as one character stays whole, unless it alone is longer.
    """
    if length(text) <= most:
        return text
    room = most - length(ELLIPSIS)
    kept = _fitting(_characters(text), room) or _fitting(text, room)
    return kept.rstrip() + ELLIPSIS


def length(text: str) -> int:
    """In UTF-16 code units."""
    return sum(2 if character > "\uffff" else 1 for character in text)


def _fitting(parts: Iterator[str] | str, room: int) -> str:
    kept = ""
    for part in parts:
        room -= length(part)
        if room < 0:
            break
        kept += part
    return kept


def _characters(text: str) -> Iterator[str]:
    """What is read as one character each: letters with their marks, flags, emoji with all that is joined to them."""
    whole = ""
    for character in text:
        if whole and not _belongs(whole, character):
            yield whole
            whole = ""
        whole += character
    if whole:
        yield whole


def _belongs(before: str, character: str) -> bool:
    if before.endswith(_ZWJ) or character in {_ZWJ, _ZWNJ}:
        return True
    if _is_flag(character):
        # Two letters are a flag; a third begins another.
        return len(before) == 1 and _is_flag(before)
    tone = "\U0001f3fb" <= character <= "\U0001f3ff"
    tag = "\U000e0020" <= character <= "\U000e007f"
    # Vowels and finals of Hangul that are not composed with what they follow.
    jamo = "\u1160" <= character <= "\u11ff"
    return tone or tag or jamo or unicodedata.category(character).startswith("M")


def _is_flag(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"
