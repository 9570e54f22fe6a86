"""What an import does, or would do, as tables and as the file to review."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import get_args

from rich.table import Table

from club.history.rules import ORDER
from club.threads.plan import Plan
from club.threads.readings import Reading
from club.threads.review import Line
from contracts.history import Fate
from standalone.history.sending import Sent

HEADINGS: dict[Fate, tuple[str, str]] = {
    "made": ("new", "written"),
    "changed": ("would change", "changed"),
    "same": ("already so", "already so"),
    "conflict": ("conflict", "conflict"),
    "refused": ("refused", "refused"),
}
LEFT_OUT = {
    "bot": "of bots",
    "system": "Discord's own",
    "deleted_user": "of accounts that are gone",
    "empty": "without text",
    "too_long": "longer than Discord allows",
    "malformed": "malformed",
    "twice": "read in another file already",
    "elsewhere": "in threads that are not read",
    "chatter": "talk",
    "withdrawal": "taking something back",
    "corrected": "corrected or said again",
    "dropped": "dropped by decision",
}


def difference(sent: Iterable[Sent], doubtful: Iterable[Reading], *, applied: bool) -> Table:
    counts = Counter((each.reading.kind, each.fate) for each in sent)
    unsure = Counter(reading.kind for reading in doubtful)
    fates: tuple[Fate, ...] = get_args(Fate)
    table = Table("", *(HEADINGS[fate][applied] for fate in fates), "doubtful")
    for column in table.columns[1:]:
        column.justify = "right"
    for kind in ORDER:
        table.add_row(f"{kind}s", *(str(counts[kind, fate]) for fate in fates), str(unsure[kind]))
    return table


def left_out(plan: Plan) -> str:
    """One line on the messages that are no part of it."""
    told = [f"{number} {LEFT_OUT[why]}" for why, number in plan.left_out.most_common() if number]
    return f"Messages left out: {', '.join(told)}." if told else "No message was left out."


def reasons(sent: Iterable[Sent]) -> Iterator[str]:
    """Why items were refused or left as they are, the most frequent first."""
    why = Counter((each.fate, each.reason) for each in sent if each.fate in {"conflict", "refused"})
    for (fate, reason), number in why.most_common():
        yield f"{number} {fate}: {reason}"


def to_review(sent: Sequence[Sent], doubtful: Sequence[Reading]) -> Iterator[Line]:
    """Everything that was not, or would not be, written as it was read."""
    for reading in doubtful:
        yield _line(reading, reading.why)
    for each in sent:
        if each.fate in {"conflict", "refused"}:
            yield _line(each.reading, (*each.reading.why, each.reason or each.fate))


def _line(reading: Reading, why: Iterable[str]) -> Line:
    told = [*why] or ["It is less than half certain."]
    return Line(key=reading.key, why=told, confidence=reading.confidence, typed=reading.typed, item=reading.item())
