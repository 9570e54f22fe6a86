"""Which line of a message stands under which heading. No I/O here."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from club.parsing.marks import UNSEEN, western

# A heading is short; what is longer is a sentence.
LONGEST = 80
_LEAD = re.compile("[\\s>#•·*_~`|\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff–—-]*")
_EMPHASIS = "*_~`|"
_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_NO_WORD = re.compile(r"[^\w']+|_+")


@dataclass
class Section:
    """A heading and the lines below it; what was typed behind the heading is the first. Unnamed: before any heading."""

    heading: str | None
    typed: str = ""
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.lines).strip()

    def first(self) -> tuple[str, list[str]]:
        """What stands behind the heading, or else right below it; and the lines below that."""
        at = 0 if self.lines[0].strip() else 1
        return "".join(self.lines[at : at + 1]).strip(), self.lines[at + 1 :]


@dataclass(frozen=True)
class Form:
    """`headings` and how their words are typed; `cuts` find where a heading ends, the surest first."""

    headings: Mapping[str, re.Pattern[str]]
    cuts: Sequence[re.Pattern[str]]

    def sections(self, text: str) -> Iterator[Section]:
        """In the order of the text, first what stands before any heading."""
        section = Section(None)
        for line in text.split("\n"):
            if found := self._heading(line):
                yield section
                section = Section(found[0], line.strip(), [found[1]])
            else:
                section.lines.append(line)
        yield section

    def _heading(self, line: str) -> tuple[str, str] | None:
        lead = _LEAD.match(line)
        start = lead.end() if lead else 0
        head = western(line[start : start + LONGEST])
        for cut in self.cuts:
            if (end := cut.search(head)) and (heading := self._named(head[: end.start()])):
                return heading, _closed(line[:start], head[: end.start()], line[start + end.end() :])
        if len(line) - start < LONGEST and (heading := self._named(head)):
            return heading, ""
        return None

    def _named(self, head: str) -> str | None:
        said = words(head)
        return next((heading for heading, typed in self.headings.items() if typed.fullmatch(said)), None)


def headings(**typed_as: str) -> dict[str, re.Pattern[str]]:
    """By heading, the pattern of its words."""
    return {heading: re.compile(pattern) for heading, pattern in typed_as.items()}


def words(head: str) -> str:
    """The words of a heading, without what is in brackets; of a heading that is all in brackets, nothing."""
    return _NO_WORD.sub(" ", _ASIDE.sub(" ", head.translate(UNSEEN).replace("’", "'"))).strip().casefold()


def _closed(lead: str, head: str, rest: str) -> str:
    """What stands behind a heading, without the end of an emphasis that began before it."""
    emphasis = lead[len(lead.rstrip(_EMPHASIS)) :]
    rest = rest.strip()
    if not emphasis or emphasis in head:
        return rest
    return rest.removeprefix(emphasis).strip() if rest.startswith(emphasis) else rest.removesuffix(emphasis).strip()
