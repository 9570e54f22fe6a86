"""How names of music are normalised: for identity (frozen) and for matching (versioned)."""

import re
import unicodedata
from collections.abc import Sequence
from itertools import groupby
from typing import TypeVar
from uuid import UUID, uuid5

from contracts.ids import AlbumId, ArtistId, TrackId

# --- Identity: what somebody's player called a track. Stored for ever, so not one answer below may ever change. ---

MESSY_NAMESPACE = UUID("b7d0c1a4-5f0e-4c7e-9a35-1d2f6f0a9e51")
# A blank by the table below, so it is in no normalised name.
SEPARATOR = "\x1f"
_BLANKS = re.compile("[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")


def messy_track_id(artist: str, track: str, album: str | None) -> TrackId:
    """The id of a messy triple; no album and a blank one are the same. UnicodeEncodeError for half a surrogate pair."""
    return TrackId(uuid5(MESSY_NAMESPACE, SEPARATOR.join(map(messy_v1, (artist, track, album or "")))))


def messy_artist_id(artist: str) -> ArtistId:
    """What an artist is called by until the catalogue says who that is."""
    return ArtistId(uuid5(MESSY_NAMESPACE, messy_v1(artist)))


def messy_album_id(artist: str, album: str) -> AlbumId:
    """The same of an album."""
    return AlbumId(uuid5(MESSY_NAMESPACE, SEPARATOR.join(map(messy_v1, (artist, album)))))


def messy_v1(text: str) -> str:
    """Case, canonical composition and runs of blanks are evened out, nothing else.

    Two names wrongly kept apart can be mapped to one track later; two wrongly made one could never be told apart again.
    Each Python brings its own Unicode tables, so only characters of Unicode 3.2 are folded, the one old version that
    every Python carries, and how those fold Unicode promises never to change. Newer characters stay as they are.
    """
    if text.isascii():
        folded = text.lower()
    else:
        # Runs, because a newer combining mark would sort differently among its neighbours from Python to Python.
        folded = "".join(_fold_v1("".join(run)) if old else "".join(run) for old, run in groupby(text, _of_unicode_3_2))
    return _BLANKS.sub(" ", folded).strip(" ")


def _of_unicode_3_2(character: str) -> bool:
    return unicodedata.ucd_3_2_0.category(character) != "Cn"


def _fold_v1(text: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).casefold())


# --- Matching: whether two descriptions mean the same. May improve; what is stored is made anew with a new version. ---

MATCHING = 1

_ACCENTS = re.compile("[\u0300-\u036f]+")
_UNDIVIDED = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "\u0131": "i", "þ": "th"}
)
_INSIDE_A_WORD = re.compile("['`\u2018\u2019\u02bc\u2032.]")
_AND = re.compile(r"&|(?<=\s)\+(?=\s)")
_FEATURING = frozenset({"feat", "ft", "featuring"})
_LAST_THE = re.compile(r"^(.+),\s*the$")
# Chinese and Japanese are written without blanks; where one stands, it means nothing.
_BETWEEN_CJK = re.compile("(?<=[\u2e80-\u9fff\uf900-\ufaff]) (?=[\u2e80-\u9fff\uf900-\ufaff])")

_BRACKETED = re.compile(r"^(.*\S)\s*[(\[{【]([^()\[\]{}【】]*)[)\]}】]$")
_AFTER_A_DASH = re.compile("^(.*\\S)(?:\\s+[-\u2010-\u2015~]+|\\s*:)\\s+([^-\u2010-\u2015~:]+)$")
_RELEASE = re.compile(r"deluxe|editions?|remaster(s|ed|ing)?|reissued?")
_EDITION = re.compile(rf"{_RELEASE.pattern}|anniversary|bonus|clean|collectors?|expanded|explicit|mono|stereo")
_BESIDE_EDITION = re.compile(
    r"\d+(st|nd|rd|th)?|years?|a|and|for|of|the|with|audiophile|cd|complete|definitive|digital|digitally|discs?|full|"
    r"gold|hi|international|japan(ese)?|legacy|limited|lp|mix|new|original|platinum|release|res|special|standard|super|"
    r"tracks?|uk|us|versions?|vinyl"
)
# Another recording is another album, whatever its edition.
_RECORDING = re.compile(
    r"acoustic|demos?|instrumentals?|karaoke|live|outtakes|remix(es|ed)?|rerecorded|sessions|tribute|unplugged"
)


