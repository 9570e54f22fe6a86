"""What nobody means well who sends it: each by the name a test tells it by."""

import base64
import gzip
import json
import re
from collections.abc import Callable

from tests.security.surface import Json, kinds, variants

DEEP = 10_000
MEBIBYTE = 1024 * 1024

# A value of each JSON type, for the fields that take another.
SAMPLES = {"string": '"x"', "integer": "7", "number": "7.5", "boolean": "true", "array": "[]", "object": "{}"}
COVERS = {"integer": {"integer", "number"}}


def spell(text: str) -> str:
    return json.dumps(text)


def _wrong(kind: str) -> Callable[[Json], str | None]:
    return lambda schema: None if COVERS.get(kind, {kind}) & kinds(schema) else SAMPLES[kind]


def _text(spelled: str) -> Callable[[Json], str | None]:
    return lambda schema: spelled if "string" in kinds(schema) else None


def _blanks(schema: Json) -> str | None:
    # A message may hold nothing but a picture.
    may_be_empty = any(each.get("default") == "" for each in (schema, *variants(schema)))
    return None if may_be_empty else _text(r'" \t\u2003"')(schema)


def _null(schema: Json) -> str | None:
    return None if "null" in kinds(schema) else "null"


def _one_too_long(schema: Json) -> str | None:
    bounds = [each["maxLength"] for each in variants(schema) if "maxLength" in each]
    return json.dumps("ä" * (max(bounds) + 1)) if bounds else None


def _nonsense(schema: Json) -> str | None:
    # A name of small letters, which any word is, is a form that it has.
    formed = any("pattern" in each and not re.search(each["pattern"], "nonsense") for each in variants(schema))
    bound = any({"format", "enum", "const"} & set(each) for each in variants(schema))
    return '"nonsense"' if formed or bound else None


def _number_in_quotes(schema: Json) -> str | None:
    formed = any("format" in each or each.get("type") == "integer" for each in variants(schema))
    return '"86400"' if formed else None


# By name: how a field is spelled so that it must be refused, or None where this is no offence.
FIELDS: dict[str, Callable[[Json], str | None]] = {
    "a NUL": _text(r'"a\u0000b"'),
    "the first half of a surrogate pair": _text(r'"a\ud800"'),
    "the second half of a surrogate pair": _text(r'"\udc00a"'),
    "nothing but blanks": _blanks,
    "one character more than its bound": _one_too_long,
    "100 KB of text": _text(json.dumps("x" * 100_000)),
    "words where a form is asked for": _nonsense,
    "a number in quotes": _number_in_quotes,
    "null where it means nothing": _null,
    **{f"the wrong type: {kind}": _wrong(kind) for kind in SAMPLES},
    "NaN": lambda _: "NaN",
    "infinity": lambda _: "-Infinity",
    "a number beyond floats": lambda _: "1e400",
    "a number beyond every column": lambda _: str(10**30),
    "a number as far below": lambda _: str(-(10**30)),
}

TOO_MUCH_TO_READ = {
    "a number of 5,000 digits": "9" * 5000,
    "10,000 lists in each other": "[" * DEEP + "]" * DEEP,
    "10,000 objects in each other": '{"a":' * DEEP + "1" + "}" * DEEP,
    "10,000 lists that do not end": "[" * DEEP,
}

BODIES: dict[str, bytes] = {
    "nothing": b"",
    "a blank": b" ",
    "no JSON": b"number=3",
    "half of it": b'{"a": {"b',
    "more after the end": b"{} {}",
    "invalid UTF-8": b'{"a": "\xff\xfe"}',
    "a surrogate pair in UTF-8": b'{"a": "\xed\xa0\x80"}',
    "a raw NUL": b'{"a": "\0"}',
    "null": b"null",
    "a list": b"[]",
    "a string": b'"x"',
    "NaN": b"NaN",
    "a key with a NUL": rb'{"\u0000": 1}',
    "a key with half a surrogate pair": rb'{"\ud800": 1}',
    "a key of 100 KB": json.dumps({"k" * 100_000: 1}).encode(),
    "a key that is no field": b'{"__proto__": {}, "__class__": 1}',
    **{name: spelled.encode() for name, spelled in TOO_MUCH_TO_READ.items()},
}

