"""Links in what people type: to an album, to a track, bare, in angle brackets or behind words. No I/O here."""

import re

LONGEST = 2048
_ADDRESS = r"https?://(?:[^\s<>()\[\]]|\([^\s<>()\[\]]*\))+"
_LINK = re.compile(
    rf"\[(?P<words>[^\[\]]*)\]\(<?(?P<behind>{_ADDRESS})>?\)|<?(?P<bare>{_ADDRESS})>?"
    r"|\bspotify:(?P<kind>album|track):(?P<id>[0-9A-Za-z]{22})\b",
    re.IGNORECASE,
)
_TRACK = re.compile(r"/(?:track|song)s?/|//youtu\.be/|youtube\.com/watch|[?&]i=[0-9]", re.IGNORECASE)
_ALBUM = re.compile(r"/(?:albums?|release-group|release|master)/|list=OLAK5uy_", re.IGNORECASE)
_HOLLOW = re.compile(r"\(\s*\)|\[\s*\]|<\s*>")


def take_links(text: str) -> tuple[str, list[str]]:
    """The text without its links, and the links in order; of `[words](link)` the words stay."""
    links: list[str] = []

    def leave_words(found: re.Match[str]) -> str:
        link, after = _address(found)
        links.append(link)
        return (found["words"] or "") + after

    words = _LINK.sub(leave_words, text)
    return (_HOLLOW.sub(" ", words).strip(" -–—:|.,;") if links else text), links


def _address(found: re.Match[str]) -> tuple[str, str]:
    if found["id"]:
        return f"https://open.spotify.com/{found['kind'].lower()}/{found['id']}", ""
    link = found["behind"] or found["bare"]
    # A sentence may go on or end right behind a link.
    whole = link.rstrip(".,;:!?*_~|\"'”’»…") if found["bare"] else link
    scheme, _, rest = whole.partition("://")
    return f"{scheme.lower()}://{rest}", link[len(whole) :]


def is_track(link: str) -> bool:
    return bool(_TRACK.search(link))


def is_album(link: str) -> bool:
    return bool(_ALBUM.search(link)) and not is_track(link)


def fits(link: str) -> bool:
    return len(link) <= LONGEST and not link.endswith("://")
