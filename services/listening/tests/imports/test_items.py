"""Rows out of JSON that is long, broken or hostile."""

import io
import json
import re
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listening.imports import items as reading
from listening.imports.items import BROKEN, LONGEST, items, lines

LIST = re.compile(r"\[")
ROWS = [{"ts": f"row {number}", "names": [{"a": "]}{,"}, {"b": '"'}]} for number in range(50)]


def read(text):
    content = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    return list(items(io.BytesIO(content), LIST, "ts"))


@pytest.mark.parametrize("indent", [None, 4])
@pytest.mark.parametrize("size", [1, 7, 64, 100_000])
def test_rows_are_read_whatever_comes_at_once(monkeypatch, indent, size):
    monkeypatch.setattr(reading, "CHUNK", size)
    assert read(json.dumps(ROWS, indent=indent)) == ROWS


@pytest.mark.parametrize(
    "broken",
    [
        '{"ts": undefined, "a": [{"b": 1}]}',
        '{"ts": "x",, "a": 1}',
        '{"ts": "x", "a": "a quotation mark " too much"}',
        '{"ts": "never closed',
        '{"ts": ' + "9" * 5000 + "}",
        '{"ts": ' + "[" * 100_000 + "]" * 100_000 + "}",
        "nonsense",
    ],
    ids=["a word", "a comma", "a quotation mark", "no end", "digits", "nested", "bare"],
)
def test_a_broken_row_costs_only_itself(broken):
    told = ", ".join([*map(json.dumps, ROWS[:20]), broken, *map(json.dumps, ROWS[20:])])
    assert [row for row in read(f"[{told}]") if row is not BROKEN] == ROWS
    assert BROKEN in read(f"[{told}]")


@pytest.mark.parametrize("other", [1, "text", None, True, [1, [2]], 12.5])
def test_what_is_no_object_is_a_row_like_any(other):
    assert read(json.dumps([other, ROWS[0], other])) == [other, ROWS[0], other]


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_a_file_that_is_broken_off_anywhere_loses_its_end_only(data):
    whole = json.dumps(ROWS)
    end = data.draw(st.integers(1, len(whole) - 1))
    rows = read(whole[:end])
    assert rows[-1] is BROKEN
    assert [row for row in rows if row is not BROKEN] == ROWS[: len([row for row in rows if row is not BROKEN])]


@given(st.binary(max_size=300))
@settings(max_examples=300, deadline=None)
def test_nothing_of_any_bytes_is_an_error(content):
    read(b"[" + content)
    list(lines(io.BytesIO(content)))


def test_what_is_no_utf_8_costs_its_row_only():
    told = json.dumps(ROWS[:3]).encode().replace(b"row 1", b"row \xff")
    assert [row["ts"] for row in read(told)] == ["row 0", "row \udcff", "row 2"]


def test_a_line_that_does_not_end_is_left_out(monkeypatch):
    told = b"one\r\n\n" + b"x" * (LONGEST + 10) + b"\ntwo\n" + b"y" * (LONGEST + 1)
    assert list(lines(io.BytesIO(told))) == ["one", None, "two", None]


def test_two_hundred_thousand_rows_are_never_held_at_once():
    class Endless(io.RawIOBase):
        left = 200_000

        def read(self, _=-1, /):
            some = min(self.left, 500)
            if self.left == 200_000:
                self.left -= some
                return b"[" + b",".join([row] * some)
            self.left -= some
            return b"," + b",".join([row] * some) if some else b""

    row = json.dumps({"ts": "2021-11-18T20:14:03Z", "name": "x" * 200}).encode()
    tracemalloc.start()
    number = sum(1 for _ in items(Endless(), LIST, "ts"))
    held = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # A list that does not end has one more: that its end is missing.
    assert number == 200_001
    assert held < 4 * 1024 * 1024