def match_title(title: str) -> str:
    """What two spellings of one title share: without its edition, its accents, its punctuation and its blanks."""
    return "".join(_without_the(title_words(title)))


def title_words(title: str) -> list[str]:
    """The words of a title without its edition, folded: what `match_title` joins, for measuring how alike two are."""
    return _words(_without_edition(_plain(title)))


def match_artist(artist: str) -> str:
    """What two spellings of one credit share. Never empty for a name that is not: `!!!` stays `!!!`."""
    return "".join(_without_the(_words(_plain(artist))))


def album_key(title: str, artist: str) -> str:
    """Equal for two descriptions of one album, but for the year, which `pick_album` weighs."""
    return match_title(title) + SEPARATOR + match_artist(artist)


def search_text(*names: str) -> str:
    """The words of `names` as a search compares them: the same folding, with blanks between."""
    return " ".join(" ".join(_words(_plain(name))) for name in names)


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = unicodedata.normalize("NFC", _ACCENTS.sub("", folded)).translate(_UNDIVIDED)
    return " ".join(plain.split()) or unicodedata.normalize("NFC", text)


def _words(plain: str) -> list[str]:
    if not any(map(_is_spoken, plain)):
        return plain.split() or [plain]
    turned = _LAST_THE.sub(r"the \1", plain)
    joined = _AND.sub(" and ", _INSIDE_A_WORD.sub("", turned))
    spoken = "".join(each if _is_spoken(each) else " " for each in joined)
    words = _BETWEEN_CJK.sub("", unicodedata.normalize("NFC", " ".join(spoken.split()))).split()
    # A lone apostrophe of the kind that counts as a letter would leave nothing.
    return _with_one_feat(words) or plain.split()


def _is_spoken(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN"


def _with_one_feat(words: list[str]) -> list[str]:
    # It joins two names, so it stands neither first nor last.
    inside = range(1, len(words) - 1)
    return ["feat" if at in inside and word in _FEATURING else word for at, word in enumerate(words)]


def _without_the(words: list[str]) -> list[str]:
    return words[1:] if len(words) > 1 and words[0] == "the" else words


def _without_edition(plain: str) -> str:
    if (found := _BRACKETED.match(plain)) and _names_an_edition(found[2], bracketed=True):
        return _without_edition(found[1])
    if (found := _AFTER_A_DASH.match(plain)) and _names_an_edition(found[2], bracketed=False):
        return _without_edition(found[1])
    return plain


def _names_an_edition(suffix: str, *, bracketed: bool) -> bool:
    """Every word must speak of editions; in brackets one clear word is enough, unless it is another recording."""
    words = _words(suffix)
    if bracketed and any(map(_RELEASE.fullmatch, words)) and not any(map(_RECORDING.fullmatch, words)):
        return True
    speaks_of_it = all(_EDITION.fullmatch(word) or _BESIDE_EDITION.fullmatch(word) for word in words)
    return speaks_of_it and any(map(_EDITION.fullmatch, words))


Id = TypeVar("Id")


def pick_album(year: int | None, candidates: Sequence[tuple[Id, int | None]]) -> Id | None:
    """Which of the albums with one `album_key`, oldest first, a description with this year means; None: a new one.

    The same year, or the same lack of one, is it. Else the only one a year away (sources disagree about release dates),
    else the only candidate if it or the description has no year. Where two would do, none does: a new album can be
    merged later, and says the same when it is described again.
    """
    same = [album for album, known in candidates if known == year]
    if same:
        return same[0]
    if year is not None:
        near = [album for album, known in candidates if known is not None and abs(known - year) == 1]
        if near:
            return near[0] if len(near) == 1 else None
    only = candidates[0] if len(candidates) == 1 else None
    return only[0] if only is not None and (year is None or only[1] is None) else None
