"""A filled-in nomination form: what stands under each heading, and the links beside it. No I/O here."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from club.parsing.doubts import Doubts
from club.parsing.form import Section
from club.parsing.links import fits, is_album, is_track, take_links
from club.parsing.marks import is_blank, seen, undressed

NO_HEADING = "This stands under no heading of the form."
SAID_TWICE = "This heading was there before. The first one counts."
ONE_LINK = "One link to the album and one to the pitch track are kept. This is another, or too long."


@dataclass
class Sheet:
    """A pitch may be long, all else is one line. Links wait until it is known what there are links for."""

    lines: dict[str, str] = field(default_factory=dict)
    pitches: list[str] = field(default_factory=list)
    of_album: list[str] = field(default_factory=list)
    of_track: list[str] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)

    @classmethod
    def filled(cls, headed: Iterable[Section], doubts: Doubts) -> "Sheet":
        sheet = cls()
        for section in headed:
            if section.heading == "pitch":
                sheet.pitches.append(section.text)
                continue
            line, below = section.first()
            sheet.keep(section, line, doubts)
            if left := sheet.without_loose_links(below):
                doubts.add(left, NO_HEADING, 0.1)
        return sheet

    def keep(self, section: Section, line: str, doubts: Doubts) -> None:
        if is_blank(self.lines.get(section.heading or "", "")):
            self.lines[section.heading or ""] = line
        elif not is_blank(line):
            doubts.add(section.typed, SAID_TWICE, 0.05)

    def says(self, heading: str) -> str:
        """What stands there, if anything was filled in."""
        line = self.lines.get(heading, "")
        return "" if is_blank(line) else line

    def without_loose_links(self, lines: Iterable[str]) -> str:
        """The lines, but for those that are only links, which are put aside."""
        kept = []
        for line in lines:
            words, links = take_links(line)
            if links and not undressed(seen(words)):
                self.loose += links
            else:
                kept.append(line)
        return "\n".join(kept).strip()

    def sort_links(self, doubts: Doubts) -> tuple[str | None, str | None]:
        """The links to the album and to the pitch track. Links in a pitch stay there, and may be the album's too."""
        to_album = [*self.of_album, *(link for link in self.loose if not is_track(link))]
        to_track = [*self.of_track, *(link for link in self.loose if is_track(link))]
        in_pitch = [link for pitch in self.pitches for link in take_links(pitch)[1] if is_album(link)]
        album = _best(to_album) or next(filter(fits, in_pitch), None)
        track = next(filter(fits, to_track), None)
        for link in dict.fromkeys([*to_album, *to_track]):
            if link not in {album, track}:
                doubts.add(link, ONE_LINK, 0.02)
        return album, track


def _best(links: list[str]) -> str | None:
    fitting = [*filter(fits, links)]
    return next(filter(is_album, fitting), next(iter(fitting), None))
