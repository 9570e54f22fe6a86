"""Answers kept for a while: bounded, and those who ask at the same moment share one question."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Memory(Generic[K, V]):
    """Forgets at its time; when full, the half that would be forgotten first goes."""

    def __init__(self, size: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._size, self._clock = size, clock
        self._kept: dict[K, tuple[float, V]] = {}

    def get(self, key: K) -> V | None:
        known = self._kept.get(key)
        return known[1] if known and self._clock() < known[0] else None

    def keep(self, key: K, value: V, seconds: float) -> None:
        if len(self._kept) >= self._size:
            by_expiry = sorted(self._kept, key=lambda each: self._kept[each][0])
            for stale in by_expiry[: len(by_expiry) // 2 + 1]:
                del self._kept[stale]
        self._kept[key] = (self._clock() + seconds, value)

    def drop(self, which: Callable[[V], bool]) -> None:
        for key in [key for key, (_, value) in self._kept.items() if which(value)]:
            del self._kept[key]

    def __len__(self) -> int:
        return len(self._kept)


class Shared(Generic[K, V]):
    """Asks at most once at a time for a key, and remembers the answer for as long as `lasts` says."""

    def __init__(self, memory: Memory[K, V], lasts: Callable[[V], float]) -> None:
        self._memory, self._lasts = memory, lasts
        self._asking: dict[K, asyncio.Task[V]] = {}

    async def get(self, key: K, ask: Callable[[], Awaitable[V]]) -> V:
        """The known answer, or that of `ask`, whose failure everyone waiting gets and nobody keeps."""
        if (known := self._memory.get(key)) is not None:
            return known
        if (asking := self._asking.get(key)) is None:
            asking = self._asking[key] = asyncio.create_task(self._learn(key, ask))
            asking.add_done_callback(_heard)
        # One of those waiting may leave; the others still want the answer.
        return await asyncio.shield(asking)

    def forget(self, which: Callable[[V], bool] = lambda _: True) -> None:
        """Those answers, and whatever was asked before now, are not believed any more."""
        self._memory.drop(which)
        self._asking = {}

    async def _learn(self, key: K, ask: Callable[[], Awaitable[V]]) -> V:
        mine = asyncio.current_task()
        try:
            answer = await ask()
            if self._asking.get(key) is mine:
                self._memory.keep(key, answer, self._lasts(answer))
            return answer
        finally:
            if self._asking.get(key) is mine:
                del self._asking[key]


def _heard(task: asyncio.Task[V]) -> None:
    # When everyone waiting has left, its failure is nobody's news.
    if not task.cancelled():
        task.exception()
