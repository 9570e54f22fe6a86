"""The rating form: a rating, a favourite track, and the rest is the review. No I/O here."""

import re
from dataclasses import dataclass, field

from club.parsing.albums import LONGEST
from club.parsing.doubts import Doubts
from club.parsing.figures import NO_FIGURE, Figure, at_start, inside, whole
from club.parsing.form import Form, Section, headings
from club.parsing.links import take_links
from club.parsing.marks import composed, is_blank, seen, undressed
from club.parsing.sheet import SAID_TWICE
from contracts.parsing import ParsedRating

FORM = Form(
    headings(
        rating=r"((my|your|album|final|overall) )?(rating|score)|rat(e|ing score)",
        overall=r"overall|total|stars|verdict",
        track=r"(my )?(fav(ou?rite|e)?|standout|highlight)s?( (track|song|tune)s?)?|(best|top) (track|song|tune)s?",
        review=r"(my )?(review|thoughts|comments?|notes)|why",
    ),
    (
        re.compile("[:=]"),
        re.compile(r"\s[-–—]+\s"),
        re.compile(r"(?<=\))\s"),
        re.compile(r"(?:(?<=rating)|(?<=score))\s(?=[0-9★⭐🌟½*_(])", re.IGNORECASE),
        re.compile(r"\?$"),
    ),
)

SEVERAL = "More than one rating stands here. Say which one counts."
NO_LINK_HERE = "A favourite track is a title; its link is left out."
TITLE_TOO_LONG = f"A track's title has at most {LONGEST} characters."
_GOES_ON = re.compile(r"[\s*_~`|)\]]*(?:[-–—:;|]+|,(?=\s)|$)")
_MEANT = re.compile(r"(?=\D*\d)\S{1,12}")
_LOOSE_ENDS = " \t\r*_~`|)]-–—:;,."


@dataclass
class _Reading:
    """What was found so far; of the review, the lines in their order."""

    doubts: Doubts = field(default_factory=Doubts)
    rating: float | None = None
    asked: str | None = None
    refused: bool = False
    track: str | None = None
    review: list[str] = field(default_factory=list)

    @property
    def rated(self) -> bool:
        return self.refused or self.rating is not None

    def judge(self, figure: Figure, cost: float) -> None:
        if isinstance(figure.rating, str):
            self.refused = True
            self.doubts.add(figure.typed, figure.rating, 0.8)
        else:
            self.rating = figure.rating
            self.doubts.less(cost)


def parse_rating(text: str) -> ParsedRating:
    """How a message of at most 4,000 characters rates. Never raises; takes time in proportion to its length."""
    reading = _Reading()
    for section in FORM.sections(text):
        _READ_UNDER.get(section.heading or "review", _read_review)(section, reading)
    if not reading.rated:
        _look_for_rating(reading)
    if not reading.rated:
        _miss_rating(reading)
    review = composed("\n".join(reading.review))
    return ParsedRating(
        rating=reading.rating,
        favorite_track=reading.track,
        review=None if review is None or is_blank(review) else review,
        confidence=reading.doubts.confidence,
        not_understood=reading.doubts.items,
    )


def _read_review(section: Section, reading: _Reading) -> None:
    reading.review += section.lines


def _read_rating(section: Section, reading: _Reading) -> None:
    typed, below = section.first()
    if not section.lines[0].strip() and not (whole(typed) or at_start(typed)):
        # Nothing was filled in, and what follows is the review.
        reading.asked = section.typed
        reading.review += section.lines
    elif reading.rated and not is_blank(typed):
        reading.doubts.add(section.typed, SAID_TWICE, 0.1)
        reading.review += below
    else:
        reading.review += [*filter(None, [_headed(typed, reading)]), *below]


def _read_overall(section: Section, reading: _Reading) -> None:
    """`Overall: 4` rates; `Overall: a joy` is part of the review."""
    typed, _ = section.first()
    if whole(typed) or at_start(typed):
        _read_rating(section, reading)
    else:
        reading.review += [section.typed, *section.lines[1:]]


def _headed(typed: str, reading: _Reading) -> str:
    """Reads the rating behind its heading; what else is said there belongs to the review."""
    if figure := whole(typed) or at_start(typed):
        reading.judge(figure, 0)
        return typed[figure.end :].lstrip(_LOOSE_ENDS)
    if len(figures := [*inside(typed)]) == 1:
        reading.judge(figures[0], 0.2)
        return typed
    if is_blank(typed):
        reading.asked = typed
    else:
        reading.refused = True
        reading.doubts.add(typed, SEVERAL if figures else NO_FIGURE, 0.8)
    return ""


def _read_track(section: Section, reading: _Reading) -> None:
    typed, below = section.first()
    reading.review += below
    words, links = take_links(typed)
    title = composed(undressed(seen(words)))
    for link in links:
        reading.doubts.add(link, NO_LINK_HERE, 0.05)
    if title is None or is_blank(title):
        return
    if reading.track:
        reading.doubts.add(section.typed, SAID_TWICE, 0.1)
    elif len(title) > LONGEST:
        reading.doubts.add(title, TITLE_TOO_LONG, 0.1)
    else:
        reading.track = title


_READ_UNDER = {"rating": _read_rating, "overall": _read_overall, "track": _read_track, "review": _read_review}


def _look_for_rating(reading: _Reading) -> None:
    """Without a heading: a line of its own at either end, the first words, or `4.5/5` in a sentence."""
    lines = reading.review
    filled = [at for at, line in enumerate(lines) if line.strip()]
    for at in filled[:1] + filled[-1:]:
        if figure := whole(lines[at]):
            reading.judge(figure, 0.1 if figure.bare else 0.05)
            lines[at] = ""
            return
    figure = at_start(first := lines[filled[0]]) if filled else None
    clear = figure and not figure.bare and isinstance(figure.rating, float)
    if figure and (clear or _GOES_ON.match(first[figure.end :])):
        reading.judge(figure, 0.15)
        lines[filled[0]] = first[figure.end :].lstrip(_LOOSE_ENDS)
    else:
        _look_in_sentences(reading)


def _miss_rating(reading: _Reading) -> None:
    """Says that there is none: under its heading, or where a message is one word with a digit in it, like 4-5."""
    said = "\n".join(reading.review).strip()
    if _MEANT.fullmatch(said):
        reading.review, reading.asked = [], said
    if reading.asked is None:
        reading.doubts.less(0.8 if reading.track else 0.9)
    else:
        reading.doubts.add(reading.asked, NO_FIGURE, 0.9)


def _look_in_sentences(reading: _Reading) -> None:
    figures = {figure.rating: figure for figure in inside("\n".join(reading.review))}
    fitting = [figure for figure in figures.values() if isinstance(figure.rating, float)]
    if len(fitting) > 1:
        reading.refused = True
        reading.doubts.add(", ".join(figure.typed for figure in fitting), SEVERAL, 0.8)
    elif figures:
        reading.judge((fitting or [*figures.values()])[0], 0.3)
