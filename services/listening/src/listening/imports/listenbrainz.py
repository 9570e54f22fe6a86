"""ListenBrainz: a listen as its API and its exports tell it. No I/O here."""

from collections.abc import Mapping
from typing import Any

from listening.imports.rows import UNREADABLE, Read, in_ms, row, since_1970, text

SOURCE = "listenbrainz"
KEPT, LONGEST = ("recording_mbid", "release_mbid", "isrc", "spotify_id", "music_service"), 200


def listen(told: Any) -> Read:
    names = told.get("track_metadata") if isinstance(told, Mapping) else None
    if not isinstance(names, Mapping):
        return UNREADABLE
    more = names.get("additional_info")
    more = more if isinstance(more, Mapping) else {}
    return row(
        SOURCE,
        since_1970(told.get("listened_at")),
        artist=names.get("artist_name"),
        title=names.get("track_name"),
        album=names.get("release_name"),
        length_ms=more.get("duration_ms") or in_ms(more.get("duration")),
        raw=_kept(more) or None,
    )


def _kept(more: Mapping[str, Any]) -> dict[str, str]:
    said = {name: text(more.get(name)) for name in KEPT}
    return {name: each for name, each in said.items() if each and len(each) <= LONGEST and each.isprintable()}
