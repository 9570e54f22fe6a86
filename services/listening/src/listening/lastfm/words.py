"""Answers in the protocol's two forms, of which the JSON says how the XML is made. No I/O here."""

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

Answer = Mapping[str, Any]

TEXT, ATTRIBUTES = "#text", "@attr"
# What no XML document may hold, however it is spelled.
_FORBIDDEN = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def in_json(answer: Answer) -> bytes:
    return orjson.dumps(answer)


def in_xml(answer: Answer, status: str = "ok") -> bytes:
    """`@attr` are attributes, and so is whatever stands beside a `#text`; all else are elements."""
    elements = "".join(piece for name, value in answer.items() for piece in _elements(name, value))
    return f'<?xml version="1.0" encoding="utf-8"?>\n<lfm status="{status}">{elements}</lfm>'.encode()


def failure_in_json(number: int, message: str) -> bytes:
    return in_json({"error": number, "message": message})


def failure_in_xml(number: int, message: str) -> bytes:
    return in_xml({"error": {"code": number, TEXT: message}}, "failed")


def _elements(name: str, value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _elements(name, each)
    elif not isinstance(value, Mapping):
        yield f"<{name}>{_escaped(value)}</{name}>"
    elif TEXT in value:
        beside = {key: each for key, each in value.items() if key != TEXT}
        yield f"<{name}{_attributes(beside)}>{_escaped(value[TEXT])}</{name}>"
    else:
        inside = (piece for key, each in value.items() if key != ATTRIBUTES for piece in _elements(key, each))
        yield f"<{name}{_attributes(value.get(ATTRIBUTES, {}))}>{''.join(inside)}</{name}>"


def _attributes(named: Mapping[str, Any]) -> str:
    return "".join(f' {name}="{_escaped(value)}"' for name, value in named.items())


def _escaped(value: Any) -> str:
    return html.escape(_FORBIDDEN.sub("", str(value)))
