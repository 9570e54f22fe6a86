"""The rows of a file one after the other, however many there are: what is read of it at once is bounded."""

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any, Final, Protocol

CHUNK, LONGEST = 128 * 1024, 4 * 1024 * 1024
# Whatever is wrong so far before the end of what has been read, more of the file would not mend.
MARGIN = 64 * 1024
BROKEN: Final = object()

_BETWEEN = re.compile(r"[\s,]*")
_STRUCTURE = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],]', re.DOTALL)
_OBJECT = re.compile(r"\{\s*\"")
_READ = json.JSONDecoder().raw_decode


class Bytes(Protocol):
    """A file, or what is unpacked of one."""

    def read(self, size: int, /) -> bytes: ...

    def readline(self, size: int, /) -> bytes: ...


def lines(file: Bytes) -> Iterator[str | None]:
    """Without their ends, and without those that are empty; None stands for one that is longer than any can be."""
    coding = "utf-8-sig"
    while line := file.readline(LONGEST):
        whole = line.endswith(b"\n") or len(line) < LONGEST
        while not whole and (rest := file.readline(LONGEST)):
            whole = rest.endswith(b"\n")
            line = b""
        text = line.decode(coding, "surrogateescape").strip("\r\n")
        coding = "utf-8"
        if not line:
            yield None
        elif text.strip():
            yield text


def items(file: Bytes, opening: re.Pattern[str], mark: str) -> Iterator[Any]:
    """The items of the JSON list that `opening` opens; BROKEN stands for one that is no JSON, or for a missing end.

    `mark` is a key that every item has: by it the next one is found where one is so broken that it has no end.
    """
    text = _Text(file)
    if not text.begin(opening):
        yield BROKEN
        return
    while text.more():
        if text.closed:
            return
        yield text.item(mark)
    yield BROKEN


class _Text:
    """What of the file has been read and not been used yet."""

    def __init__(self, file: Bytes) -> None:
        self._file, self._at, self._held, self._ended = file, 0, "", False
        # What is no UTF-8 is no name, either; but it costs its own row only.
        self._decode = codecs.getincrementaldecoder("utf-8-sig")("surrogateescape").decode

    def begin(self, opening: re.Pattern[str]) -> bool:
        self._refill()
        found = opening.search(self._held)
        self._at = found.end() if found else len(self._held)
        return found is not None

    def more(self) -> bool:
        """Go to where the next item begins; False when the file has ended before the list did."""
        while True:
            self._at = self._match_end()
            if self._at < len(self._held):
                return True
            if self._ended:
                return False
            self._refill()

    @property
    def closed(self) -> bool:
        return self._held[self._at] == "]"

    def item(self, mark: str) -> Any:
        while True:
            try:
                told, end = _READ(self._held, self._at)
            except (ValueError, RecursionError) as error:
                wrong_at = getattr(error, "pos", self._at)
                certain = self._ended or len(self._held) - wrong_at > MARGIN
                if certain and self._go_past(mark):
                    return BROKEN
                self._refill()
                continue
            if end == len(self._held) and not self._ended:
                # A number may go on.
                self._refill()
                continue
            self._at = end
            return told

    def _go_past(self, mark: str) -> bool:
        """Whether the broken item's end was found, or there is none."""
        next_ = self._next(self._at + 1, mark)
        end = self._end(before=len(self._held) if next_ is None else next_)
        found = next_ if end is None else end
        if found is None and not self._ended and len(self._held) - self._at < LONGEST:
            return False
        # Whatever it is, it is left behind.
        self._at = len(self._held) if found is None else max(found, self._at + 1)
        return True

    def _end(self, before: int) -> int | None:
        """Where the item ends, if nothing is wrong with its quotes and brackets."""
        depth = 0
        for found in _STRUCTURE.finditer(self._held, self._at, before):
            sign = found[0][0]
            if sign in "{[":
                depth += 1
            elif sign in "}]":
                depth -= 1
                if depth <= 0:
                    return found.end() if depth == 0 else found.start()
            elif sign == "," and depth == 0:
                return found.start()
        return None

    def _next(self, after: int, mark: str) -> int | None:
        """Where the next item begins that is one."""
        for found in _OBJECT.finditer(self._held, after):
            try:
                told, _ = _READ(self._held, found.start())
            except (ValueError, RecursionError):
                continue
            if mark in told:
                return found.start()
        return None

    def _match_end(self) -> int:
        found = _BETWEEN.match(self._held, self._at)
        return found.end() if found else self._at

    def _refill(self) -> None:
        chunk = self._file.read(CHUNK)
        self._ended = not chunk
        self._held = self._held[self._at :] + self._decode(chunk, self._ended)
        self._at = 0
