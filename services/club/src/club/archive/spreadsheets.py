"""A club as spreadsheets: one zip, a CSV file (RFC 4180) a noun, streamed as it is written."""

import csv
import io
from collections.abc import AsyncGenerator, Iterable
from datetime import UTC, datetime
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from chassis.db import Transactions
from chassis.streaming import one_moment
from club.archive.rules import cell
from club.archive.sheets import sheets
from contracts.ids import ClubId

AT_ONCE = 500
# By this alone some spreadsheets know that a file is UTF-8.
BYTE_ORDER_MARK = "\ufeff"


class _Written:
    """What a zip has written so far, until it is taken; it cannot go back, so the zip does not try."""

    def __init__(self) -> None:
        self._chunks: list[bytes] = []

    def write(self, chunk: bytes) -> int:
        self._chunks.append(bytes(chunk))
        return len(chunk)

    def flush(self) -> None: ...

    def close(self) -> None: ...

    def take(self) -> bytes:
        taken, self._chunks = b"".join(self._chunks), []
        return taken


async def spreadsheets(db: Transactions, club_id: ClubId) -> AsyncGenerator[bytes, None]:
    """The zip, in chunks of some hundred lines."""
    written = _Written()
    async with one_moment(db) as tx:
        with ZipFile(written, "w") as zipped:
            for name, rows in (await sheets(tx, club_id)).items():
                with zipped.open(_entry(name), "w", force_zip64=True) as file:
                    found = await tx.stream(rows.execution_options(yield_per=AT_ONCE))
                    file.write((BYTE_ORDER_MARK + _lines([found.keys()])).encode())
                    async for batch in found.partitions():
                        file.write(_lines(batch).encode())
                        yield written.take()
        yield written.take()


def _entry(name: str) -> ZipInfo:
    # Without a time of its own the same club gives the same bytes.
    entry = ZipInfo(f"{name}.csv")
    entry.compress_type = ZIP_DEFLATED
    return entry


def _lines(rows: Iterable[Iterable[object]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows([_shown(each) for each in row] for row in rows)
    return text.getvalue()


def _shown(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    return cell(value)
