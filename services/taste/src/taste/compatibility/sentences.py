"""How evidence is told. No I/O here."""

from collections.abc import Sequence

NOT_ENOUGH = "Not enough to say."


def listed(names: Sequence[str]) -> str:
    """`one`, `one and two`, `one, two and three`."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def both_gave(title: str, rating: float) -> str:
    return f"Both gave *{title}* the same {rating:.1f}."
