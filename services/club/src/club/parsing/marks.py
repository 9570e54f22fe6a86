"""How people dress what they type: Markdown, quotation marks, mentions, characters nobody sees. No I/O here."""

import re
import unicodedata

# Zero-width blanks, soft hyphens and directions. Joiners stay: they shape letters and emoji.
UNSEEN = dict.fromkeys(
    [0xAD, 0x180E, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF, 0xFE0E, 0xFE0F]
)
MENTION = re.compile(r"<(?:@[!&]?|#)[0-9]{1,20}>|<a?:[A-Za-z0-9_]{1,32}:[0-9]{1,20}>")
# Of marks that begin alike, the longest comes first.
PAIRS = (
    *((mark, mark) for mark in ("***", "**", "__", "~~", "||", "*", "_", "`", '"', "'")),
    *((pair[0], pair[1]) for pair in ("“”", "„“", "””", "«»", "»«", "‹›", "‘’", "‚‘", "「」", "『』", "《》")),
)
_STRESS = {"***", "**", "__", "~~", "||", "`"}
# Layers of marks that anybody would put around one name.
_LAYERS = 6
_BLANK = {
    "",
    "-",
    "--",
    "–",
    "—",
    "?",
    "??",
    "...",
    "…",
    "n/a",
    "na",
    "none",
    "nil",
    "null",
    "tba",
    "tbd",
    "x",
    "/",
    "//",
}


def seen(text: str) -> str:
    """One line as it is read: without mentions, custom emoji and unseen characters, each run of blanks one blank."""
    return " ".join(MENTION.sub(" ", text.translate(UNSEEN)).split())


def undressed(text: str) -> str:
    """Without the marks that stand around all of it."""
    text = text.strip()
    for _ in range(_LAYERS):
        if (layer := _layer(text)) is None:
            break
        text = layer[1]
    return text


def is_titled(text: str) -> bool:
    """Whether it is in quotation marks or italics, as one writes a title."""
    text = text.strip()
    for _ in range(_LAYERS):
        if (layer := _layer(text)) is None:
            return False
        mark, text = layer
        if mark not in _STRESS:
            return True
    return False


def _layer(text: str) -> tuple[str, str] | None:
    """The outermost mark and what is inside; marks that also stand inside belong to two parts of the text."""
    for opening, closing in PAIRS:
        if text.startswith(opening) and text.endswith(closing) and len(text) > len(opening) + len(closing):
            inside = text[len(opening) : -len(closing)]
            if opening not in inside and closing not in inside and inside.strip():
                return opening, inside.strip()
    return None


def is_blank(text: str) -> bool:
    """Whether nothing was filled in: empty, a dash, `n/a`."""
    return undressed(seen(text)).casefold() in _BLANK


def composed(text: str) -> str | None:
    """As it is handed on: taking marks away may have put a letter and its accent together."""
    return unicodedata.normalize("NFC", text).strip() or None


def western(text: str) -> str:
    """Every decimal digit of any script as 0 to 9, every character in its place."""
    if text.isascii():
        return text
    digits = "".join(str(unicodedata.decimal(each)) if each.isdecimal() else each for each in text)
    return digits.translate(_SIGNS)


_SIGNS = str.maketrans("٫．，／％＋－−：＝（）\u00a0\u202f\u3000", ".." + ",/%+--:=()   ")
