"""Who took part how often, whose turn it would be, and how names are counted. No I/O here."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import groupby
from typing import Literal, NamedTuple

from club.parsing.tags import decade
from club.phases.rules import accepts
from club.ratings.statistics import rounded
from contracts.ids import UserId
from contracts.phases import Phase


def share(part: int, whole: int) -> float | None:
    return rounded(Fraction(part, whole)) if whole else None


def still_rated(phase: Phase, *, newest: bool) -> bool:
    """Whether who has not rated the week is still in time; an open week only until the next has a winner."""
    return accepts(phase, "rate") and (newest or phase != "open")


class Attended(NamedTuple):
    """Weeks taken part in, of how many; and how many in a row, up to now and at best."""

    done: int
    of: int
    current: int
    longest: int


def attended(weeks: Iterable[tuple[int, bool]], done: Collection[int], since: int) -> Attended:
    """Of `weeks`, by rising number, those from number `since` on.

    The flag tells of a week that one can still take part in: who has not yet has not missed it.
    """
    row = [number in done for number, running in weeks if number >= since and (number in done or not running)]
    runs = [len(list(run)) for was_there, run in groupby(row) if was_there]
    return Attended(sum(row), len(row), runs[-1] if row and row[-1] else 0, max(runs, default=0))


class Drought(NamedTuple):
    weeks: int
    since: Literal["win", "first_nomination"]


def drought(decided: Iterable[int], wins: Collection[int], first: int) -> Drought:
    """How many of the `decided` weeks, all by number, came after the last win.

    Without a win, how many came since the `first` nomination, its own week included.
    """
    if wins:
        return Drought(sum(number > max(wins) for number in decided), "win")
    return Drought(sum(number >= first for number in decided), "first_nomination")


class Share(NamedTuple):
    """A member's line of the ledger, exactly."""

    weeks: int
    expected: Fraction
    won: Fraction

    @property
    def owed(self) -> Fraction:
        return self.expected - self.won


def ledger(fields: Iterable[tuple[UserId, int, int]], wins: Mapping[UserId, Collection[int]]) -> dict[UserId, Share]:
    """What chance alone would have given each nominator, against what they won: what all are owed adds up to nothing.

    `fields` say in how many weeks that were won (last) a member was among how many nominators (second). A win that
    several had a part in is parted among them, as the week's chances are.
    """
    weeks: Counter[UserId] = Counter()
    expected: defaultdict[UserId, Fraction] = defaultdict(Fraction)
    for user_id, nominators, times in fields:
        weeks[user_id] += times
        expected[user_id] += Fraction(times, nominators)
    together = Counter(number for numbers in wins.values() for number in numbers)
    return {
        user_id: Share(
            weeks[user_id],
            expected[user_id],
            sum((Fraction(1, together[number]) for number in wins.get(user_id, ())), Fraction()),
        )
        for user_id in expected
    }


def decade_of(tag: str | None, year: int | None) -> str | None:
    """The decade that was named, in one spelling where it can be read; else that of the album."""
    if tag is not None:
        return decade(tag) or tag
    return None if year is None else f"{year // 10}0s"


def counted(names: Iterable[str | None]) -> list[tuple[str, int]]:
    """How often each name is there, whatever its case: most often first, then by name, in its most usual spelling."""
    spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for name in names:
        if name is not None:
            spellings[name.casefold()][name] += 1
    totals = {folded: sum(those.values()) for folded, those in spellings.items()}
    order: Sequence[str] = sorted(totals, key=lambda folded: (-totals[folded], folded))
    return [(min(spellings[each], key=lambda name: (-spellings[each][name], name)), totals[each]) for each in order]
