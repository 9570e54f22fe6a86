"""The listens of a file in order of time, of which only some are held at once: the others lie sorted on the disk."""

import heapq
import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from types import TracebackType
from typing import IO, Self

from listening.imports.rows import Read, Rejected, Row
from listening.names.store import Said
from listening.plays.keys import EPOCH, MICROSECOND

RUN = 20_000


class InOrder:
    """Always the same order for the same rows, so that one may go on where another stopped.

    To be entered, and then sorted before it is read.
    """

    def __init__(self, rows: Iterable[Read]) -> None:
        self._rows, self._files = rows, ExitStack()
        self._runs: list[IO[str]] = []
        self._last: list[Row] = []
        self.total, self.rejected = 0, Counter[str]()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._files.close()

    def __iter__(self) -> Iterator[Row]:
        sorted_runs: list[Iterable[Row]] = [map(_read, run) for run in self._runs]
        return heapq.merge(*sorted_runs, self._last, key=_at)

    def sort(self) -> None:
        for read in self._rows:
            if isinstance(read, Rejected):
                self.rejected[read.why] += 1
                continue
            self._last.append(read)
            self.total += 1
            if len(self._last) >= RUN:
                self._lay_down()
        self._last.sort(key=_at)

    def _lay_down(self) -> None:
        run = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 — it is closed with the others
        self._files.enter_context(run)
        run.writelines(_written(each) for each in sorted(self._last, key=_at))
        run.seek(0)
        self._runs.append(run)
        self._last = []


def _at(row: Row) -> timedelta:
    return row.at - EPOCH


def _written(row: Row) -> str:
    said = row.said
    names = [said.artist, said.title, said.album, said.duration_ms]
    return json.dumps([(row.at - EPOCH) // MICROSECOND, names, row.source, row.listened_ms, row.raw]) + "\n"


def _read(line: str) -> Row:
    at, names, source, listened_ms, raw = json.loads(line)
    return Row(EPOCH + at * MICROSECOND, Said(*names), source, listened_ms, raw)
