"""What was not understood, and how much that takes from the confidence. No I/O here."""

from math import prod

from contracts.parsing import Doubt

LONGEST = 4000


class Doubts:
    """Gathered while a message is read."""

    def __init__(self) -> None:
        self.items: list[Doubt] = []
        self.left = [1.0]

    def add(self, text: str, why: str, cost: float) -> None:
        """`text` was not understood, or only with a guess; `cost` is the share of the confidence that goes with it."""
        self.less(cost)
        # Parts put together anew can be longer than they were.
        if text := text[:LONGEST].strip():
            self.items.append(Doubt(text=text, why=why))

    def less(self, cost: float) -> None:
        """Not wrong, only less certain than the form itself."""
        self.left.append(1 - cost)

    def take(self, others: "Doubts") -> None:
        self.items += others.items
        self.left += others.left

    @property
    def confidence(self) -> float:
        return round(prod(self.left), 2)
