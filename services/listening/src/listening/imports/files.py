"""Reading a file, or the archive that it came in, row by row."""

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from listening.imports.formats import HEAD, Format, format_of
from listening.imports.rows import UNREADABLE, Read
from listening.imports.rules import (
    ALWAYS,
    DENSEST,
    LARGEST_UNPACKED,
    MEMBERS,
    DamagedArchive,
    TooMuchInside,
    UnknownFormat,
)

ARCHIVE = b"PK\x03\x04"
# What was watched is told in the same form.
NOT_HEARD = "video"
# Also what is encrypted, or packed in a way that nobody knows.
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError)


def kinds_in(path: Path) -> list[str]:
    """What it holds. Raises UnknownFormat for nothing that can be read, DamagedArchive, TooMuchInside."""
    if not _is_archive(path):
        return [_format(_head(path)).kind]
    with _opened(path) as archive:
        found = {found.kind for _, found in _members(archive)}
    if not found:
        raise UnknownFormat
    return sorted(found)


def rows_of(path: Path) -> Iterator[Read]:
    """All of its rows, in its own order. Raises what `kinds_in` does."""
    if not _is_archive(path):
        found = _format(_head(path))
        with path.open("rb") as file:
            yield from found.read(file)
        return
    with _opened(path) as archive:
        allowance = _Allowance(path.stat().st_size)
        for member, found in _members(archive):
            yield from _rows_of(archive, member, found, allowance)


def _rows_of(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, found: Format, allowance: "_Allowance"
) -> Iterator[Read]:
    try:
        with archive.open(member) as file:
            yield from found.read(_Counted(file, allowance))
    except DAMAGE:
        # The rest of this one is lost; the others are not.
        yield UNREADABLE


def _members(archive: zipfile.ZipFile) -> Iterator[tuple[zipfile.ZipInfo, Format]]:
    """Those that hold listens, by name: in years before and after each other."""
    for member in sorted(archive.infolist(), key=lambda each: each.filename):
        if member.is_dir() or NOT_HEARD in member.filename.lower():
            continue
        try:
            with archive.open(member) as file:
                found = format_of(file.read(HEAD))
        except DAMAGE:
            continue
        if found is not None:
            yield member, found


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(path)
    except DAMAGE as error:
        raise DamagedArchive from error
    if len(archive.infolist()) > MEMBERS:
        archive.close()
        raise TooMuchInside
    return archive


def _is_archive(path: Path) -> bool:
    return _head(path).startswith(ARCHIVE)


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD)


def _format(head: bytes) -> Format:
    if (found := format_of(head)) is None:
        raise UnknownFormat
    return found


class _Allowance:
    """How much may still be unpacked, whatever the archive says of itself."""

    def __init__(self, packed: int) -> None:
        self._left = min(LARGEST_UNPACKED, max(ALWAYS, packed * DENSEST))

    def spend(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise TooMuchInside


class _Counted:
    def __init__(self, file: IO[bytes], allowance: _Allowance) -> None:
        self._file, self._allowance = file, allowance

    def read(self, size: int) -> bytes:
        return self._spent(self._file.read(size))

    def readline(self, limit: int) -> bytes:
        return self._spent(self._file.readline(limit))

    def _spent(self, read: bytes) -> bytes:
        self._allowance.spend(len(read))
        return read
