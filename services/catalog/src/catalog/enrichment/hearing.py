"""Hearing sources out: one that is away, or answers nonsense, keeps none of the others from telling."""

from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import TypeVar

from catalog.sources.rules import SourceBroken, SourceClosed

T = TypeVar("T")


class SaidOtherwise(Exception):
    """Meanwhile somebody said that the piece is something else: the sources have to be asked anew."""


class TwoThatAreOne(Exception):
    """What was found is another piece's here: the two are one, and somebody may merge them."""


@dataclass
class Heard:
    """`closed` and `broken` say who was not heard, and why."""

    closed: list[SourceClosed] = field(default_factory=list, kw_only=True)
    broken: list[SourceBroken] = field(default_factory=list, kw_only=True)

    async def hear(self, answer: Awaitable[T]) -> T | None:
        """None, too, for what could not be asked."""
        try:
            return await answer
        except SourceClosed as closed:
            self.closed.append(closed)
        except SourceBroken as broken:
            self.broken.append(broken)
        return None