# By name: the headers and how an honest body is disguised.
DISGUISES: dict[str, tuple[dict[str, str], Callable[[bytes], bytes]]] = {
    "as plain text": ({"Content-Type": "text/plain"}, bytes),
    "as a form": ({"Content-Type": "application/x-www-form-urlencoded"}, lambda _: b"number=3&rank=1"),
    "as parts": (
        {"Content-Type": "multipart/form-data; boundary=x"},
        lambda body: b"--x\r\n\r\n" + body + b"\r\n--x--",
    ),
    "as nothing in particular": ({"Content-Type": ""}, bytes),
    "compressed": ({"Content-Encoding": "gzip"}, gzip.compress),
    "compressed, it says": ({"Content-Encoding": "br, gzip"}, bytes),
}

# What may stand in an address, percent-encoded already, where an id is meant.
IDS = {
    "a NUL": "%00",
    "a NUL inside": "a%00b",
    "invalid UTF-8": "%ff",
    "half a surrogate pair": "%ed%a0%80",
    "overlong UTF-8": "%c0%af",
    "two dots, encoded": "%2e%2e",
    "a way up": "..%2f..%2finternal%2fusers",
    "a backslash": "..%5c",
    "a line's end": "1%0d%0aSet-Cookie:%20a=b",
    "a number beyond every column": str(10**30),
    "a number of 5,000 digits": "9" * 5000,
    "less than nothing": "-1",
    "not even a number": "NaN",
    "no id": "nonsense",
    "8 KB": "x" * 8000,
    "SQL": "1'%20OR%20'1'='1",
    "from right to left": "%D7%A9%E2%80%AE%D7%9D",
    "a character of four bytes": "%F0%9D%84%9E",
}

TEXTS_IN_QUERY = {
    "a NUL": "%00",
    "a NUL inside": "a%00b",
    "invalid UTF-8": "%ff%fe",
    "half a surrogate pair": "%ed%a0%80",
    "10 KB": "x" * 10_000,
    "wildcards": "%25_%5C%25",
    "SQL": "'%3B%20DROP%20TABLE%20weeks%3B--",
    "full-width wildcards": "%EF%BC%85%EF%BC%BF",
    "from right to left": "%D7%A9%E2%80%AE%D7%9D",
    "nothing but an accent": "%CC%81",
    "nothing of width": "%E2%80%8B",
    "a character of four bytes": "%F0%9D%84%9E",
    "nothing": "",
    "several": "a&{name}=b&{name}[]=c",
}
NUMBERS_IN_QUERY = ("-1", "0", "4001", "1.5", "1e400", "NaN", str(10**30), "9" * 5000, "0x10", "null", "%D9%A3")

_ODD_JSON = (
    "null", "{}", "[]", "[[]]", "7", '"7"', "[1.5]", "[1e400]", "[NaN]", "[true]", "[-1]", "[1,2]", '["x"]', "[null]",
    "[9223372036854775808]", "[" + "9" * 300 + "]", r'["\u0000"]', r'["\ud800"]', "[" * 300, '[{"a":1}]',
    '["00000000-0000-0000-0000-00000000000"]', '["\u202e"]',
)  # fmt: skip
CURSORS = (
    "x", "=", "====", "a b", "%00", "%ff", "-_-_", "eyJ", "x" * 501,
    *(base64.urlsafe_b64encode(odd.encode()).decode().rstrip("=") for odd in _ODD_JSON),
    base64.urlsafe_b64encode(b"\xff\xfe").decode(),
)  # fmt: skip
