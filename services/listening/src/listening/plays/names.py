"""Which spellings of a track's title and artist are one, for telling plays apart. No I/O here."""

import re
from functools import lru_cache

from contracts.naming import match_artist, match_title

_FEATURED = re.compile(r"\s*(?:[(\[]?\b(?:feat|ft|featuring)\b\.?\s.*|[(\[]with\s[^)\]]*[)\]])$", re.IGNORECASE)
# What pages and shops say of the recording, not of the music.
_WRAPPED = re.compile(r"\s*[(\[]?\bofficial\b(?:\s\w+)?\s(?:video|audio|visualizer)[)\]]?$", re.IGNORECASE)
_MASTER = re.compile(r"\s+-\s+(?:\d{4}\s)?digital(?:ly)?\s(?:re)?master(?:ed)?$", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:,|;|/|&|\band\b|\bx\b|\bvs\b)\s+", re.IGNORECASE)
ANYBODY = match_artist("Various Artists")
SAME, PART, UNNAMED = 1.0, 0.9, 0.8


@lru_cache(maxsize=65_536)
def title_key(title: str) -> str:
    """What spellings of a title share, whoever is featured and in whatever edition."""
    plain = _MASTER.sub("", _WRAPPED.sub("", title))
    return match_title(_FEATURED.sub("", plain) or title)[:500]


def same_artist(one: str, other: str) -> float:
    """1 for one name, less where they share one of several, or one side names nobody; 0: two artists."""
    if (first := _key(one)) == (second := _key(other)):
        return SAME
    if ANYBODY in (first, second):
        return UNNAMED
    return PART if _names(one) & _names(other) else 0.0


@lru_cache(maxsize=65_536)
def _key(artist: str) -> str:
    return match_artist(_FEATURED.sub("", artist) or artist)


@lru_cache(maxsize=65_536)
def _names(artist: str) -> frozenset[str]:
    """Each by itself, and all together: a comma may be a part of one name."""
    apart = _BETWEEN.split(_FEATURED.sub("", artist) or artist)
    return frozenset(match_artist(name) for name in (*apart, artist) if name.strip())
