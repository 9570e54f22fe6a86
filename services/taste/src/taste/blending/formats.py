"""A playlist in the formats that players read. No I/O here.

JSPF is XSPF (https://www.xspf.org/spec) as JSON. M3U is as players have agreed on it: a title line, then a line that
says where the track is, which here is its id, since nobody's files are known.
"""

from typing import Any

from contracts.blends import Blend

TITLE = "A blend of {}"
SCHEME = "urn:uuid:"


def as_jspf(blend: Blend) -> dict[str, Any]:
    tracks = [
        {"title": each.title, "creator": each.artist, "annotation": each.why, "identifier": [f"{SCHEME}{each.id}"]}
        for each in blend.tracks
    ]
    return {"playlist": {"title": _title(blend), "creator": "Sidetrack", "track": tracks}}


def as_m3u(blend: Blend) -> str:
    lines = ["#EXTM3U", f"#PLAYLIST:{_line(_title(blend))}"]
    for each in blend.tracks:
        lines += [f"#EXTINF:-1,{_line(f'{each.artist} - {each.title}')}", f"{SCHEME}{each.id}"]
    return "\n".join(lines) + "\n"


def _title(blend: Blend) -> str:
    return TITLE.format(", ".join(each.display_name for each in blend.users))


def _line(words: str) -> str:
    """On one line, whatever is in it."""
    return " ".join(words.split())
