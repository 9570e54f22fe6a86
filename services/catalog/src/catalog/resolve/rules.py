"""Which known album a reading means, how surely, and why. No I/O here.

A slip takes from the confidence; a guest of a track who is missing takes a little. Another artist or another year is
another album, however much else is the same; it stays in the list for whoever asks to see why not.
"""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, TypeAlias

from catalog.resolve.reading import Reading
from catalog.resolve.slips import likeness
from contracts.ids import AlbumId
from contracts.naming import match_artist, match_title, pick_album, search_text, title_words

Field: TypeAlias = Literal["title", "artist", "year", "mbid", "spotify_id", "url"]

# From here on a bot may take the album without asking back.
SURE = 0.8
# With one name for several albums, nobody but who typed it knows which; a title alone names no artist either.
ONE_OF_SEVERAL, TITLE_ALONE, ANOTHER = 0.6, 0.6, 0.3
WITHOUT_GUEST, A_YEAR_APART = 0.95, 0.98
# What is written in two ways; not "i", "v" and "x", which are words as well.
_SHORT = {"vol": "volume", "pt": "part"}
_NUMERALS = {"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}
_WRITTEN = _SHORT | _NUMERALS
_GUEST = re.compile(r"\s*[(\[]?\s*\b(?:feat\.?|ft\.?|featuring)\s+[^()\[\]]+[)\]]?$", re.IGNORECASE)


@dataclass(frozen=True)
class Known:
    """An album as it is kept: every name of it, and of its artists; the first is the one that is shown."""

    id: AlbumId
    titles: tuple[str, ...]
    artists: tuple[str, ...]
    year: int | None = None


@dataclass(frozen=True)
class Match:
    """`confidence` from 0 to 1; `matched` and `differs` are fields that were given."""

    id: AlbumId
    confidence: float
    matched: tuple[Field, ...] = field(default=())
    differs: tuple[Field, ...] = field(default=())


def by_id(album_id: AlbumId, named: Collection[Field]) -> Match:
    """An external id leaves no doubt."""
    return Match(album_id, 1.0, tuple(named))


def rank(ways: Sequence[Reading], albums: Sequence[Known]) -> list[Match]:
    """The albums that share something with a reading, likeliest first; of each its best reading."""
    best: dict[AlbumId, Match] = {}
    for reading in ways:
        for match in weigh(reading, albums):
            if match.id not in best or match.confidence > best[match.id].confidence:
                best[match.id] = match
    return sorted(best.values(), key=lambda match: (-match.confidence, match.id))


def weigh(reading: Reading, albums: Sequence[Known]) -> list[Match]:
    """The same for one reading. Never more confident of a misspelt album than of the same one spelled right."""
    alike = {album.id: named for album in albums if (named := _named(reading, album))}
    whole = [album for album in sorted(albums, key=lambda each: each.id) if _is_whole(alike.get(album.id))]
    chosen = _chosen(reading.year, whole, alike)
    return [_judged(reading, album, alike[album.id], chosen, len(whole)) for album in albums if album.id in alike]


@dataclass(frozen=True)
class _Alike:
    """How much the names are alike, each from 0 to 1; `artist` is None where none was given."""

    title: float
    artist: float | None


def _is_whole(named: "_Alike | None") -> bool:
    return named is not None and named.title > 0 and (named.artist or 0) > 0


def _chosen(year: int | None, whole: Sequence[Known], alike: dict[AlbumId, _Alike]) -> AlbumId | None:
    """Of albums with these names, those spelled best first, the one that the year means."""
    if not whole:
        return None
    best = max(_names(alike[album.id]) for album in whole)
    return pick_album(year, [(album.id, album.year) for album in whole if _names(alike[album.id]) == best])


def _names(named: _Alike) -> float:
    return named.title * (1.0 if named.artist is None else named.artist)


def _judged(reading: Reading, album: Known, named: _Alike, chosen: AlbumId | None, several: int) -> Match:
    matched: list[Field] = []
    differs: list[Field] = []
    (matched if named.title else differs).append("title")
    if named.artist is not None:
        (matched if named.artist else differs).append("artist")
    if reading.year is not None and album.year is not None:
        (matched if abs(reading.year - album.year) <= 1 else differs).append("year")
    confidence = round(_confidence(reading, album, named, chosen, several), 3)
    return Match(album.id, confidence, tuple(matched), tuple(differs))


def _confidence(reading: Reading, album: Known, named: _Alike, chosen: AlbumId | None, several: int) -> float:
    if not _is_whole(named):
        return TITLE_ALONE * named.title if named.artist is None else ANOTHER * max(named.title, named.artist)
    apart = abs(reading.year - album.year) if reading.year is not None and album.year is not None else 0
    if apart > 1:
        return ANOTHER * _names(named)
    if album.id != chosen and several > 1:
        return ONE_OF_SEVERAL * _names(named)
    return _names(named) * (A_YEAR_APART if apart else 1.0)


def _named(reading: Reading, album: Known) -> _Alike | None:
    if reading.together is not None:
        return _named_together(reading.together, album)
    title = _best(reading.title, album.titles, _title_likeness)
    artist = None if reading.artist is None else _best(reading.artist, album.artists, _artist_likeness)
    return _Alike(title, artist) if title or artist else None


def _best(typed: str | None, names: Iterable[str], alike: Callable[[str, str], float]) -> float:
    return max((alike(typed, name) for name in names), default=0.0) if typed else 0.0


def _title_likeness(typed: str, name: str) -> float:
    if match_title(typed) == match_title(name):
        return 1.0
    bare, known = _GUEST.sub("", typed) or typed, _GUEST.sub("", name) or name
    if match_title(bare) == match_title(known):
        return WITHOUT_GUEST
    return likeness(_title_words(typed), _title_words(name))


def _artist_likeness(typed: str, name: str) -> float:
    if match_artist(typed) == match_artist(name):
        return 1.0
    bare, known = _GUEST.sub("", typed) or typed, _GUEST.sub("", name) or name
    if match_artist(bare) == match_artist(known):
        return WITHOUT_GUEST
    one, other = _words(typed), _words(name)
    # A slip changes words. Whoever has only some of them is another artist.
    return 0.0 if set(one) < set(other) or set(other) < set(one) else likeness(one, other)


def _named_together(line: str, album: Known) -> _Alike | None:
    typed, ways = _title_words(line), []
    for title in album.titles:
        words = _title_words(title)
        for artist in album.artists:
            credit = _words(artist)
            ways += [likeness(typed, words + credit), likeness(typed, credit + words)]
    if together := max(ways, default=0.0):
        # Of what was slipped in, nobody knows whether it was the title.
        return _Alike(together, 1.0)
    title_alone = _best(line, album.titles, _title_likeness)
    return _Alike(title_alone, None) if title_alone else None


@lru_cache(maxsize=4096)
def _words(name: str) -> tuple[str, ...]:
    return _without_the(search_text(name).split())


@lru_cache(maxsize=4096)
def _title_words(title: str) -> tuple[str, ...]:
    return _without_the(title_words(title))


def _without_the(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(_WRITTEN.get(word, word) for word in words if word != "the") or tuple(words)
