"""Genre, decade and country, as people type them. No I/O here."""

import re

from club.parsing.doubts import Doubts
from club.parsing.marks import composed, is_blank, seen, undressed, western

LONGEST = 60
_NAMES = ("genre", "decade", "country")
_SPACED = (" / ", " | ")
_SEPARATORS = (*_SPACED, "/", "|", ";", ",", " - ", " – ", " — ", " • ", " · ")
_ANY_SEPARATOR = re.compile(r"[/|;,•·]")
_NAMED = re.compile(r"(genre|decade|country)s?\s?[:=]\s?", re.IGNORECASE)
_ABOUT = r"(?:(?:early|mid|middle|late|the|in|from|of)[ -]){0,3}"
_FOUR_DIGITS = re.compile(rf"{_ABOUT}([12][0-9]{{2}})[0-9](?:['’]?s)?")
_TWO_DIGITS = re.compile(rf"{_ABOUT}['’‘`]?([0-9])[0-9](?:['’]?s)?")
_IN_WORDS = {
    "twenties": "1920s",
    "thirties": "1930s",
    "forties": "1940s",
    "fifties": "1950s",
    "sixties": "1960s",
    "seventies": "1970s",
    "eighties": "1980s",
    "nineties": "1990s",
    "noughties": "2000s",
    "aughts": "2000s",
}
# From the 30s on, two digits mean the century in which records were first sold.
_OF_LAST_CENTURY = 3


def decade(text: str) -> str | None:
    """`1990s` for '90s, 90’s, the late nineties, 1994; None where no decade is meant."""
    plain = western(seen(text)).casefold()
    if found := _FOUR_DIGITS.fullmatch(plain):
        return f"{found[1]}0s"
    if found := _TWO_DIGITS.fullmatch(plain):
        return f"{19 if int(found[1]) >= _OF_LAST_CENTURY else 20}{found[1]}0s"
    return _IN_WORDS.get(re.sub(f"^{_ABOUT}", "", plain))


def read_tags(typed: str, doubts: Doubts) -> dict[str, str]:
    """Those of `genre`, `decade` and `country` that one line names, in whatever way it parts them."""
    if is_blank(line := undressed(seen(typed))):
        return {}
    parts = _parts(line)
    if any(map(_NAMED.match, parts)):
        named = _by_name(parts, doubts)
    elif len(parts) == len(_NAMES) and (decade(parts[1]) or not any(map(decade, parts))):
        named = dict(zip(_NAMES, parts, strict=True))
    else:
        named = _by_decade(line, parts, doubts)
    return {name: tag for name, part in named.items() if (tag := read_tag(name, part, doubts))}


def read_tag(name: str, part: str, doubts: Doubts) -> str | None:
    """One tag under its name, or a doubt."""
    tag = composed(undressed(seen(part).strip("# ")))
    if tag is None or is_blank(tag):
        return None
    if name == "decade":
        if (found := decade(tag)) is None:
            doubts.add(tag, "No decade can be read here. Write it like 1990s.", 0.15)
        elif re.fullmatch(r"\W*20\W*s?", western(tag)):
            doubts.add(tag, "Two decades are called that. The 2020s were taken.", 0.1)
        return found
    if len(tag) > LONGEST:
        doubts.add(tag, f"A tag has at most {LONGEST} characters.", 0.15)
        return None
    return tag


def _parts(line: str) -> list[str]:
    # `R&B/Soul / 90s` has two parts: a slash between blanks says more than one without.
    between = next((each for each in _SPACED if any(map(decade, line.split(each)))), None)
    between = between or next((each for each in _SEPARATORS if line.count(each) == len(_NAMES) - 1), None)
    if between:
        return [part.strip() for part in line.split(between)]
    if line.startswith("#") and not _ANY_SEPARATOR.search(line):
        return [part.strip() for part in line.split("#") if part.strip()]
    return [part.strip() for part in _ANY_SEPARATOR.split(line) if part.strip()]


def _by_name(parts: list[str], doubts: Doubts) -> dict[str, str]:
    named: dict[str, str] = {}
    for part in parts:
        if found := _NAMED.match(part):
            named.setdefault(found[1].casefold(), part[found.end() :])
        else:
            doubts.add(part, "It is not said whether this is genre, decade or country.", 0.1)
    return named


def _by_decade(line: str, parts: list[str], doubts: Doubts) -> dict[str, str]:
    """The decade is known by its form: genres stand before it, the country behind."""
    at = next((at for at, part in enumerate(parts) if decade(part)), None)
    if at is None:
        return _without_decade(line, parts, doubts)
    others = parts[:at] + parts[at + 1 :]
    if len(others) == len(_NAMES) - 1 and at != 1:
        return {"genre": others[0], "decade": parts[at], "country": others[1]}
    return {"genre": ", ".join(parts[:at]), "decade": parts[at], "country": ", ".join(parts[at + 1 :])}


def _without_decade(line: str, parts: list[str], doubts: Doubts) -> dict[str, str]:
    if len(parts) > len(_NAMES) - 1:
        doubts.add(line, "Tags are three: genre / decade / country.", 0.2)
        return {}
    if len(parts) > 1:
        doubts.add(line, "No decade is among the tags. The second was taken for the country.", 0.15)
    return dict(zip(("genre", "country"), parts, strict=False))
