"""What the links that people paste say of an album."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

SPOTIFY = re.compile(
    r"(?:spotify:album:|https?://open\.spotify\.com/(?:intl-[a-z]+/)?album/)([0-9A-Za-z]{22})(?:[/?#].*)?"
)
MUSICBRAINZ = re.compile(
    r"https?://(?:www\.|beta\.)?musicbrainz\.org/release-group/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:[/?#].*)?",
    re.IGNORECASE,
)
IDS: Mapping[str, tuple[re.Pattern[str], Callable[[str], Any]]] = {
    "spotify_id": (SPOTIFY, str),
    "mbid": (MUSICBRAINZ, UUID),
}


def album_ids(link: str | None) -> dict[str, Any]:
    """The `spotify_id` or `mbid` that the link carries; most links carry none."""
    read = {name: (form.fullmatch(link or ""), convert) for name, (form, convert) in IDS.items()}
    return {name: convert(found[1]) for name, (found, convert) in read.items() if found}


LINK = re.compile(r"https?://[^\s<>]+|spotify:album:[0-9A-Za-z]{22}")


def links_in(text: str) -> list[str]:
    """The links that stand in a text, in its order, without what closes the sentence around them."""
    return [link.rstrip(").,;!?]\"'") for link in LINK.findall(text)][:20]
