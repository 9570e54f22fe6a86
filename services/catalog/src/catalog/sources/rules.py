"""What the sources may be asked, and for how long their answers are good. No I/O here."""

import re
from datetime import timedelta

FRESH, FRESH_NOTHING = timedelta(days=7), timedelta(days=1)
# Nobody asks for it any more: how long it is kept past that.
KEPT = timedelta(days=90)
HOPS = 3

_LUCENE = re.compile(r'([+\-!(){}\[\]^"~*?:\\/&|])')


class SourceClosed(Exception):
    """The source is not to be asked now, nor before `seconds` have passed: by its own word, or because it is away."""

    def __init__(self, source: str, seconds: float) -> None:
        super().__init__(f"{source} is not asked for {seconds:.0f} s.")
        self.source, self.seconds = source, seconds


class SourceBroken(Exception):
    """The source answered, but with nothing that could be used: asking again at once would not help."""

    def __init__(self, source: str, why: str) -> None:
        super().__init__(f"{source}: {why}")
        self.source = source


def phrase(text: str) -> str:
    """`text` as one phrase of a Lucene query: nothing in it is an operator."""
    return '"' + _LUCENE.sub(r"\\\1", text) + '"'


def release_groups_query(title: str, artist: str | None) -> str:
    return f"releasegroup:{phrase(title)}" + (f" AND artist:{phrase(artist)}" if artist else "")


def year_of(date: str | None) -> int | None:
    """Of a date of a year, a month or a day, as sources write it; None for none."""
    found = re.match(r"([12]\d{3})(?:-|$)", date or "")
    return int(found[1]) if found else None


def exactness(date: str | None) -> tuple[int, int, int]:
    """For sorting, the unknown last: of what is only known to a year or month, the end of it."""
    found = re.fullmatch(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", date or "")
    if found is None:
        return 9999, 13, 32
    return int(found[1]), int(found[2] or 13), int(found[3] or 32)
